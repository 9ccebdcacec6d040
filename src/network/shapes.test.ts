import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Operator, Shape } from './graph';
import { inferShapes, outputShape, sizeOf } from './shapes';
import {
  activation,
  arbitraryConvolution,
  arbitraryPool,
  chainOf,
  evenPadding,
  networkOf,
  nodeOf,
  randomConvolution,
  randomDense,
  seededNumbers,
  smallResidualNetwork,
  square,
} from './testing/builders';
import { runReference, runReferenceOperator, valueOf } from './testing/referenceExecutor';

const numbers = seededNumbers(3);

function computedShape(operator: Operator, inputs: readonly Shape[]): Shape {
  const values = inputs.map((shape) => valueOf(shape, seededNumbers(1).values(sizeOf(shape))));
  return runReferenceOperator(operator, values).shape;
}

function inferredShape(operator: Operator, inputs: readonly Shape[]): Shape {
  return outputShape(nodeOf('node', ['a', 'b', 'c'].slice(0, inputs.length), operator), inputs);
}

describe('outputShape', () => {
  it('agrees with what is computed for any convolution and pool', () => {
    fc.assert(
      fc.property(fc.nat(), fc.boolean(), (seed, pooled) => {
        const make = pooled ? arbitraryPool : arbitraryConvolution;
        const { operator, input } = make(seededNumbers(seed));
        expect(inferredShape(operator, [input])).toEqual(computedShape(operator, [input]));
      }),
      { numRuns: 400 },
    );
  });

  const cases: readonly [string, Operator, readonly Shape[], Shape][] = [
    ['an image in another order', { kind: 'transpose', permutation: [2, 0, 1] }, [[4, 5, 3]], [3, 4, 5]],
    ['every second row', { kind: 'slice', axis: 0, start: 1, end: 4, step: 2 }, [[4, 5, 3]], [2, 5, 3]],
    ['picked channels', { kind: 'gather', axis: 2, indices: [2, 2, 0, 1] }, [[4, 5, 3]], [4, 5, 4]],
    [
      'a mean per channel',
      { kind: 'reduce', function: 'mean', axes: [0, 1], keepDimensions: false },
      [[4, 5, 3]],
      [3],
    ],
    [
      'a maximum over channels, kept',
      { kind: 'reduce', function: 'max', axes: [2], keepDimensions: true },
      [[4, 5, 3]],
      [4, 5, 1],
    ],
    [
      'products of matrices',
      { kind: 'matrixProduct' },
      [
        [2, 1, 4, 5],
        [3, 5, 6],
      ],
      [2, 3, 4, 6],
    ],
    [
      'a difference that stretches',
      { kind: 'elementwise', function: 'subtract' },
      [[3], [4, 5, 3]],
      [4, 5, 3],
    ],
    [
      'slopes per channel',
      { kind: 'parametricRelu', slopes: { shape: [3], data: new Float32Array(3) } },
      [[4, 5, 3]],
      [4, 5, 3],
    ],
    ['a channel vector on an image', { kind: 'multiply' }, [[4, 5, 3], [3]], [4, 5, 3]],
    ['extents of 1 on both sides', { kind: 'add' }, [[4, 1, 3], [1, 5, 1], []], [4, 5, 3]],
    [
      'a concat of channels',
      { kind: 'concat', axis: 2 },
      [
        [4, 5, 3],
        [4, 5, 1],
      ],
      [4, 5, 4],
    ],
    [
      'a concat of rows',
      { kind: 'concat', axis: 0 },
      [
        [4, 5, 3],
        [2, 5, 3],
        [1, 5, 3],
      ],
      [7, 5, 3],
    ],
    [
      'an uneven pad',
      { kind: 'pad', padding: { top: 1, bottom: 0, left: 2, right: 3 }, value: 7 },
      [[4, 5, 3]],
      [5, 10, 3],
    ],
    ['a flatten', { kind: 'flatten', order: 'chw' }, [[4, 5, 3]], [60]],
    ['a reshape to an image', { kind: 'reshape', order: 'chw', shape: [2, 6, 5] }, [[60]], [2, 6, 5]],
    [
      'a global pool',
      { kind: 'globalPool', reduce: 'average', keepDimensions: true },
      [[4, 5, 3]],
      [1, 1, 3],
    ],
    [
      'a global pool to a vector',
      { kind: 'globalPool', reduce: 'max', keepDimensions: false },
      [[4, 5, 3]],
      [3],
    ],
    ['a dense layer on every pixel', randomDense(numbers, 3, 7), [[4, 5, 3]], [4, 5, 7]],
    ['a constant', { kind: 'constant', value: { shape: [1, 2], data: new Float32Array(2) } }, [], [1, 2]],
    [
      'local normalisation',
      { kind: 'localResponseNormalisation', size: 3, alpha: 1, beta: 1, bias: 1 },
      [[2, 2, 5]],
      [2, 2, 5],
    ],
  ];

  it.each(cases)('knows %s', (_, operator, inputs, expected) => {
    expect(inferredShape(operator, inputs)).toEqual(expected);
    expect(computedShape(operator, inputs)).toEqual(expected);
  });

  const conv = randomConvolution(numbers, { kernel: square(3), inputs: 4, outputs: 6 });
  const pool: Operator = { ...arbitraryPool(numbers).operator, window: square(2), padding: evenPadding(2) };
  const misfits: readonly [Operator, readonly Shape[], RegExp][] = [
    [
      conv,
      [[8, 8, 3]],
      /^Node "node" \(conv2d\): expected 4 input channels, found an input of shape 8×8×3; export the network again\.$/,
    ],
    [conv, [[64]], /expected an image \(height×width×channels\), found 64/],
    [conv, [[2, 8, 4]], /window of 3×3 does not fit an input of shape 2×8×4/],
    [{ ...conv, groups: 4 }, [[8, 8, 16]], /6 output channels cannot be split into 4 groups/],
    [{ ...conv, stride: square(0) }, [[8, 8, 4]], /strides.*at least 1, found 0/],
    [
      { ...conv, padding: { ...evenPadding(0), left: -1 } },
      [[8, 8, 4]],
      /padding must be whole numbers of at least 0, found -1/,
    ],
    [pool, [[8, 8, 3]], /padding must be smaller than the window of 2×2/],
    [randomDense(numbers, 5, 2), [[4]], /expected 5 inputs on the last axis, found an input of shape 4/],
    [
      { kind: 'add' },
      [
        [4, 4, 3],
        [4, 2, 3],
      ],
      /shapes 4×4×3 and 4×2×3 cannot be combined/,
    ],
    [{ kind: 'add' }, [[4, 4, 3]], /expected at least 2 input\(s\), found 1/],
    [
      { kind: 'concat', axis: 2 },
      [
        [4, 4, 3],
        [2, 4, 3],
      ],
      /cannot be joined on axis 2/,
    ],
    [{ kind: 'concat', axis: 3 }, [[4, 4, 3]], /axis 3 is not one of the 3 axes/],
    [
      { kind: 'reshape', order: 'hwc', shape: [7] },
      [[4, 2]],
      /cannot reshape 4×2 \(8 values\) to 7 \(7 values\)/,
    ],
    [
      { kind: 'transpose', permutation: [0, 0, 2] },
      [[4, 5, 3]],
      /\[0, 0, 2\] is no order of the axes of 4×5×3/,
    ],
    [
      { kind: 'slice', axis: 1, start: 3, end: 6, step: 1 },
      [[4, 5, 3]],
      /3 to 6 is no part of axis 1 of 4×5×3/,
    ],
    [
      { kind: 'slice', axis: 1, start: 1, end: 4, step: 0 },
      [[4, 5, 3]],
      /steps must be.*at least 1, found 0/,
    ],
    [{ kind: 'gather', axis: 0, indices: [4] }, [[4, 5, 3]], /index 4 is not one of axis 0 of 4×5×3/],
    [
      { kind: 'reduce', function: 'sum', axes: [3], keepDimensions: true },
      [[4, 5, 3]],
      /axis 3 is not one of the 3 axes/,
    ],
    [
      { kind: 'matrixProduct' },
      [
        [4, 5],
        [4, 5],
      ],
      /matrices of shapes 4×5 and 4×5 cannot be multiplied/,
    ],
    [{ kind: 'elementwise', function: 'divide' }, [[4], [4], [4]], /divide takes two inputs, found 3/],
    [
      { kind: 'parametricRelu', slopes: { shape: [4], data: new Float32Array(4) } },
      [[4, 5, 1]],
      /slopes of shape 4 do not fit an input of shape 4×5×1/,
    ],
    [
      {
        kind: 'resize',
        method: 'nearest',
        size: square(0),
        scale: square(1),
        coordinates: 'asymmetric',
        rounding: 'floor',
      },
      [[4, 5, 3]],
      /sizes must be.*at least 1, found 0/,
    ],
    [
      { kind: 'unsupported', operator: 'LSTM', reason: 'it keeps state.' },
      [[4]],
      /Node "node" \(LSTM\) is not supported: it keeps state/,
    ],
  ];

  it.each(misfits)('says why %o does not fit %o', (operator, inputs, sentence) => {
    expect(() => inferredShape(operator, inputs)).toThrow(sentence);
  });
});

describe('inferShapes', () => {
  it('gives every value the shape that is computed', () => {
    const network = smallResidualNetwork();
    const values = runReference(network, seededNumbers(2).values(12 * 12 * 3));
    const { shapes, problems } = inferShapes(network);
    expect(problems).toEqual([]);
    expect(Object.fromEntries(shapes)).toEqual(
      Object.fromEntries([...values].map(([name, { shape }]) => [name, shape])),
    );
  });

  it('leaves out what follows an unsupported node without calling it a problem', () => {
    const network = networkOf(
      [4],
      [
        nodeOf('odd', ['image'], { kind: 'unsupported', operator: 'LSTM', reason: 'it keeps state.' }),
        nodeOf('after', ['odd:0'], activation('relu')),
        nodeOf('beside', ['image'], activation('relu')),
      ],
    );
    const { shapes, problems } = inferShapes(network);
    expect(problems).toEqual([]);
    expect([...shapes.keys()]).toEqual(['image', 'beside:0']);
  });

  it('reports a misfit once, not again for the nodes behind it', () => {
    const { problems } = inferShapes(
      chainOf([5], [randomDense(numbers, 4, 3), activation('relu'), randomDense(numbers, 3, 2)]),
    );
    expect(problems.map(({ code, message }) => [code, message])).toEqual([
      [
        'invalid-network',
        'Node "dense0" (dense): expected 4 inputs on the last axis, found an input of shape 5; export the network again.',
      ],
    ]);
  });
});
