import { describe, expect, it } from 'vitest';
import { unsupportedNodes } from '../../../network/validate';
import {
  floats,
  integer,
  integers,
  list,
  node,
  read,
  valueInfo,
  word,
  type Extent,
  type Parts,
} from './testing/building';
import { elementType, type ModelInput } from './schema';

const relu = node('Relu', ['x']);

describe('models that are no network for the studio', () => {
  const graph = (more: object) => (model: ModelInput) => ({ ...model, graph: { ...model.graph, ...more } });
  const cases: readonly (readonly [string, Parts, string | RegExp])[] = [
    [
      'an older operator set',
      { opset: 5 },
      'net.onnx: expected ONNX operator set 6 to 21, found 5; export the network with another opset_version.',
    ],
    ['a newer operator set', { opset: 22 }, /6 to 21, found 22/],
    [
      'no operator set',
      { change: (model) => ({ ...model, operatorSets: [{ domain: 'com.example', version: 1 }] }) },
      /found none/,
    ],
    [
      'two inputs',
      { change: graph({ inputs: [valueInfo('a', ['n', 3]), valueInfo('b', ['n', 3])] }) },
      /one input, found 2 \("a", "b"\)/,
    ],
    ['no input', { change: graph({ inputs: [] }) }, /one input, found 0/],
    ['no output', { change: graph({ outputs: [] }) }, /a graph without outputs/],
    [
      'integer input',
      { change: graph({ inputs: [valueInfo('x', ['n', 3], elementType.int64)] }) },
      /found int64/,
    ],
    [
      'a dynamic size',
      { input: ['n', 3, 'h', 'w'] },
      /input "x": expected a height and width, found \[n, 3, h, w\], which leaves them open.*--input-size HxW/,
    ],
    [
      'a dynamic number of channels',
      { input: ['n', 'c', 6, 5] },
      /input "x": expected a fixed number of channels or features, found \[n, c, 6, 5\]/,
    ],
    [
      'videos',
      { input: ['n', 3, 8, 6, 5] },
      /expected images .* or \[batch, features\], found \[n, 3, 8, 6, 5\]/,
    ],
    [
      'weights in another file',
      {
        initializers: [
          {
            name: 'w',
            dims: [3],
            dataType: 1,
            dataLocation: 1,
            externalData: [{ key: 'location', value: 'net.data' }],
          },
        ],
      },
      /initializer 0 \("w"\).*"net\.data"/,
    ],
    [
      'fewer weights than their shape says',
      { initializers: [{ ...floats('w', [3]), dims: [1_000_000, 1_000_000] }] },
      /1000000000000 values expected \(1000000×1000000\), 3 found/,
    ],
    ['a negative extent', { initializers: [{ ...floats('w', [1]), dims: [-1] }] }, /negative extents -1/],
    [
      'more weights than fit in memory',
      {
        nodes: [node('ConstantOfShape', ['s'], [], ['w']), node('Conv', ['x', 'w'])],
        initializers: [integers('s', [100_000, 100_000, 3, 3])],
      },
      /at most 268,435,456 weights/,
    ],
  ];

  it.each(cases)('%s', (_, parts, sentence) => {
    expect(() => read({ nodes: [relu], ...parts })).toThrow(sentence);
  });
});

describe('nodes that are listed with a reason', () => {
  const w = floats('w', [2, 4, 3, 3]);
  const vector: readonly Extent[] = ['n', 4];
  const cases: readonly (readonly [string, Parts, RegExp])[] = [
    [
      'an unknown operator',
      { nodes: [node('LSTM', ['x'])] },
      /LSTM.*keeps a state.*export the part before it/,
    ],
    [
      'an operator of another domain',
      { nodes: [{ ...relu, domain: 'com.example' }] },
      /domain "com\.example"/,
    ],
    ['a computed kernel', { nodes: [node('Conv', ['x', 'x'])] }, /kernel is computed/],
    [
      'a convolution of volumes',
      { nodes: [node('Conv', ['x', 'w'])], initializers: [floats('w', [2, 4, 3, 3, 3])] },
      /5 axes, expected 3 or 4/,
    ],
    [
      'a quantised kernel',
      {
        nodes: [node('Conv', ['x', 'w'])],
        initializers: [{ name: 'w', dims: [1], dataType: 3, int32Data: [1] }],
      },
      /int8/,
    ],
    [
      'negative pads',
      { nodes: [node('Conv', ['x', 'w'], [list('pads', [0, -1, 0, 0])])], initializers: [w] },
      /0, -1, 0, 0/,
    ],
    [
      'a stride of 0',
      { nodes: [node('Conv', ['x', 'w'], [list('strides', [0, 1])])], initializers: [w] },
      /strides are 0/,
    ],
    [
      'a bias of the wrong length',
      { nodes: [node('Conv', ['x', 'w', 'b'])], initializers: [w, floats('b', [3])] },
      /bias has 3 values, expected 2/,
    ],
    [
      'batch normalisation in training mode',
      {
        nodes: [node('BatchNormalization', ['x', 'v', 'v', 'v', 'v'], [integer('training_mode', 1)])],
        initializers: [floats('v', [4])],
        opset: 14,
      },
      /training mode/,
    ],
    [
      'dropout in training mode',
      {
        nodes: [node('Dropout', ['x', '', 't'])],
        initializers: [{ ...integers('t', [1]), dataType: 9, int64Data: [], int32Data: [1] }],
      },
      /training mode/,
    ],
    [
      'a transposed input of Gemm',
      {
        nodes: [node('Gemm', ['x', 'm'], [integer('transA', 1)])],
        initializers: [floats('m', [4, 2])],
        input: vector,
      },
      /transA/,
    ],
    ['a product of vectors', { nodes: [node('MatMul', ['x', 'x'])], input: vector }, /multiplies vectors/],
    [
      'a dilated pool',
      { nodes: [node('MaxPool', ['x'], [list('kernel_shape', [2, 2]), list('dilations', [2, 2])])] },
      /dilated/,
    ],
    [
      'the indices of a pool',
      { nodes: [node('MaxPool', ['x'], [list('kernel_shape', [2, 2])], ['p', 'y'])] },
      /indices/,
    ],
    ['a mean over the batch', { nodes: [node('ReduceMean', ['x'], [list('axes', [0])])] }, /axes \[0\]/],
    ['a mean over everything', { nodes: [node('ReduceMean', ['x'])] }, /axes \[\]/],
    [
      'padding of another kind',
      {
        nodes: [node('Pad', ['x', 'p'], [word('mode', 'odd')])],
        initializers: [integers('p', [0, 0, 1, 1, 0, 0, 1, 1])],
      },
      /"odd"/,
    ],
    [
      'more mirrored values than there are',
      {
        nodes: [node('Pad', ['x', 'p'], [word('mode', 'reflect')])],
        initializers: [integers('p', [0, 0, 6, 0, 0, 0, 0, 0])],
      },
      /6 values by "reflect" with more than there are/,
    ],
    [
      'padding of the batch',
      { nodes: [node('Pad', ['x', 'p'])], initializers: [integers('p', [1, 0, 0, 0, 0, 0, 0, 0])] },
      /pads the batch/,
    ],
    ['softmax over the batch', { nodes: [node('Softmax', ['x'], [integer('axis', 0)])] }, /axis 0/],
    [
      'an old softmax over whole images',
      { nodes: [node('Softmax', ['x'])], opset: 9 },
      /all values of an image/,
    ],
    ['a flatten that keeps channels', { nodes: [node('Flatten', ['x'], [integer('axis', 2)])] }, /axis 2/],
    [
      'a reshape that joins images',
      { nodes: [node('Reshape', ['x', 's'])], initializers: [integers('s', [1, -1])] },
      /does not keep images apart/,
    ],
    [
      'a transposition that moves the batch',
      { nodes: [node('Transpose', ['x'], [list('perm', [1, 0, 2, 3])])] },
      /\[1, 0, 2, 3\], expected the batch/,
    ],
    ['a split of the batch', { nodes: [node('Split', ['x'], [], ['y', 'z'])] }, /takes the batch/],
    [
      'a split that leaves something over',
      {
        nodes: [node('Split', ['x', 's'], [integer('axis', 1)], ['y', 'z'])],
        initializers: [integers('s', [1, 2])],
      },
      /splits 4 values into 2 parts of \[1, 2\]/,
    ],
    [
      'an empty slice',
      {
        nodes: [node('Slice', ['x', 'a', 'b', 'c'])],
        initializers: [integers('a', [3]), integers('b', [3]), integers('c', [2])],
      },
      /leaves nothing of 6 values \(3 to 3\)/,
    ],
    [
      'an index beyond the channels',
      { nodes: [node('Gather', ['x', 'i'], [integer('axis', 1)])], initializers: [integers('i', [4])] },
      /index 4 is not one of 4 values/,
    ],
    [
      'a cubic resize',
      {
        nodes: [node('Resize', ['x', '', 's'], [word('mode', 'cubic')])],
        initializers: [floats('s', [4], 1)],
      },
      /by "cubic", expected nearest or linear/,
    ],
    [
      'a resize of channels',
      { nodes: [node('Resize', ['x', '', 's'])], initializers: [floats('s', [4], 2)] },
      /expected height and width only/,
    ],
    ['a join of images of a batch', { nodes: [node('Concat', ['x', 'x'], [integer('axis', 0)])] }, /axis 0/],
    [
      'a sum of an image and a vector',
      {
        nodes: [
          node('GlobalAveragePool', ['x'], [], ['g']),
          node('Flatten', ['g'], [], ['f']),
          node('Add', ['x', 'f']),
        ],
      },
      /different numbers of axes, such as an image with a vector/,
    ],
    [
      'slopes of another shape',
      {
        nodes: [node('PRelu', ['x', 's'])],
        initializers: [{ ...floats('s', [2, 1, 1, 1, 1]), floatData: Float32Array.of(1, 2) }],
      },
      /constant operand has the shape 2×1×1×1×1/,
    ],
    ['a cast to integers', { nodes: [node('Cast', ['x'], [integer('to', 7)])] }, /into int64/],
  ];

  it.each(cases)('%s', (_, parts, reason) => {
    const problems = unsupportedNodes(read(parts));
    expect(problems).toHaveLength(1);
    expect(problems[0]!.code).toBe('unsupported-operator');
    expect(problems[0]!.message).toMatch(reason);
  });

  it('are listed once, without what only lies behind them', () => {
    const nodes = [
      node('LSTM', ['x'], [], ['h']),
      node('Softmax', ['h'], [], ['s']),
      node('Reshape', ['s', 'e'], [], ['r']),
      node('GRU', ['r'], [], ['g']),
      node('Transpose', ['g'], [list('perm', [0, 2, 1])]),
    ];
    const problems = unsupportedNodes(read({ nodes, initializers: [integers('e', [0, -1])] }));
    expect(problems.map(({ message }) => /\((\w+)\)/.exec(message)![1])).toEqual(['LSTM', 'GRU']);
  });

  it('leave what follows them in the graph', () => {
    const network = read({
      nodes: [node('LSTM', ['x', 'w'], [], ['h']), node('Relu', ['h'])],
      initializers: [w],
    });
    expect(network.nodes.map(({ name, inputs, output }) => ({ name, inputs, output }))).toEqual([
      { name: 'h', inputs: ['x'], output: 'h' },
      { name: 'y', inputs: ['h'], output: 'y' },
    ]);
  });

  it('are one for each of their values that is read', () => {
    const split = node('LSTM', ['x'], [], ['a', 'unread', 'b']);
    const network = read({ nodes: [split, node('Add', ['a', 'b'])] });
    expect(network.nodes.map(({ output }) => output)).toEqual(['a', 'b', 'y']);
  });
});

describe('names', () => {
  it("are the nodes' own, else their values', and are made unique", () => {
    const nodes = [
      { ...node('Relu', ['x'], [], ['a']), name: 'same' },
      { ...node('Relu', ['a'], [], ['b']), name: 'same' },
      node('Relu', ['b'], [], ['y']),
    ];
    expect(read({ nodes }).nodes.map(({ name }) => name)).toEqual(['same', 'same_2', 'y']);
  });

  it('of a constant serve every node that reads it, in one node', () => {
    const nodes = [node('Add', ['x', 'c'], [], ['a']), node('Mul', ['a', 'c'])];
    const network = read({ nodes, initializers: [floats('c', [4, 1, 1])] });
    expect(network.nodes.map(({ name, operator }) => [name, operator.kind])).toEqual([
      ['c', 'constant'],
      ['a', 'add'],
      ['y', 'multiply'],
    ]);
  });
});

describe('metadata', () => {
  it('is read by key, whatever the key is called', () => {
    const metadata = [
      { key: 'target', value: '0.5' },
      { key: '__proto__', value: 'harmless' },
    ];
    const { metadata: found } = read({ nodes: [relu], change: (model) => ({ ...model, metadata }) });
    expect(Object.entries(found)).toEqual([
      ['target', '0.5'],
      ['__proto__', 'harmless'],
    ]);
    expect(Object.getPrototypeOf(found)).toBe(Object.prototype);
  });
});
