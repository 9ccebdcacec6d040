import { describe, expect, it } from 'vitest';
import type { Extent } from '../../../network/graph';
import { sizeOf } from '../../../network/shapes';
import { fixtureInput, runReferenceBatch } from '../../testing/fixtures';
import { largestDifference } from '../../testing/layout';
import { runOnnxRuntime } from '../../testing/onnxRuntime';
import { decodeMessage } from '../protobuf';
import { floats, integer, integers, list, modelBytes, node, read, type Parts } from './testing/building';
import { modelSchema, type ModelInput, type TensorInput } from './schema';
import { writeOnnx } from './write';

const size: Extent = { height: 9, width: 7 };
const kernel: TensorInput = {
  ...floats('w', [2, 3, 3, 3]),
  floatData: Float32Array.from({ length: 54 }, (_, at) => Math.sin(at)),
};
const pooled = (from: string) => [
  node('Conv', [from, 'w'], [], ['c']),
  node('GlobalAveragePool', ['c'], [], ['g']),
  node('Flatten', ['g']),
];
/** Outputs of any shape: the files are run with other ones than the builder's. */
const openOutput = (model: ModelInput): ModelInput => ({
  ...model,
  graph: { ...model.graph, outputs: [{ name: 'y', type: { tensor: { elementType: 1 } } }] },
});

const open: readonly (readonly [string, Parts, readonly number[], readonly number[]])[] = [
  [
    'channels first',
    { nodes: pooled('x'), initializers: [kernel], input: ['n', 3, 'h', 'w'] },
    [9, 7, 3],
    [3, 9, 7],
  ],
  [
    'only the width open',
    { nodes: pooled('x'), initializers: [kernel], input: ['n', 3, 9, 'w'] },
    [9, 7, 3],
    [3, 9, 7],
  ],
  [
    'channels last, then transposed',
    {
      nodes: [node('Transpose', ['x'], [list('perm', [0, 3, 1, 2])], ['t']), ...pooled('t')],
      initializers: [kernel],
      input: ['n', 'h', 'w', 3],
    },
    [9, 7, 3],
    [9, 7, 3],
  ],
  [
    'no axis of channels',
    {
      nodes: [
        node('Unsqueeze', ['x', 'a'], [], ['u']),
        node('Concat', ['u', 'u', 'u'], [integer('axis', 1)], ['t']),
        ...pooled('t'),
      ],
      initializers: [kernel, integers('a', [1])],
      input: ['n', 'h', 'w'],
    },
    [9, 7],
    [9, 7],
  ],
];

describe('files that leave the size of their images open', () => {
  it.each(open)(
    '%s: are read at the size that a person says, and answer as the file does',
    async (...args) => {
      const [, parts, shape, extents] = args;
      const network = read(parts, { inputSize: size });
      expect(network.input.shape).toEqual(shape);
      const dims = [2, ...extents];
      const values = fixtureInput(sizeOf(dims));
      const file = modelBytes({ ...parts, change: openOutput });
      const { data } = await runOnnxRuntime(file, values, dims);
      expect(largestDifference(runReferenceBatch(network, values), data)).toBeLessThan(1e-5);
      const again = await runOnnxRuntime(writeOnnx(network), values, dims);
      expect(largestDifference(again.data, data)).toBeLessThan(1e-5);
    },
  );

  it.each(open)('%s: ask for a size where nobody says one', (_, parts) => {
    expect(() => read(parts)).toThrow(
      /^net\.onnx: input "x": expected a height and width, found \[n.*\], which leaves them open; .*--input-size HxW/,
    );
  });
});

describe('which axis holds the channels', () => {
  const relu = [node('Relu', ['x'])];
  const shapeOf = (input: Parts['input'], nodes = relu) => read({ nodes, input: input! }).input.shape;

  it('is told by what the network does first', () => {
    const first = [node('Relu', ['x'], [], ['r']), node('GlobalMaxPool', ['r'])];
    expect(shapeOf(['n', 32, 32, 3], first)).toEqual([32, 3, 32]);
    const last = [
      node('Relu', ['x'], [], ['r']),
      node('Transpose', ['r'], [list('perm', [0, 3, 1, 2])], ['t']),
      node('GlobalMaxPool', ['t']),
    ];
    expect(shapeOf(['n', 32, 24, 5], last)).toEqual([32, 24, 5]);
  });

  it('else by how many there are', () => {
    expect(shapeOf(['n', 32, 24, 3])).toEqual([32, 24, 3]);
    expect(shapeOf(['n', 32, 24, 1])).toEqual([32, 24, 1]);
    expect(shapeOf(['n', 3, 32, 24])).toEqual([32, 24, 3]);
    // Feature maps of one column are not images of one channel.
    expect(shapeOf(['n', 4, 6, 1])).toEqual([6, 1, 4]);
  });

  it('is what the file says where it says it, as written files do', () => {
    const network = read({ nodes: relu, input: ['n', 32, 24, 3] });
    const bytes = writeOnnx(network);
    const { dimensions } = decodeMessage(modelSchema, bytes, 'model').graph!.inputs[0]!.type!.tensor!.shape!;
    expect(dimensions.map(({ denotation }) => denotation)).toEqual([
      'DATA_BATCH',
      'DATA_FEATURE',
      'DATA_FEATURE',
      'DATA_CHANNEL',
    ]);
    const said = (model: ModelInput): ModelInput => {
      const [input] = model.graph!.inputs!;
      const places = ['DATA_BATCH', 'DATA_CHANNEL', 'DATA_FEATURE', 'DATA_FEATURE'];
      const marked = input!.type!.tensor!.shape!.dimensions!.map((dimension, index) => ({
        ...dimension,
        denotation: places[index]!,
      }));
      const tensor = { ...input!.type!.tensor!, shape: { dimensions: marked } };
      return { ...model, graph: { ...model.graph, inputs: [{ ...input!, type: { tensor } }] } };
    };
    expect(read({ nodes: relu, input: ['n', 32, 24, 3], change: said }).input.shape).toEqual([24, 3, 32]);
  });
});
