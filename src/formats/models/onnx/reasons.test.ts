import { describe, expect, it } from 'vitest';
import { networkOf } from '../../../network/testing/builders';
import { floats, integer, integers, list, node, read, word, type Parts } from './testing/building';
import type { TensorInput } from './schema';
import { writeOnnx } from './write';

/** What is asked for, a model that asks for it of its input "x", and why the studio cannot compute it. */
type Case = readonly [string, Parts, string];

const vector = ['n', 4];
const flat = node('Flatten', ['x'], [], ['f']);
const pads = (values: readonly number[]) => [integers('p', values)];
/** A list of numbers that are not all the same. */
const rising = (name: string, values: readonly number[]): TensorInput => ({
  ...floats(name, [values.length]),
  floatData: Float32Array.from(values),
});

const operands: readonly Case[] = [
  ['no kernel', { nodes: [node('Conv', ['x', ''])] }, 'its kernel is missing.'],
  [
    'two lower bounds',
    { nodes: [node('Clip', ['x', 'low'])], initializers: [floats('low', [2])] },
    'its lower bound is 2 numbers, expected one.',
  ],
  [
    'a bound that is the batch',
    {
      nodes: [node('Shape', ['x'], [], ['s']), node('Slice', ['x', 'a', 's'])],
      initializers: [integers('a', [0, 0, 0, 0])],
    },
    'its list of bounds depends on the batch.',
  ],
  [
    'a vector to resize',
    { nodes: [node('Resize', ['x'])], input: vector },
    'it is known for images only, found 4.',
  ],
  [
    'a constant for five axes in another order',
    {
      nodes: [
        node('Reshape', ['x', 's'], [], ['r']),
        node('Transpose', ['r'], [list('perm', [0, 2, 1, 3, 4, 5])], ['t']),
        node('Add', ['t', 'c']),
      ],
      initializers: [integers('s', [0, 2, 4, 3, 5, 1]), floats('c', [4, 2, 3, 5, 1])],
    },
    'its constant operand has 5 axes.',
  ],
  [
    'constants only, combined',
    { nodes: [node('Max', ['c', 'c'])], initializers: [floats('c', [4])] },
    'all its operands are constants.',
  ],
  [
    'constants only, multiplied',
    { nodes: [node('MatMul', ['m', 'm'])], initializers: [floats('m', [2, 2, 2])] },
    'both of its operands are constants.',
  ],
  [
    'a product of an image and a vector',
    { nodes: [flat, node('MatMul', ['x', 'f'])] },
    'it multiplies values of different numbers of axes.',
  ],
  [
    'weights of three axes',
    { nodes: [node('Gemm', ['x', 'm'])], initializers: [floats('m', [4, 2, 1])], input: vector },
    'its weights have 3 axes, expected a matrix.',
  ],
  [
    'a vector stretched along the height',
    {
      nodes: [
        node('GlobalAveragePool', ['x'], [], ['g']),
        node('Flatten', ['g'], [], ['f']),
        node('Mul', ['x', 'f'], [integer('broadcast', 1), integer('axis', 1)]),
      ],
      opset: 6,
    },
    'it stretches one computed value over another along an axis of its own.',
  ],
];

const values: readonly Case[] = [
  [
    'another approximation',
    { nodes: [node('Gelu', ['x'], [word('approximate', 'sigmoid')])], opset: 20 },
    'its approximation "sigmoid" is not known, expected none or tanh.',
  ],
  [
    'slopes for a value of unknown shape',
    {
      nodes: [node('LSTM', ['x'], [], ['h']), node('PRelu', ['h', 's'])],
      initializers: [rising('s', [1, 2])],
    },
    'the shape of its input is not known.',
  ],
  [
    'no window of channels',
    { nodes: [node('LRN', ['x'], [integer('size', 0)])] },
    'its window is 0 channels, expected at least 1.',
  ],
  [
    'dropout while training',
    { nodes: [node('Dropout', ['x'], [integer('is_test', 0)])], opset: 6 },
    'it is in training mode; export the network for inference.',
  ],
  [
    'the mask of a dropout',
    { nodes: [node('Dropout', ['x'], [], ['d', 'mask']), node('Relu', ['mask'])] },
    'its mask is used.',
  ],
  [
    'no groups',
    {
      nodes: [node('Conv', ['x', 'w'], [integer('group', 0)])],
      initializers: [floats('w', [2, 4, 3, 3])],
    },
    'it has 0 groups, expected at least 1.',
  ],
  ['no window', { nodes: [node('AveragePool', ['x'])] }, 'its window (kernel_shape) is missing.'],
  [
    'three strides',
    { nodes: [node('MaxPool', ['x'], [list('kernel_shape', [2, 2]), list('strides', [1, 1, 1])])] },
    'its strides have 3 values, expected 2 (height and width).',
  ],
  [
    'padding to a size of its own',
    { nodes: [node('MaxPool', ['x'], [list('kernel_shape', [2, 2]), word('auto_pad', 'SAME')])] },
    'its padding mode "SAME" is not known.',
  ],
];

const v = [floats('v', [4])];
const normalising: readonly Case[] = [
  [
    'every value by itself',
    {
      nodes: [node('BatchNormalization', ['x', 'v', 'v', 'v', 'v'], [integer('spatial', 0)])],
      ...{ initializers: v, opset: 7 },
    },
    'it normalises every value of an image by itself (spatial=0), expected channels.',
  ],
  [
    'and giving its statistics',
    {
      nodes: [
        node('BatchNormalization', ['x', 'v', 'v', 'v', 'v'], [], ['b', 'mean']),
        node('Add', ['b', 'mean']),
      ],
      initializers: v,
    },
    'its running statistics are used; export the network for inference.',
  ],
  [
    'by no variance',
    { nodes: [node('BatchNormalization', ['x', 'v', 'v', 'v'])], initializers: v },
    'its variance is missing.',
  ],
  [
    'over the batch',
    {
      nodes: [node('LayerNormalization', ['x', 'v'], [integer('axis', 0)])],
      ...{ initializers: v, opset: 17 },
    },
    'it normalises over the batch.',
  ],
  [
    'and giving the means',
    {
      nodes: [node('LayerNormalization', ['x', 'v'], [], ['l', 'mean']), node('Add', ['l', 'mean'])],
      ...{ initializers: [floats('v', [5])], opset: 17 },
    },
    'its means and deviations are used.',
  ],
  [
    'a vector as if it were an image',
    { nodes: [node('InstanceNormalization', ['x', 'v', 'v'])], initializers: v, input: vector },
    'it normalises a vector, expected an image.',
  ],
];

const reshaping: readonly Case[] = [
  [
    'by negative pads',
    { nodes: [node('Pad', ['x', 'p'])], initializers: pads([0, 0, -1, 0, 0, 0, 0, 0]) },
    'it cuts off values (negative pads), expected pads from 0 up.',
  ],
  [
    'by padding a table',
    { nodes: [node('Pad', ['x', 'p'])], initializers: pads([0, 1, 0, 0, 0, 0]), input: ['n', 6, 5] },
    'it pads a value of 2 axes, expected an image.',
  ],
  [
    'by padding an axis that is not there',
    {
      nodes: [node('Pad', ['x', 'p', '', 'a'])],
      ...{ initializers: [...pads([1, 1]), integers('a', [4])], opset: 18 },
    },
    'it pads axis 4 of a value of 4 axes.',
  ],
  [
    'by a shape with the batch behind',
    {
      nodes: [
        node('Shape', ['x'], [], ['s']),
        node('Concat', ['one', 's'], [integer('axis', 0)], ['t']),
        node('Reshape', ['x', 't']),
      ],
      initializers: [integers('one', [1])],
    },
    'its new shape mixes the batch with other axes.',
  ],
  [
    'by taking the channels away',
    { nodes: [node('Squeeze', ['x', 'a'])], initializers: [integers('a', [1])] },
    'it removes axis 1 of 4×6×5, which is more than one value.',
  ],
  ['by inserting no axes', { nodes: [node('Unsqueeze', ['x'])] }, 'its axes are missing.'],
  ['by no bounds', { nodes: [node('Slice', ['x'])] }, 'its bounds are missing.'],
  [
    'by steps of 0',
    {
      nodes: [node('Slice', ['x', 'a', 'b', 'b', 'a'])],
      initializers: [integers('a', [0]), integers('b', [1])],
    },
    'its step is 0.',
  ],
  [
    'by a table of indices',
    {
      nodes: [node('Gather', ['x', 'i'], [integer('axis', 1)])],
      initializers: [{ ...integers('i', [0, 1, 2, 3]), dims: [2, 2] }],
    },
    'its indices have 2 axes, expected one.',
  ],
];

const double = rising('s', [1, 1, 2, 2]);
const coordinates = (rule: string) => word('coordinate_transformation_mode', rule);
const resized = (...attributes: Parameters<typeof node>[2] & object): Parts => ({
  nodes: [node('Resize', ['x', '', 's'], attributes)],
  initializers: [double],
  opset: 18,
});
const resizing: readonly Case[] = [
  [
    'from a part of the image',
    resized(coordinates('tf_crop_and_resize')),
    'its rule for coordinates "tf_crop_and_resize" is not known.',
  ],
  [
    'after a filter',
    resized(integer('antialias', 1)),
    'it weights what lies outside of the image or filters before it resizes.',
  ],
  [
    'without what lies outside',
    resized(integer('exclude_outside', 1)),
    'it weights what lies outside of the image or filters before it resizes.',
  ],
  [
    "by TensorFlow's half pixels, not rounded down",
    resized(coordinates('tf_half_pixel_for_nn')),
    `it rounds TensorFlow's half pixels by "round_prefer_floor", expected floor.`,
  ],
  ...[
    ['height', [1, 1, 1.25, 2]],
    ['width', [1, 1, 2, 1.25]],
  ].map(([side, scales]): Case => [
    `to a ${String(side)} that is no whole number, from its middle`,
    {
      nodes: [node('Resize', ['x', '', 's'], [coordinates('half_pixel_symmetric')])],
      ...{ initializers: [rising('s', scales as number[])], opset: 19 },
    },
    'it weights what lies outside of the image or filters before it resizes.',
  ]),
  ['rounded at will', resized(word('nearest_mode', 'any')), 'its rounding "any" is not known.'],
  [
    'one side up and one down',
    { nodes: [node('Resize', ['x', 's'])], initializers: [rising('s', [1, 1, 2, 0.5])], opset: 10 },
    'it enlarges one side and reduces the other.',
  ],
  ['to no size', { nodes: [node('Resize', ['x'])] }, 'its new size is missing.'],
  [
    'to fit into a size',
    {
      nodes: [node('Resize', ['x', '', '', 'size'], [word('keep_aspect_ratio_policy', 'not_larger')])],
      ...{ initializers: [integers('size', [1, 4, 12, 12])], opset: 18 },
    },
    'its new size keeps the ratio of the sides, expected it to be stretched.',
  ],
];

describe('a node says why it cannot be computed', () => {
  it.each([
    ...named('operands', operands),
    ...named('values', values),
    ...named('normalising', normalising),
    ...named('reshaping', reshaping),
    ...named('resizing', resizing),
  ])('%s', (_, parts, sentence) => {
    const reasons = read(parts).nodes.flatMap(({ operator }) =>
      operator.kind === 'unsupported' ? [operator.reason] : [],
    );
    expect(reasons).toContain(sentence);
  });
});

function named(group: string, cases: readonly Case[]): readonly Case[] {
  return cases.map(([name, ...rest]) => [`${group}: ${name}`, ...rest]);
}

describe('a file', () => {
  it('without a graph is no network', () => {
    expect(() => read({ change: ({ operatorSets = [] }) => ({ operatorSets }) })).toThrow(
      'net.onnx: expected an ONNX network, found no graph in it; export it again.',
    );
  });

  it('is not written for a node whose reason stands elsewhere', () => {
    const reason = 'the shape of its input is not known.';
    const operator = { kind: 'unsupported', operator: 'PRelu', reason, behind: 'lstm' } as const;
    const slopes = { name: 'slopes', inputs: ['image'], output: 'y', operator };
    expect(() => writeOnnx(networkOf([6, 5, 4], [slopes]))).toThrow(
      'Node "slopes" (PRelu) cannot be written: the shape of its input is not known; choose another format.',
    );
  });
});
