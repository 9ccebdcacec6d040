import { describe, expect, it } from 'vitest';
import type { Network, Shape } from '../../../network/graph';
import { networkOfLayers } from './read';

type Json = Readonly<Record<string, unknown>>;
type Entry = Json & { readonly name: string };

/** A Functional model of Keras 3 on values x of some axes, whose weights are all zero. */
function modelOf(shape: Shape, entries: readonly Entry[]): Network {
  const own = { class_name: 'InputLayer', name: 'x', config: { name: 'x', batch_shape: [null, ...shape] } };
  const layers = [{ ...own, inbound_nodes: [] }, ...entries];
  const ends = { input_layers: [['x', 0, 0]], output_layers: [[entries.at(-1)!.name, 0, 0]] };
  const zeros = (size: number) => () => new Float32Array(size);
  return networkOfLayers({
    topology: { class_name: 'Functional', config: { name: 'net', layers, ...ends } },
    weights: {
      find: (_, wanted) =>
        wanted.map((one) => ({ shape: one.shape, read: zeros(one.shape.reduce((a, b) => a * b, 1)) })),
    },
    ...{ where: 'config', kerasVersion: '3.0.0', name: 'net', format: 'keras', metadata: {}, options: {} },
  });
}

const tensor = (name: string) => ({
  class_name: '__keras_tensor__',
  config: { shape: [], dtype: 'float32', keras_history: [name, 0, 0] },
});

/** A layer that reads others by name; `module` says that it is an operation and no layer. */
function layer(className: string, config: Json = {}, reads = ['x'], name = 'last', module?: string): Entry {
  const inbound = [{ args: [reads.map(tensor)], kwargs: {} }];
  return { module, class_name: className, name, config: { name, ...config }, inbound_nodes: inbound };
}

/** A function of TensorFlow, as Keras 2 writes it. */
const lambda = (call: string, settings: Json = {}): Entry => ({
  ...{ class_name: 'TFOpLambda', name: 'last', config: { name: 'last', function: call } },
  inbound_nodes: [['x', 0, 0, settings]],
});

/** Why the last layer cannot be computed. */
function reasonOf(shape: Shape, ...entries: readonly Entry[]): string {
  const { operator } = modelOf(shape, entries).nodes.at(-1)!;
  return operator.kind === 'unsupported' ? operator.reason : 'none';
}

const image: Shape = [4, 3, 2];
const conv = (config: Json) => layer('Conv2D', { filters: 2, kernel_size: 1, ...config });
const unknown = (name: string) => layer('OwnLayer', {}, ['x'], name);
const scalar = layer('Mean', { axis: [1] }, ['x'], 'mean', 'keras.src.ops.numpy');

describe('a layer cannot be computed because', () => {
  it.each<[string, Shape, ...Entry[]]>([
    // What it reads.
    ['an input is missing.', [6], layer('Dot', { axes: 1 })],
    ['it reads nothing.', image, layer('ReLU', {}, [])],
    ['it reads images, found 6.', [6], conv({})],
    ['it reads a single number.', [6], scalar, layer('Dense', { units: 2 }, ['mean'])],
    ['it reads sequences (length×channels), found 4×3×2.', image, layer('Conv1D', { filters: 2 })],
    ['the shape of its input is not known.', image, unknown('own'), layer('Conv2D', {}, ['own'])],
    ['it combines values, found 1.', image, layer('Add')],
    ['it combines values, found 1.', image, layer('Average')],
    ['it reads "three", expected numbers.', image, lambda('math.add', { y: 'three' })],
    ['it reads [[1,2],[3]], whose rows differ in length.', image, lambda('math.add', { y: [[1, 2], [3]] })],
    ['it reads a constant of 2×1×1×2.', image, lambda('math.add', { y: [[[[1, 2]]], [[[3, 4]]]] })],
    // Settings.
    ['its axis is "rows", expected a number.', image, layer('Concatenate', { axis: 'rows' }, ['x', 'x'])],
    ['its data_format is 1, expected a text.', image, conv({ data_format: 1 })],
    [
      'its kernel_size is [3,3,3], expected one or two whole numbers from 1 up.',
      image,
      conv({ kernel_size: [3, 3, 3] }),
    ],
    [
      'its padding "reflect" is not known; the studio reads "same" and "valid".',
      image,
      conv({ padding: 'reflect' }),
    ],
    ['its 2 input channels cannot be split into 3 groups.', image, conv({ groups: 3 })],
    ['its padding is -1, expected whole numbers from 0 up.', image, layer('ZeroPadding2D', { padding: -1 })],
    ['its bounds are no numbers.', image, lambda('clip_by_value', { clip_value_min: 0 })],
    // Activations.
    ['its activation is 3, expected a name.', image, layer('Activation', { activation: 3 })],
    ['its activation is {}, expected a name.', image, layer('Activation', { activation: {} })],
    ['its max_value is -1, expected a number above 0.', image, layer('ReLU', { max_value: -1 })],
    ['its alpha is "steep", expected a number.', image, layer('LeakyReLU', { alpha: 'steep' })],
    // Axes and statistics.
    ['it works on axis 1, expected the last one.', image, layer('Softmax', { axis: 1 })],
    ['it works on axis 2, expected the last one.', image, layer('BatchNormalization', { axis: 2 })],
    [
      'it normalises over the axes 1, expected the last one.',
      image,
      layer('LayerNormalization', { axis: 1 }),
    ],
    ['its axis is 5, expected axes of 4×3×2.', image, layer('Normalization', { axis: 5 })],
    [
      'its statistics are [1,2,3], expected 2 numbers.',
      image,
      layer('Normalization', { mean: [1, 2, 3], variance: 1 }),
    ],
    ['it reduces the axes 7, expected axes behind the batch.', image, lambda('reduce_sum', { axis: 7 })],
    ['it normalises what it multiplies.', [6], layer('Dot', { axes: 1, normalize: true }, ['x', 'x'])],
    ['it multiplies 4×3×2 and 4×3×2 along the axes 1.', image, layer('Dot', { axes: 1 }, ['x', 'x'])],
  ])('%s', (reason, shape, ...entries) => {
    expect(reasonOf(shape, ...entries)).toBe(reason);
  });
});

it('a network that asks for more weights than can be held is refused', () => {
  expect(() => modelOf([6], [layer('Dense', { units: 2 ** 28 })])).toThrow(
    'expected at most 268435456 weights, found more; save a smaller network.',
  );
});
