import { describe, expect, it } from 'vitest';
import { FailureError } from '../../../network/failure';
import type { Network, Shape, Unsupported } from '../../../network/graph';
import { unsupportedNodes } from '../../../network/validate';
import { networkOfLayers } from './read';

type Json = Readonly<Record<string, unknown>>;

/** Reads a model of Keras that has no weights. */
function read(topology: Json): Network {
  return networkOfLayers({
    ...{ topology, where: 'config', weights: { find: (_, wanted) => wanted.map(() => null) } },
    ...{ kerasVersion: '3.0.0', name: 'net', format: 'keras', metadata: {}, options: {} },
  });
}

const inputLayer = (name: string, shape: Shape) => ({
  ...{ class_name: 'InputLayer', name, config: { name, batch_shape: [null, ...shape] }, inbound_nodes: [] },
});
const layer = (name: string, className: string, config: Json, inbound: unknown) => ({
  ...{ class_name: className, name, config: { name, ...config }, inbound_nodes: inbound },
});
const from = (name: string) => [[[name, 0, 0, {}]]];
const image: Shape = [4, 3, 2];

/** Why a layer that reads values of that shape is not computed. */
function reasonOf(shape: Shape, className: string, config: Json): string {
  const entries = [inputLayer('x', shape), layer('odd', className, config, [])];
  const found = unsupportedNodes(
    read({ class_name: 'Sequential', config: { name: 'net', layers: entries } }),
  );
  expect(found).toHaveLength(1);
  return found[0]!.message;
}

describe('layers whose settings are not as they must be', () => {
  it.each<[string, Json, string]>([
    ['Cropping2D', { cropping: [1, -1] }, 'its cropping is [1,-1], expected whole numbers from 0 up.'],
    [
      'Resizing',
      { height: 2, width: 2, crop_to_aspect_ratio: true },
      'it keeps the ratio of sides; resize the images before the network instead.',
    ],
    ['Flatten', { data_format: 'channels_first' }, 'it counts channels first.'],
    ['Reshape', { target_shape: 24 }, 'its new shape is 24.'],
    ['Reshape', { target_shape: [0.5, 48] }, 'its new shape is [0.5,48], expected whole numbers.'],
    ['Reshape', { target_shape: [5, 5] }, 'its new shape is [5,5], but there are 24 values.'],
    ['Concatenate', { axis: 0 }, 'it joins axis 0 of 4×3×2.'],
  ])('%s with %o', (className, config, reason) => {
    expect(reasonOf(image, className, config)).toBe(`Node "odd" (${className}) is not supported: ${reason}`);
  });

  it.each<[string, Json, string]>([
    [
      'MaxPooling1D',
      { data_format: 'channels_first' },
      'its sequences have their channels first; the studio reads channels_last.',
    ],
    [
      'AveragePooling1D',
      { padding: 'reflect' },
      'its padding "reflect" is not known; the studio reads "same", "valid" and "causal".',
    ],
    [
      'Conv1D',
      { filters: 4, kernel_size: 3, groups: 2 },
      'its 3 input channels cannot be split into 2 groups.',
    ],
    ['ZeroPadding1D', { padding: [1, -2] }, 'its padding is [1,-2], expected whole numbers from 0 up.'],
    ['Cropping1D', { cropping: 0.5 }, 'its cropping is 0.5, expected whole numbers from 0 up.'],
  ])('on sequences: %s with %o', (className, config, reason) => {
    expect(reasonOf([8, 3], className, config)).toBe(`Node "odd" (${className}) is not supported: ${reason}`);
  });

  it('a Permute whose input is not known', () => {
    const entries = [
      inputLayer('x', image),
      layer('own', 'OwnLayer', {}, []),
      layer('turn', 'Permute', { dims: [2, 1, 3] }, []),
    ];
    const { nodes } = read({ class_name: 'Sequential', config: { name: 'net', layers: entries } });
    expect(nodes.at(-1)!.operator as Unsupported).toMatchObject({
      ...{ kind: 'unsupported', operator: 'Permute', behind: 'own' },
      reason: 'the shape of its input is not known.',
    });
  });
});

describe('functions whose arguments are not as they must be', () => {
  const all = { start: null, stop: null, step: null };

  it.each<[string, Json, string]>([
    [
      'getitem',
      { slice_spec: [0, all] },
      'its index is [0,{"start":null,"stop":null,"step":null…, which does not keep images apart.',
    ],
    [
      'getitem',
      { slice_spec: [all, 0, 0, 0, 1] },
      'its index is [{"start":null,"stop":null,"step":null},…, longer than its axes.',
    ],
    ['getitem', { slice_spec: [all, 'first'] }, 'it picks "first", expected slices and whole numbers.'],
    ['getitem', { slice_spec: [all, { ...all, step: -1 }] }, 'it picks with a step of -1.'],
    [
      'transpose',
      { perm: [1, 0, 2, 3] },
      'its order of axes is [1,0,2,3], expected that of 4×3×2 behind the batch.',
    ],
    ['reshape', { shape: [24, 1] }, 'its new shape is [24,1], which does not keep images apart.'],
    ['expand_dims', { axis: 0 }, 'its new axis is 0.'],
    ['squeeze', { axis: 2 }, 'it takes the axes 2 of 4×3×2 away.'],
  ])('%s given %o', (name, given, reason) => {
    const entries = [
      inputLayer('x', image),
      layer('odd', 'TFOpLambda', { function: name }, [['x', 0, 0, given]]),
    ];
    const config = { layers: entries, input_layers: [['x', 0, 0]], output_layers: [['odd', 0, 0]] };
    expect(
      unsupportedNodes(read({ class_name: 'Functional', config })).map(({ message }) => message),
    ).toEqual([`Node "odd" (TFOpLambda ${name}) is not supported: ${reason}`]);
  });
});

/** The sentence with which reading a model ends. */
function failureOf(topology: Json): string {
  try {
    read(topology);
  } catch (error) {
    expect(error).toBeInstanceOf(FailureError);
    return (error as FailureError).message;
  }
  return 'no failure';
}

/** So many models, one in the other. */
function nested(depth: number): Json {
  const inner = depth === 0 ? inputLayer('x', image) : nested(depth - 1);
  return { class_name: 'Sequential', config: { name: 'inner', layers: [inner] } };
}

describe('models that do not hang together', () => {
  /** A ReLU on x, of which the description is then changed. */
  const functional = (changes: Json = {}): Json => ({
    class_name: 'Functional',
    config: {
      layers: [inputLayer('x', image), layer('relu', 'ReLU', {}, from('x'))],
      ...{ input_layers: [['x', 0, 0]], output_layers: [['relu', 0, 0]], ...changes },
    },
  });

  it('are read where they do', () => {
    expect(failureOf(functional())).toBe('no failure');
    expect(failureOf(nested(15))).not.toContain('nested');
  });

  it.each<[string, Json, string]>([
    [
      'without an output',
      functional({ output_layers: [] }),
      'expected a model with an output, found none; save it by model.save.',
    ],
    [
      'with two inputs',
      functional({
        input_layers: [
          ['x', 0, 0],
          ['x', 0, 0],
        ],
      }),
      'expected a network with one input, found 2; save a classifier of images.',
    ],
    [
      'without an input shape',
      { class_name: 'Sequential', config: [{ class_name: 'Flatten', config: { name: 'flat' } }] },
      'expected a model that states its input shape, found none; build it with an Input layer and save it again.',
    ],
    [
      'with an output that no layer has',
      functional({ output_layers: [['scores', 0, 0]] }),
      'expected a layer "scores", which is read, found none; save it again.',
    ],
    [
      'with a second output of a layer that has one',
      functional({ output_layers: [['relu', 0, 1]] }),
      'layer "relu": expected output 1, found 1; save it again.',
    ],
    [
      'with one name for two layers',
      functional({ layers: [inputLayer('x', image), layer('x', 'ReLU', {}, from('x'))] }),
      'config.config: expected names of their own for layers, found two called "x"; rename one and save it again.',
    ],
    [
      'with a layer that reads a number',
      functional({ layers: [inputLayer('x', image), layer('relu', 'ReLU', {}, [[5]])] }),
      'layer "relu", inbound_nodes: expected [layer, call, tensor], found 5; save it again.',
    ],
    [
      'in models in models without end',
      nested(17),
      'layer "inner": expected models nested at most 16 deep, found more; save a flatter one.',
    ],
  ])('%s', (_, topology, sentence) => {
    expect(failureOf(topology)).toBe(sentence);
  });
});
