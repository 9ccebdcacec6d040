import { describe, expect, it } from 'vitest';
import type { Network, Operator, Shape } from '../../../network/graph';
import { chainOf, evenPadding, networkOf, nodeOf, square } from '../../../network/testing/builders';
import { referenceScores } from '../../../network/testing/referenceExecutor';
import { unsupportedNodes } from '../../../network/validate';
import type { NamedFile } from '../../file';
import { fixtureInput } from '../../testing/fixtures';
import { largestDifference } from '../../testing/layout';
import { encodeMessage } from '../protobuf';
import { readCaffe } from './read';
import { netSchema } from './schema';
import { writeCaffe } from './write';

const [channels, height, width] = [4, 3, 5];
const image: Shape = [height, width, channels];
/** Values of the image here, and as Caffe counts them. */
const x = fixtureInput(60).map((value) => value / 2 + 0.75);
const at = (c: number, h: number, w: number) => x[(h * width + w) * channels + c]!;

const file = (text: string): NamedFile => ({ name: 'net.prototxt', bytes: new TextEncoder().encode(text) });

function weightsOf(name: string, ...blobs: readonly (readonly number[])[]): NamedFile {
  const layer = [
    {
      name,
      type: 'X',
      blobs: blobs.map((data) => ({ shape: { dim: [data.length] }, data: Float32Array.from(data) })),
    },
  ];
  return { name: 'net.caffemodel', bytes: encodeMessage(netSchema, { name: 'net', layer }) };
}

function netOf(layers: string, weights = weightsOf('none')): Network {
  const input = `input: "data" input_dim: [1, ${channels}, ${height}, ${width}]`;
  return readCaffe(file(`${input}\n${layers}`), weights);
}

const layer = (type: string, settings = '', top = 'y') =>
  `layer { name: "${top}" type: "${type}" bottom: "data" top: "${top}" ${settings} }`;

const scores = (network: Network) => referenceScores(network, x).data;
const each = (change: (value: number, channel: number) => number) =>
  Array.from(x, (value, index) => change(value, index % channels));
/** Values of an image [h, w, c] by place. */
const imageOf = ([h, w, c]: Shape, value: (c: number, h: number, w: number) => number) =>
  Array.from({ length: h! * w! * c! }, (_, index) =>
    value(index % c!, Math.floor(index / (w! * c!)), Math.floor(index / c!) % w!),
  );

const cases: Readonly<Record<string, readonly [Network, readonly number[]]>> = {
  'PReLU with a slope per channel': [
    netOf(
      `${layer('Power', 'power_param { shift: -1 }', 'low')} layer { name: "y" type: "PReLU" bottom: "low" top: "y" }`,
      weightsOf('y', [0.1, 0.2, 0.3, 0.4]),
    ),
    each((value, c) => (value < 1 ? (0.1 + 0.1 * c) * (value - 1) : value - 1)),
  ],
  AbsVal: [
    netOf(
      `${layer('Power', 'power_param { shift: -1 }', 'low')} layer { name: "y" type: "AbsVal" bottom: "low" top: "y" }`,
    ),
    each((value) => Math.abs(value - 1)),
  ],
  BNLL: [netOf(layer('BNLL')), each((value) => Math.log(1 + Math.exp(value)))],
  Swish: [netOf(layer('Swish')), each((value) => value / (1 + Math.exp(-value)))],
  'Exp to the base of e': [netOf(layer('Exp')), each((value) => Math.exp(value))],
  'Exp to another base': [
    netOf(layer('Exp', 'exp_param { base: 2 scale: 0.5 shift: 1 }')),
    each((value) => 2 ** (1 + value / 2)),
  ],
  Log: [netOf(layer('Log')), each((value) => Math.log(value))],
  'Log to another base': [
    netOf(layer('Log', 'log_param { base: 10 scale: 2 shift: 1 }')),
    each((value) => Math.log10(1 + 2 * value)),
  ],
  'Power of 2': [
    netOf(layer('Power', 'power_param { power: 2 scale: 3 shift: 1 }')),
    each((value) => (1 + 3 * value) ** 2),
  ],
  'Power of 1.5': [netOf(layer('Power', 'power_param { power: 1.5 }')), each((value) => value ** 1.5)],
  'Clip between other bounds': [
    netOf(layer('Clip', 'clip_param { min: 0.5 max: 1 }')),
    each((value) => Math.min(1, Math.max(0.5, value))),
  ],
  'Eltwise maximum': [
    netOf(
      `${layer('Power', 'power_param { scale: -1 shift: 1 }', 'other')} layer { name: "y" type: "Eltwise" bottom: "data" bottom: "other" top: "y" eltwise_param { operation: MAX } }`,
    ),
    each((value) => Math.max(value, 1 - value)),
  ],
  'Eltwise difference': [
    netOf(
      `${layer('Sigmoid', '', 'other')} layer { name: "y" type: "Eltwise" bottom: "data" bottom: "other" top: "y" eltwise_param { coeff: 1 coeff: -1 } }`,
    ),
    each((value) => value - 1 / (1 + Math.exp(-value))),
  ],
  'Eltwise sum with coefficients': [
    netOf(
      `${layer('Sigmoid', '', 'other')} layer { name: "y" type: "Eltwise" bottom: "data" bottom: "other" top: "y" eltwise_param { coeff: 0.5 coeff: 2 } }`,
    ),
    each((value) => value / 2 + 2 / (1 + Math.exp(-value))),
  ],
  'Slice of channels into equal parts': [
    netOf(
      'layer { name: "s" type: "Slice" bottom: "data" top: "a" top: "b" } layer { name: "y" type: "Eltwise" bottom: "a" bottom: "b" top: "y" }',
    ),
    imageOf([height, width, 2], (c, h, w) => at(c, h, w) + at(c + 2, h, w)),
  ],
  'Slice of rows at a point': [
    netOf(
      'layer { name: "s" type: "Slice" bottom: "data" top: "a" top: "b" slice_param { axis: 2 slice_point: 1 } } layer { name: "q" type: "Silence" bottom: "a" } layer { name: "y" type: "ReLU" bottom: "b" top: "y" }',
    ),
    imageOf([2, width, channels], (c, h, w) => at(c, h + 1, w)),
  ],
  'Permute, as SSD does before it flattens': [
    netOf(layer('Permute', 'permute_param { order: 0 order: 2 order: 3 order: 1 }')),
    // [H, W, C] of Caffe is [C', H', W'] of the answer.
    imageOf([width, channels, height], (c, h, w) => at(w, c, h)),
  ],
  ShuffleChannel: [
    netOf(layer('ShuffleChannel', 'shuffle_channel_param { group: 2 }')),
    imageOf(image, (c, h, w) => at([0, 2, 1, 3][c]!, h, w)),
  ],
  'a channel shuffle by Reshape': [
    netOf(
      `${layer('Reshape', 'reshape_param { shape { dim: 0 dim: 2 dim: 2 dim: -1 } }', 'groups')} layer { name: "turned" type: "Permute" bottom: "groups" top: "turned" permute_param { order: 0 order: 2 order: 1 order: 3 } } layer { name: "y" type: "Reshape" bottom: "turned" top: "y" reshape_param { shape { dim: 0 dim: 4 dim: 3 dim: 5 } } }`,
    ),
    imageOf(image, (c, h, w) => at([0, 2, 1, 3][c]!, h, w)),
  ],
  'Reshape of the axes behind the channels': [
    netOf(
      `${layer('Reshape', 'reshape_param { axis: 2 shape { dim: 15 dim: 1 } }', 'flat')} layer { name: "y" type: "Softmax" bottom: "flat" top: "y" }`,
    ),
    imageOf([15, 1, channels], (c, h) => {
      const sum = [0, 1, 2, 3].reduce((all, k) => all + Math.exp(at(k, Math.floor(h / 5), h % 5)), 0);
      return Math.exp(at(c, Math.floor(h / 5), h % 5)) / sum;
    }),
  ],
  Crop: [
    netOf(
      `layer { name: "p" type: "Pooling" bottom: "data" top: "p" pooling_param { kernel_size: 2 } } layer { name: "y" type: "Crop" bottom: "data" bottom: "p" top: "y" crop_param { axis: 2 offset: 1 offset: 0 } }`,
    ),
    imageOf([2, 4, channels], (c, h, w) => at(c, h + 1, w)),
  ],
  Axpy: [
    netOf(
      `layer { name: "g" type: "Pooling" bottom: "data" top: "g" pooling_param { pool: AVE global_pooling: true } } layer { name: "y" type: "Axpy" bottom: "g" bottom: "data" bottom: "data" top: "y" }`,
    ),
    each((value, c) => {
      const all = imageOf([height, width, 1], (_, h, w) => at(c, h, w));
      return value * (all.reduce((sum, one) => sum + one, 0) / all.length) + value;
    }),
  ],
  Upsample: [
    netOf(layer('Upsample', 'upsample_param { scale: 2 }')),
    imageOf([6, 10, channels], (c, h, w) => at(c, Math.floor(h / 2), Math.floor(w / 2))),
  ],
  'Interp, corners aligned': [
    netOf(layer('Interp', 'interp_param { height: 5 width: 5 }')),
    imageOf([5, 5, channels], (c, h, w) => (at(c, Math.floor(h / 2), w) + at(c, Math.ceil(h / 2), w)) / 2),
  ],
};

describe('newer layers of Caffe and its forks', () => {
  it.each(Object.keys(cases))('%s', (name) => {
    const [network, expected] = cases[name]!;
    expect(unsupportedNodes(network)).toEqual([]);
    expect(largestDifference(scores(network), expected)).toBeLessThan(1e-4);
  });
});

const activation = (name: string, alpha = 0, beta = 0): Operator =>
  ({ kind: 'activation', function: name, alpha, beta }) as Operator;
const pool = (stride: number, window: number): Operator => ({
  ...{ kind: 'pool', reduce: 'max', window: square(window), stride: square(stride) },
  ...{ padding: evenPadding(0), roundUp: false, includePadding: false },
});
const relu = nodeOf('relu', ['image'], activation('sigmoid'));
const two = (operator: Operator) => networkOf(image, [relu, nodeOf('y', ['image', 'relu:0'], operator)]);

describe('what Caffe is written for newer operators', () => {
  const networks: Readonly<Record<string, Network>> = {
    ...Object.fromEntries(
      ['softplus', 'swish', 'hardSwish', 'exp', 'log', 'abs', 'sqrt', 'square', 'reciprocal', 'negate'].map(
        (name) => [name, chainOf(image, [activation(name)])],
      ),
    ),
    hardSigmoid: chainOf(image, [activation('hardSigmoid', 0.2, 0.5)]),
    clip: chainOf(image, [activation('clip', 0.5, 1)]),
    'a slope per channel': chainOf(image, [
      { kind: 'parametricRelu', slopes: { shape: [4], data: Float32Array.of(0.1, 0.2, 0.3, 0.4) } },
    ]),
    maximum: two({ kind: 'elementwise', function: 'maximum' }),
    subtract: two({ kind: 'elementwise', function: 'subtract' }),
    'a slice in the middle of the channels': chainOf(image, [
      { kind: 'slice', axis: 2, start: 1, end: 3, step: 1 },
    ]),
    'a slice from the first row on': chainOf(image, [{ kind: 'slice', axis: 0, start: 0, end: 2, step: 1 }]),
    'a pool that rounds its height down': chainOf([7, 6, 4], [pool(2, 2)]),
    'a pool that rounds its width down': chainOf([6, 7, 4], [pool(2, 2)]),
    'a pool that rounds both down': chainOf([8, 8, 4], [pool(2, 3), activation('relu')]),
    'a pool that rounds down at the end': chainOf([8, 8, 4], [activation('relu'), pool(3, 3)]),
  };

  it.each(Object.keys(networks))('%s: the same function', (name) => {
    const network = networks[name]!;
    const [caffemodel, prototxt] = writeCaffe(network);
    expect(new TextDecoder().decode(prototxt!.bytes)).not.toMatch(/round_mode|ceil_mode/);
    const again = readCaffe(prototxt!, caffemodel!);
    const size = network.input.shape.reduce((all, extent) => all * extent, 1);
    const input = fixtureInput(size).map((value) => value / 2 + 0.75);
    const expected = referenceScores(network, input).data;
    expect(largestDifference(referenceScores(again, input).data, expected)).toBeLessThan(1e-5);
    // Pools are told from slices when they are read again.
    const kinds = (of: Network) => of.nodes.filter(({ operator }) => operator.kind === 'slice').length;
    expect(kinds(again)).toBe(kinds(network));
  });
});
