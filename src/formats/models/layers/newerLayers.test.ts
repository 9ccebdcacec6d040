import { beforeAll, describe, expect, it } from 'vitest';
import { answersOf, filesOfModel, fillWeights, layers, tf } from '../../../engine/testing/tfLayers';
import type { Network, Shape } from '../../../network/graph';
import { referenceScores } from '../../../network/testing/referenceExecutor';
import { unsupportedNodes } from '../../../network/validate';
import { fixtureInput } from '../../testing/fixtures';
import { largestDifference } from '../../testing/layout';
import { readNetwork } from '..';
import { networkOfLayers } from './read';
import type { WeightSource } from './weights';

type Symbolic = layers.SymbolicTensor;
const make = layers.layers;
const sizeOf = (shape: Shape) => shape.reduce((all, extent) => all * extent, 1);
const inputOf = (shape: Shape) => fixtureInput(sizeOf(shape)).map((value) => 3 * value);
const scores = (network: Network) => referenceScores(network, inputOf(network.input.shape)).data;

/** Models of layers that TF.js has, on 6×5 images of three channels. */
const models: Readonly<Record<string, (x: Symbolic) => Symbolic>> = {
  'PReLU with slopes of its own everywhere': (x) => make.prelu({}).apply(x) as Symbolic,
  'PReLU with a slope per channel': (x) => make.prelu({ sharedAxes: [1, 2] }).apply(x) as Symbolic,
  'PReLU with a slope per row': (x) => make.prelu({ sharedAxes: [2, 3] }).apply(x) as Symbolic,
  'ReLU up to 4': (x) => make.reLU({ maxValue: 4 }).apply(x) as Symbolic,
  ...Object.fromEntries(
    ['selu', 'gelu', 'gelu_new', 'mish', 'softsign', 'logSoftmax', 'hardSigmoid'].map((name) => [
      `activation ${name}`,
      (x: Symbolic) => make.activation({ activation: name as 'selu' }).apply(x) as Symbolic,
    ]),
  ),
  'Maximum, Minimum and Average': (x) => {
    const other = make.conv2d({ filters: 3, kernelSize: 1 }).apply(x) as Symbolic;
    const both = [make.maximum({}).apply([x, other]), make.minimum({}).apply([x, other])] as Symbolic[];
    return make.average({}).apply([...both, x]) as Symbolic;
  },
  Cropping2D: (x) =>
    make
      .cropping2D({
        cropping: [
          [1, 2],
          [0, 1],
        ],
      })
      .apply(x) as Symbolic,
  'Cropping2D by one number for both sides': (x) =>
    make
      .cropping2D({
        cropping: [
          [1, 1],
          [2, 2],
        ],
      })
      .apply(x) as Symbolic,
  'UpSampling2D, nearest': (x) => make.upSampling2d({ size: [2, 3] }).apply(x) as Symbolic,
  'UpSampling2D, bilinear': (x) =>
    make.upSampling2d({ size: [3, 2], interpolation: 'bilinear' }).apply(x) as Symbolic,
  'Permute to rows of channels': (x) => make.permute({ dims: [1, 3, 2] }).apply(x) as Symbolic,
  'Permute to channels first, then a convolution': (x) =>
    make.conv2d({ filters: 2, kernelSize: 2 }).apply(make.permute({ dims: [3, 1, 2] }).apply(x)) as Symbolic,
  'Permute to channels first, twice read': (x) => {
    const first = make.permute({ dims: [3, 1, 2] }).apply(x) as Symbolic;
    const flat = make.flatten({}).apply(first) as Symbolic;
    const pooled = make.globalMaxPooling2d({}).apply(first) as Symbolic;
    return make.concatenate({}).apply([flat, pooled]) as Symbolic;
  },
  'a channel shuffle by Reshape to five axes': (x) => {
    const groups = make.reshape({ targetShape: [6, 5, 3, 1] }).apply(x) as Symbolic;
    const turned = make.permute({ dims: [1, 2, 4, 3] }).apply(groups) as Symbolic;
    return make.reshape({ targetShape: [6, 5, 3] }).apply(turned) as Symbolic;
  },
  'Reshape to rows, Dense on them': (x) =>
    make.dense({ units: 4 }).apply(make.reshape({ targetShape: [10, 9] }).apply(x)) as Symbolic,
  'Dot of two matrices': (x) => {
    const rows = make.reshape({ targetShape: [10, 9] }).apply(x) as Symbolic;
    const more = make.dense({ units: 9 }).apply(rows) as Symbolic;
    return make.dot({ axes: [2, 2] }).apply([rows, more]) as Symbolic;
  },
  Rescaling: (x) => {
    const rescaling = make as unknown as { rescaling: (args: object) => layers.layers.Layer };
    return rescaling.rescaling({ scale: 0.5, offset: -1 }).apply(x) as Symbolic;
  },
};

describe('layers that TF.js has', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it.each(Object.keys(models))('%s: answers as plain TF.js does', async (name) => {
    const x = layers.input({ shape: [6, 5, 3] });
    const model = layers.model({ inputs: x, outputs: models[name]!(x) });
    fillWeights(model);
    const network = await readNetwork(await filesOfModel(model));
    expect(unsupportedNodes(network)).toEqual([]);
    const expected = await answersOf(model, inputOf([6, 5, 3]), [1, 6, 5, 3]);
    expect(largestDifference(scores(network), expected)).toBeLessThan(1e-4);
  });
});

type Json = Readonly<Record<string, unknown>>;

/** A Functional model of Keras on values x of some axes; each entry is a class, its settings and what calls it. */
function kerasModel(
  shape: Shape,
  entries: readonly (Json & { readonly name: string })[],
  version: string,
  tensors: Readonly<Record<string, readonly number[]>> = {},
): Network {
  const input = {
    class_name: 'InputLayer',
    config: { name: 'x', batch_shape: [null, ...shape] },
    name: 'x',
    inbound_nodes: [],
  };
  const weights: WeightSource = {
    find: (_, wanted) =>
      wanted.map(({ names, shape: own }) => {
        const values = tensors[names[0]!];
        return values ? { shape: own, read: () => Float32Array.from(values) } : null;
      }),
  };
  const config = {
    name: 'net',
    layers: [input, ...entries],
    input_layers: [['x', 0, 0]],
    output_layers: [[entries.at(-1)!.name, 0, 0]],
  };
  return networkOfLayers({
    topology: { class_name: 'Functional', config },
    ...{ where: 'config', weights, kerasVersion: version, name: 'net', format: 'keras', metadata: {} },
    options: {},
  });
}

/** A call of a function of TensorFlow, as Keras 2 writes it. */
const lambda = (name: string, call: string, from: unknown, settings: Json = {}) => ({
  ...{ class_name: 'TFOpLambda', name, config: { name, function: call } },
  inbound_nodes: [Array.isArray(from) ? [...(from as unknown[]), settings] : [from, 0, 0, settings]],
});
const tensor = (name: string) => ({
  class_name: '__keras_tensor__',
  config: { shape: [], dtype: 'float32', keras_history: [name, 0, 0] },
});
/** A layer or an operation, as Keras 3 writes it. */
const three = (
  name: string,
  className: string,
  args: readonly unknown[],
  config: Json = {},
  module = 'keras.layers',
) => ({
  ...{ module, class_name: className, name, config: { name, ...config } },
  inbound_nodes: [{ args, kwargs: {} }],
});
const operation = (name: string, className: string, args: readonly unknown[], config: Json = {}) =>
  three(name, className, args, config, 'keras.src.ops.numpy');

const image: Shape = [4, 3, 2];
const x = inputOf(image);
const each = (change: (value: number, channel: number) => number) =>
  x.map((value, at) => change(value, at % 2));

describe('what only Keras has', () => {
  const cases: Readonly<Record<string, readonly [() => Network, ArrayLike<number>]>> = {
    'hard sigmoid of MobileNetV3, functions of TensorFlow': [
      () =>
        kerasModel(
          image,
          [
            lambda('plus', '__operators__.add', 'x', { y: 3.0, name: null }),
            {
              ...{ class_name: 'ReLU', name: 'relu', config: { name: 'relu', max_value: 6.0 } },
              inbound_nodes: [[['plus', 0, 0, {}]]],
            },
            lambda('times', 'math.multiply', 'relu', { y: 0.16666666666666666, name: null }),
            {
              ...{ class_name: 'Multiply', name: 'swish', config: { name: 'swish' } },
              inbound_nodes: [
                [
                  ['x', 0, 0, {}],
                  ['times', 0, 0, {}],
                ],
              ],
            },
          ],
          '2.11.0',
        ),
      each((value) => value * Math.min(1, Math.max(0, (value + 3) / 6))),
    ],
    'hard sigmoid of MobileNetV3, operations of Keras 3': [
      () =>
        kerasModel(
          image,
          [
            operation('add', 'Add', [tensor('x'), 3.0]),
            three('relu', 'ReLU', [tensor('add')], { max_value: 6 }),
            operation('multiply', 'Multiply', [tensor('relu'), 1 / 6]),
            three('swish', 'Multiply', [[tensor('x'), tensor('multiply')]]),
          ],
          '3.4.1',
        ),
      each((value) => value * Math.min(1, Math.max(0, (value + 3) / 6))),
    ],
    'Rescaling per channel and Normalization by its weights, of EfficientNet': [
      () =>
        kerasModel(
          image,
          [
            three('norm', 'Normalization', [tensor('x')], { axis: 3, invert: false }),
            three('rescale', 'Rescaling', [tensor('norm')], { scale: [2.0, 0.5], offset: 0.0 }),
          ],
          '3.0.0',
          { mean: [0.5, -1], variance: [4, 0.25] },
        ),
      each((value, channel) => (channel === 0 ? ((value - 0.5) / 2) * 2 : ((value + 1) / 0.5) * 0.5)),
    ],
    'Normalization by its settings, the axis last': [
      () =>
        kerasModel(
          image,
          [three('n', 'Normalization', [tensor('x')], { axis: [-1], mean: [1, 2], variance: [4, 9] })],
          '3.0.0',
        ),
      each((value, channel) => (value - 1 - channel) / (2 + channel)),
    ],
    'LayerNormalization, scaled and shifted': [
      () =>
        kerasModel(
          image,
          [three('n', 'LayerNormalization', [tensor('x')], { axis: [-1], epsilon: 0.5 })],
          '3.0.0',
          {
            ...{ gamma: [2, 3], beta: [0.5, -1] },
          },
        ),
      each((value, channel) => {
        const at = x.indexOf(value);
        const [first, second] = [x[at - (at % 2)]!, x[at - (at % 2) + 1]!];
        const mean = (first + second) / 2;
        const variance = ((first - mean) ** 2 + (second - mean) ** 2) / 2;
        return ((value - mean) / Math.sqrt(variance + 0.5)) * (2 + channel) + (channel === 0 ? 0.5 : -1);
      }),
    ],
    'Normalization of everything by one number': [
      () =>
        kerasModel(
          image,
          [three('n', 'Normalization', [tensor('x')], { axis: null, mean: 1, variance: 4 })],
          '3.0.0',
        ),
      each((value) => (value - 1) / 2),
    ],
    'division by a list': [
      () => kerasModel(image, [lambda('d', 'math.truediv', 'x', { y: [2.0, 4.0], name: null })], '2.9.0'),
      each((value, channel) => value / (channel === 0 ? 2 : 4)),
    ],
    'a number minus a value': [
      () =>
        kerasModel(
          image,
          [lambda('s', 'math.subtract', ['_CONSTANT_VALUE', -1, 1.5], { y: ['x', 0, 0], name: null })],
          '2.9.0',
        ),
      each((value) => 1.5 - value),
    ],
    'GELU by its tangent, a function of Keras 3': [
      () =>
        kerasModel(
          image,
          [three('g', 'Gelu', [tensor('x')], { approximate: true }, 'keras.src.ops.nn')],
          '3.0.0',
        ),
      each(
        (value) => (value / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (value + 0.044715 * value ** 3))),
      ),
    ],
    'slices of a tensor': [
      () =>
        kerasModel(
          image,
          [
            {
              ...{
                class_name: 'SlicingOpLambda',
                name: 's',
                config: { name: 's', function: '__operators__.getitem' },
              },
              inbound_nodes: [
                [
                  'x',
                  0,
                  0,
                  {
                    slice_spec: [
                      { start: null, stop: null, step: null },
                      { start: 1, stop: 3, step: null },
                      { start: null, stop: null, step: 2 },
                      0,
                    ],
                  },
                ],
              ],
            },
          ],
          '2.9.0',
        ),
      [1, 2].flatMap((row) => [0, 2].map((column) => x[(row * 3 + column) * 2]!)),
    ],
    'ReLU with a bound and a slope': [
      () =>
        kerasModel(
          image,
          [three('r', 'ReLU', [tensor('x')], { max_value: 1, negative_slope: 0.5 })],
          '3.0.0',
        ),
      each((value) => Math.min(1, value < 0 ? value / 2 : value)),
    ],
    'a mean over channels, kept': [
      () => kerasModel(image, [operation('m', 'Mean', [tensor('x')], { axis: -1, keepdims: true })], '3.0.0'),
      Array.from({ length: 12 }, (_, pixel) => (x[2 * pixel]! + x[2 * pixel + 1]!) / 2),
    ],
    'reshape and transpose as functions': [
      () =>
        kerasModel(
          image,
          [
            lambda('r', 'reshape', 'x', { shape: [-1, 12, 2], name: null }),
            lambda('t', 'transpose', 'r', { perm: [0, 2, 1], name: null }),
          ],
          '2.9.0',
        ),
      [0, 1].flatMap((channel) => Array.from({ length: 12 }, (_, pixel) => x[2 * pixel + channel]!)),
    ],
    'Resizing, nearest': [
      () =>
        kerasModel(
          image,
          [three('r', 'Resizing', [tensor('x')], { height: 2, width: 3, interpolation: 'nearest' })],
          '3.0.0',
        ),
      [1, 3].flatMap((row) => [...x.subarray(row * 6, row * 6 + 6)]),
    ],
  };

  it.each(Object.keys(cases))('%s', (name) => {
    const [network, expected] = cases[name]!;
    const read = network();
    expect(unsupportedNodes(read)).toEqual([]);
    expect(largestDifference(scores(read), expected)).toBeLessThan(1e-5);
  });

  it('says what it cannot compute', () => {
    const reasonOf = (...entries: readonly (Json & { readonly name: string })[]) =>
      unsupportedNodes(kerasModel(image, entries, '3.0.0')).map(({ message }) => message);
    expect(reasonOf(lambda('f', 'signal.fft2d', 'x'))).toEqual([
      'Node "f" (TFOpLambda signal.fft2d) is not supported: the studio does not know this function of TensorFlow.',
    ]);
    expect(reasonOf(three('r', 'ReLU', [tensor('x')], { threshold: 1 }))[0]).toContain(
      'its threshold is not 0',
    );
    expect(
      reasonOf(three('r', 'Resizing', [tensor('x')], { height: 2, width: 3, interpolation: 'area' }))[0],
    ).toContain('"area"');
    expect(reasonOf(lambda('m', 'math.reduce_mean', 'x', { axis: null }))[0]).toContain('the batch as well');
  });
});

it('names what cannot be computed once, and not what lies behind it', () => {
  const behind = kerasModel(
    image,
    [
      three('up', 'Conv2DTranspose', [tensor('x')]),
      three('relu', 'ReLU', [tensor('up')]),
      three('conv', 'Conv2D', [tensor('relu')], { filters: 2, kernel_size: 1 }),
      three('odd', 'OwnLayer', [tensor('conv')]),
      three('flat', 'Flatten', [tensor('odd')]),
    ],
    '3.0.0',
  );
  expect(unsupportedNodes(behind).map(({ message }) => message.split(':')[0])).toEqual([
    'Node "up" (Conv2DTranspose) is not supported',
    'Node "odd" (OwnLayer) is not supported',
  ]);
  expect(behind.nodes.find(({ name }) => name === 'conv')!.operator).toMatchObject({ behind: 'up' });
});
