import { describe, expect, it } from 'vitest';
import type { Conv2d, GraphNode, Operator } from '../../../network/graph';
import { unsupportedNodes } from '../../../network/validate';
import { elementType, type NodeInput, type TensorInput } from './schema';
import { readOnnx } from './read';
import { integer, node, read } from './testing/building';
import { writeOnnx } from './write';

const real = (name: string, dims: number[], floatData: number[]): TensorInput => ({
  ...{ name, dims, dataType: elementType.float },
  floatData: Float32Array.from(floatData),
});
const bytes = (name: string, dims: number[], type: 'int8' | 'uint8' | 'int32', values: number[]) => ({
  ...{ name, dims, dataType: elementType[type] },
  int32Data: values,
});
/** Two outputs of four channels. */
const levels = [1, -2, 3, 4, 5, -6, 7, -128];
const weights = bytes('q', [2, 4, 1, 1], 'int8', levels);

function kernelOf(nodes: readonly NodeInput[], initializers: readonly TensorInput[]): Conv2d {
  const network = read({ nodes, initializers });
  expect(unsupportedNodes(network)).toEqual([]);
  const [convolution] = network.nodes as readonly GraphNode<Conv2d>[];
  return convolution!.operator;
}

describe('ONNX weights behind DequantizeLinear', () => {
  const convolution = [node('DequantizeLinear', ['q', 's'], [], ['w']), node('Conv', ['x', 'w'])];

  it('are read where they have one scale', () => {
    const { kernel } = kernelOf(convolution, [weights, real('s', [], [0.5])]);
    // [1, 1, 4, 2]: the outputs lie innermost.
    expect([...kernel.data]).toEqual([0.5, 2.5, -1, -3, 1.5, 3.5, 2, -64]);
  });

  it('are read where each output channel has its own, with its own zero point', () => {
    const nodes = [
      node('DequantizeLinear', ['q', 's', 'z'], [integer('axis', 0)], ['w']),
      node('Conv', ['x', 'w']),
    ];
    const zeros = bytes('z', [2], 'int8', [1, -128]);
    const { kernel } = kernelOf(nodes, [weights, real('s', [2], [1, 0.25]), zeros]);
    expect([...kernel.data]).toEqual([0, 33.25, -3, 30.5, 2, 33.75, 3, 0]);
  });

  it('are read along an axis that is counted from the end, and a bias in int32', () => {
    const nodes = [
      node('DequantizeLinear', ['q', 's'], [integer('axis', -4)], ['w']),
      node('DequantizeLinear', ['b', 't'], [], ['c']),
      node('Conv', ['x', 'w', 'c']),
    ];
    const bias = [bytes('b', [2], 'int32', [1000, -70000]), real('t', [], [0.001])];
    const { kernel, bias: read } = kernelOf(nodes, [weights, real('s', [2], [1, 2]), ...bias]);
    expect([...kernel.data.slice(0, 2)]).toEqual([1, 10]);
    expect([...read!]).toEqual([1, -70].map(Math.fround));
  });

  it('are read where a QuantizeLinear makes them of floats, as training with rounding leaves them', () => {
    const nodes = [
      node('QuantizeLinear', ['f', 's', 'z'], [integer('axis', 0)], ['q']),
      node('DequantizeLinear', ['q', 's', 'z'], [integer('axis', 0)], ['w']),
      node('Conv', ['x', 'w']),
    ];
    const initializers = [
      real('f', [2, 4, 1, 1], [0.24, 0.26, -0.75, 1.25, 300, -300, 1, 3]),
      real('s', [2], [0.5, 2]),
      bytes('z', [2], 'int8', [0, 0]),
    ];
    // Ties go to the even level; what is beyond the last level is the last one.
    const { kernel } = kernelOf(nodes, initializers);
    expect([...kernel.data]).toEqual([0, 254, 0.5, -256, -1, 0, 1, 4]);
  });

  it.each<[string, NodeInput, TensorInput, string]>([
    [
      'scales that do not fit',
      node('DequantizeLinear', ['q', 's'], [integer('axis', 0)], ['w']),
      real('s', [3], [1, 1, 1]),
      'its scales are 3 for levels of 2×4×1×1 along axis 0',
    ],
    [
      'blocks',
      node('DequantizeLinear', ['q', 's'], [integer('block_size', 2)], ['w']),
      real('s', [], [1]),
      'its levels share a scale in blocks',
    ],
    [
      'scales in whole numbers',
      node('DequantizeLinear', ['q', 's'], [], ['w']),
      bytes('s', [], 'int32', [1]),
      'its scale is no floating-point number',
    ],
    [
      'zero points that do not fit',
      node('DequantizeLinear', ['q', 's', 'q'], [], ['w']),
      real('s', [], [1]),
      'its zero points are 2×4×1×1, its scales 1',
    ],
    [
      'floats for levels',
      node('DequantizeLinear', ['s', 's'], [], ['w']),
      real('s', [], [1]),
      'its levels are floating-point numbers',
    ],
    [
      'levels of another type',
      node('QuantizeLinear', ['s', 's', 'i'], [], ['w']),
      real('s', [], [1]),
      'it turns floating-point numbers into type 22',
    ],
  ])('are listed with a reason: %s', (_, dequantise, scales, reason) => {
    const packed = { name: 'i', dims: [1], dataType: 22, int32Data: [1] };
    const network = read({
      nodes: [dequantise, node('Conv', ['x', 'w'])],
      initializers: [weights, scales, packed],
    });
    expect(unsupportedNodes(network)[0]!.message).toContain(reason);
  });
});

describe('ONNX weights in fewer bits', () => {
  const scales = real('s', [2], [1, 0.5]);
  const perOutput = [
    node('DequantizeLinear', ['q', 's'], [integer('axis', 0)], ['w']),
    node('Conv', ['x', 'w']),
  ];

  it('keep their levels, in our order of axes', () => {
    const { kernel } = kernelOf(perOutput, [weights, scales]);
    expect(kernel.stored).toEqual({
      ...{ type: 'int8', zeroPoint: 0, scales: Float32Array.of(1, 0.5) },
      values: Int8Array.of(1, 5, -2, -6, 3, 7, 4, -128),
    });
  });

  it('are written again as they were', () => {
    const network = read({ nodes: perOutput, initializers: [weights, scales] });
    const again = readOnnx({ name: 'again.onnx', bytes: writeOnnx(network) });
    expect(again.nodes[0]!.operator).toEqual(network.nodes[0]!.operator);
  });

  it('keep nothing where they are computed with first', () => {
    const nodes = [perOutput[0]!, node('Neg', ['w'], [], ['n']), node('Conv', ['x', 'n'])];
    const { kernel } = kernelOf(nodes, [weights, scales]);
    expect(kernel.data[0]).toBe(-1);
    expect(kernel).not.toHaveProperty('stored');
  });

  it('keep nothing where inputs have scales of their own', () => {
    const along = node('DequantizeLinear', ['q', 's'], [integer('axis', 1)], ['w']);
    const four = real('s', [4], [1, 2, 3, 4]);
    const { kernel } = kernelOf([along, node('Conv', ['x', 'w'])], [weights, four]);
    expect([...kernel.data.slice(0, 4)]).toEqual([1, 5, -4, -12]);
    expect(kernel).not.toHaveProperty('stored');
  });
});

describe('ONNX values between QuantizeLinear and DequantizeLinear', () => {
  const scale = real('s', [], [0.5]);
  const zero = bytes('z', [], 'uint8', [3]);
  const from = node('QuantizeLinear', ['x', 's', 'z'], [], ['l']);
  const back = node('DequantizeLinear', ['l', 's', 'z'], [], ['v']);

  function operators(nodes: readonly NodeInput[], initializers: readonly TensorInput[] = [scale, zero]) {
    const network = read({ nodes, initializers });
    expect(unsupportedNodes(network)).toEqual([]);
    return network.nodes.map(({ operator }): Operator => operator);
  }

  it('are one rounding, whoever reads it', () => {
    const again = node('DequantizeLinear', ['l', 's', 'z'], [], ['w']);
    expect(operators([from, back, again, node('Add', ['v', 'w'])])).toEqual([
      { kind: 'quantise', type: 'uint8', scale: 0.5, zeroPoint: 3 },
      { kind: 'add' },
    ]);
  });

  it('have unsigned levels from zero where nothing says otherwise', () => {
    const nodes = [
      node('QuantizeLinear', ['x', 's'], [], ['l']),
      node('DequantizeLinear', ['l', 's'], [], ['v']),
      node('Relu', ['v']),
    ];
    expect(operators(nodes, [scale])[0]).toMatchObject({ type: 'uint8', zeroPoint: 0 });
  });

  it('may be moved as levels', () => {
    const attributes = [{ name: 'kernel_shape', type: 7, integers: [2, 2] }];
    const nodes = [
      ...[from, node('MaxPool', ['l'], attributes, ['m'])],
      ...[node('DequantizeLinear', ['m', 's', 'z'], [], ['v']), node('Relu', ['v'])],
    ];
    expect(operators(nodes).map(({ kind }) => kind)).toEqual(['quantise', 'pool', 'activation']);
  });

  const otherZero = bytes('o', [], 'uint8', [4]);
  it.each<[string, readonly NodeInput[], string]>([
    [
      'another zero point on the way back',
      [from, node('DequantizeLinear', ['l', 's', 'o'], [], ['v']), node('Relu', ['v'])],
      'its scale or zero point is not that by which "l" was quantised',
    ],
    [
      'whole numbers of the input',
      [node('DequantizeLinear', ['x', 's', 'z'])],
      `its input "x" is no QuantizeLinear's`,
    ],
    [
      'arithmetic on levels',
      [from, node('Relu', ['l'])],
      'it computes in whole numbers ("l"); export the network with QuantizeLinear and DequantizeLinear',
    ],
    [
      'levels for an answer',
      [node('QuantizeLinear', ['x', 's', 'z'])],
      'the network answers with its whole numbers',
    ],
    [
      'moved levels for an answer',
      [from, node('Identity', ['l'])],
      'the network answers with its whole numbers',
    ],
    [
      'a scale of zero',
      [node('QuantizeLinear', ['x', 'n', 'z'], [], ['l']), back, node('Relu', ['v'])],
      'its scale is 0, expected a positive number',
    ],
    ['no scale', [node('QuantizeLinear', ['x'])], 'its scale is missing, expected a positive number'],
    [
      'levels in float',
      [node('QuantizeLinear', ['x', 's', 'n'])],
      'its levels are of no known type, expected bytes',
    ],
    [
      'several zero points',
      [node('QuantizeLinear', ['x', 's', 'm'])],
      'its zero point is more than one number',
    ],
  ])('are listed with a reason: %s', (_, nodes, reason) => {
    const initializers = [scale, zero, otherZero, real('n', [], [0]), bytes('m', [2], 'int8', [1, 2])];
    expect(unsupportedNodes(read({ nodes, initializers }))[0]!.message).toContain(reason);
  });
});
