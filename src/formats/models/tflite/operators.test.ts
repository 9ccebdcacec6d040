import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadLiteRtProgram } from '../../../../cli/liteRtProgram';
import { scoresIn, startLiteRt, type LiteRtRuntime } from '../../../../workers/service/liteRt';
import { referenceScores } from '../../../network/testing/referenceExecutor';
import { sizeOf } from '../../../network/shapes';
import { unsupportedNodes } from '../../../network/validate';
import { fixtureInput } from '../../testing/fixtures';
import { largestDifference } from '../../testing/layout';
import { readNetwork } from '..';
import {
  ActivationFunctionType,
  AddOptionsT,
  BatchMatMulOptionsT,
  ConcatenationOptionsT,
  DepthwiseConv2DOptionsT,
  FullyConnectedOptionsT,
  GatherOptionsT,
  MulOptionsT,
  PackOptionsT,
  Padding,
  Pool2DOptionsT,
  ReducerOptionsT,
  ReshapeOptionsT,
  ResizeBilinearOptionsT,
  ResizeNearestNeighborOptionsT,
  SplitOptionsT,
  SplitVOptionsT,
  SqueezeOptionsT,
  StridedSliceOptionsT,
  SubOptionsT,
} from './generated/tflite';
import { FileBuilder } from './testing/building';

const { NONE, RELU, RELU6, RELU_N1_TO_1 } = ActivationFunctionType;
const image = [1, 6, 5, 4];
const values = (count: number) => Array.from({ length: count }, (_, index) => ((index * 29) % 17) / 9 - 1);

/** Operators in forms that other programs write and ours does not, each with what it answers. */
const cases: readonly (readonly [string, readonly number[], (f: FileBuilder) => number])[] = [
  ['RELU_N1_TO_1', image, (f) => f.add('RELU_N1_TO_1', [f.input], image)],
  ['RELU_0_TO_1', image, (f) => f.add('RELU_0_TO_1', [f.input], image)],
  ['RSQRT', image, (f) => f.add('RSQRT', [f.add('EXP', [f.input], image)], image)],
  [
    'SQUARED_DIFFERENCE',
    image,
    (f) => f.add('SQUARED_DIFFERENCE', [f.input, f.floats([4], 1, 2, 3, 4)], image),
  ],
  ['ADD_N', image, (f) => f.add('ADD_N', [f.input, f.add('TANH', [f.input], image), f.input], image)],
  [
    'ADD with ReLU6',
    image,
    (f) => f.add('ADD', [f.input, f.floats([1], 0.3)], image, new AddOptionsT(RELU6)),
  ],
  [
    'SUB from a constant',
    image,
    (f) => f.add('SUB', [f.floats([4], 1, 2, 3, 4), f.input], image, new SubOptionsT(NONE)),
  ],
  [
    'MUL with bounds of one',
    image,
    (f) => f.add('MUL', [f.input, f.floats([], 3)], image, new MulOptionsT(RELU_N1_TO_1)),
  ],
  [
    'SLICE',
    image,
    (f) => f.add('SLICE', [f.input, f.integers(0, 1, 2, 0), f.integers(1, 3, -1, 2)], [1, 3, 3, 2]),
  ],
  [
    'STRIDED_SLICE that takes an axis away and counts from the end',
    image,
    (f) =>
      f.add(
        'STRIDED_SLICE',
        [f.input, f.integers(0, 0, 2, 0), f.integers(1, -1, 3, 4), f.integers(1, 2, 1, 1)],
        [1, 3, 4],
        new StridedSliceOptionsT(0, 8, 0, 0, 4, false),
      ),
  ],
  [
    'SPLIT',
    image,
    (f) => {
      const first = f.add(
        'SPLIT',
        [f.integer(3), f.input],
        [
          [1, 6, 5, 2],
          [1, 6, 5, 2],
        ],
        new SplitOptionsT(2),
      );
      return f.add('MUL', [first, first + 1], [1, 6, 5, 2], new MulOptionsT(NONE));
    },
  ],
  [
    'SPLIT_V',
    image,
    (f) => {
      const sizes = [
        [1, 2, 5, 4],
        [1, 4, 5, 4],
      ];
      const first = f.add(
        'SPLIT_V',
        [f.input, f.integers(2, -1), f.integer(1)],
        sizes,
        new SplitVOptionsT(2),
      );
      return f.add('TANH', [first + 1], [1, 4, 5, 4]);
    },
  ],
  [
    'EXPAND_DIMS, SQUEEZE and PACK',
    [1, 7],
    (f) => {
      const wide = f.add('EXPAND_DIMS', [f.input, f.integer(1)], [1, 1, 7]);
      const flat = f.add('SQUEEZE', [wide], [1, 7], new SqueezeOptionsT([1]));
      return f.add('PACK', [flat, f.input], [1, 7, 2], new PackOptionsT(2, 2));
    },
  ],
  [
    'RESHAPE by its options',
    image,
    (f) => f.add('RESHAPE', [f.input], [1, 120], new ReshapeOptionsT([1, 120])),
  ],
  [
    'GATHER of one',
    image,
    (f) => f.add('GATHER', [f.input, f.integer(2)], [1, 6, 5], new GatherOptionsT(3, 0)),
  ],
  [
    'PADV2, and PAD of channels',
    image,
    (f) => {
      const amounts = f.constant(2, [4, 2], Int32Array.of(0, 0, 1, 0, 0, 2, 0, 0));
      const padded = f.add('PADV2', [f.input, amounts, f.floats([1], -0.5)], [1, 7, 7, 4]);
      const more = f.constant(2, [4, 2], Int32Array.of(0, 0, 0, 0, 0, 0, 1, 2));
      return f.add('PAD', [padded, more], [1, 7, 7, 7]);
    },
  ],
  [
    'FULLY_CONNECTED of an image, without bias',
    image,
    (f) =>
      f.add(
        'FULLY_CONNECTED',
        [f.input, f.floats([3, 120], ...values(360)), -1],
        [1, 3],
        new FullyConnectedOptionsT(RELU, 0, false, false),
      ),
  ],
  [
    'DEPTHWISE_CONV_2D with two outputs a channel',
    image,
    (f) =>
      f.add(
        'DEPTHWISE_CONV_2D',
        [f.input, f.floats([1, 3, 2, 8], ...values(48)), f.floats([8], ...values(8))],
        [1, 3, 3, 8],
        new DepthwiseConv2DOptionsT(Padding.SAME, 2, 2, 2, RELU6, 1, 1),
      ),
  ],
  [
    'BATCH_MATMUL by constants, turned',
    [1, 3, 4],
    (f) =>
      f.add(
        'BATCH_MATMUL',
        [f.input, f.floats([2, 4], ...values(8))],
        [1, 3, 2],
        new BatchMatMulOptionsT(false, true),
      ),
  ],
  [
    'MEAN over negative axes',
    image,
    (f) => f.add('MEAN', [f.input, f.integers(-1)], [1, 6, 5], new ReducerOptionsT(false)),
  ],
  [
    'CONCATENATION along a negative axis, with ReLU',
    image,
    (f) => f.add('CONCATENATION', [f.input, f.input], [1, 6, 5, 8], new ConcatenationOptionsT(-1, NONE)),
  ],
  [
    'AVERAGE_POOL_2D with ReLU',
    image,
    (f) =>
      f.add('AVERAGE_POOL_2D', [f.input], [1, 3, 3, 4], new Pool2DOptionsT(Padding.SAME, 2, 2, 3, 2, RELU)),
  ],
  [
    'RESIZE_BILINEAR with middles and with aligned corners',
    image,
    (f) => {
      const size = f.integers(9, 10);
      const middles = f.add(
        'RESIZE_BILINEAR',
        [f.input, size],
        [1, 9, 10, 4],
        new ResizeBilinearOptionsT(0, 0, false, true),
        3,
      );
      return f.add(
        'RESIZE_BILINEAR',
        [middles, f.integers(5, 4)],
        [1, 5, 4, 4],
        new ResizeBilinearOptionsT(0, 0, true),
        3,
      );
    },
  ],
  [
    'RESIZE_NEAREST_NEIGHBOR with middles and with aligned corners',
    image,
    (f) => {
      const middles = new ResizeNearestNeighborOptionsT(false, true);
      const large = f.add('RESIZE_NEAREST_NEIGHBOR', [f.input, f.integers(9, 7)], [1, 9, 7, 4], middles, 3);
      const aligned = new ResizeNearestNeighborOptionsT(true, false);
      return f.add('RESIZE_NEAREST_NEIGHBOR', [large, f.integers(4, 5)], [1, 4, 5, 4], aligned, 3);
    },
  ],
  ['PRELU', image, (f) => f.add('PRELU', [f.input, f.floats([1, 1, 4], 0.1, 0.2, 0.3, 0.4)], image)],
  ['CAST', image, (f) => f.add('NEG', [f.add('CAST', [f.input], image)], image)],
];

describe('operators as other programs write them', () => {
  let liteRt: LiteRtRuntime;
  beforeAll(async () => {
    liteRt = await startLiteRt(loadLiteRtProgram);
  });
  afterAll(() => liteRt.stop());

  it.each(cases)('%s: what is read answers as LiteRT does', async (_, shape, build) => {
    const builder = new FileBuilder(shape);
    const bytes = builder.file(build(builder));
    const input = fixtureInput(sizeOf(shape));
    const expected = await scoresIn(liteRt, bytes, { values: input, count: 1, shape: shape.slice(1) });
    const network = await readNetwork([{ name: 'a.tflite', bytes }]);
    expect(unsupportedNodes(network)).toEqual([]);
    expect(largestDifference(referenceScores(network, input).data, expected)).toBeLessThan(1e-5);
  });

  // LiteRT gives values of a worked out shape no room.
  it('a RESHAPE by the SHAPE of its input keeps every value', async () => {
    const builder = new FileBuilder(image);
    const absolute = builder.add('ABS', [builder.input], image);
    const reshaped = builder.add('RESHAPE', [absolute, builder.add('SHAPE', [builder.input], [4])], image);
    const network = await readNetwork([{ name: 'a.tflite', bytes: builder.file(reshaped) }]);
    const input = fixtureInput(sizeOf(image));
    expect(unsupportedNodes(network)).toEqual([]);
    expect([...referenceScores(network, input).data]).toEqual([...input].map(Math.abs));
  });
});
