import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import type { Conv2d, Operator, Shape } from '../../network/graph';
import { inferShapes, sizeOf } from '../../network/shapes';
import {
  activation,
  chainOf,
  randomConvolution,
  seededNumbers,
  square,
} from '../../network/testing/builders';
import { startNodeBackend } from '../testing/nodeBackend';
import { parametersOf } from './parameters';
import { gradientCases, type GradientCase } from './testing/gradientCases';
import { gradientOf, numericalGradient, somePlaces } from './testing/gradients';

/** What the issue allows, of the largest of a gradient's numbers. */
const tolerance = 1e-3;

function largestShare(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(found.length).toBe(expected.length);
  const scale = Array.from(expected).reduce((max, value) => Math.max(max, Math.abs(value)), 1e-3);
  return Array.from(expected).reduce(
    (max, value, at) => Math.max(max, Math.abs(value - found[at]!) / scale),
    0,
  );
}

function cotangentOf(network: GradientCase['network']): Float32Array {
  const shape: Shape = inferShapes(network).shapes.get(network.outputs[0]!)!;
  return seededNumbers(7).values(2 * sizeOf(shape), 1);
}

const kinds = new Set(
  gradientCases.flatMap(({ network }) => network.nodes.map(({ operator }) => operator.kind)),
);
const allKinds: Record<Exclude<Operator['kind'], 'unsupported' | 'quantise' | 'dynamicQuantise'>, true> = {
  ...{ conv2d: true, dense: true, batchNorm: true, activation: true, parametricRelu: true, pool: true },
  ...{ globalPool: true, add: true, multiply: true, elementwise: true, matrixProduct: true, concat: true },
  ...{ pad: true, flatten: true, reshape: true, transpose: true, slice: true, gather: true, resize: true },
  ...{ reduce: true, softmax: true, logSoftmax: true, localResponseNormalisation: true, identity: true },
  constant: true,
};

test('every operator has a case', () => {
  expect([...kinds].sort()).toEqual(Object.keys(allKinds).sort());
});

/** Both backends are held against the same differences. */
const differences = new Map<GradientCase, readonly number[]>();

function expectedOf(
  one: GradientCase,
  cotangent: Float32Array,
  places: readonly number[],
): readonly number[] {
  const known = differences.get(one) ?? numericalGradient(one.network, one.input, cotangent, places);
  differences.set(one, known);
  return known;
}

describe.each(['wasm', 'cpu'] as const)(
  'gradients on %s against differences in double precision',
  (backend) => {
    test.each(gradientCases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
      await startNodeBackend(backend);
      const { network, input } = one;
      const cotangent = cotangentOf(network);
      const before = tf.memory().numTensors;
      const found = await gradientOf(network, input, cotangent);
      expect(tf.memory().numTensors).toBe(before);
      const places = somePlaces(network);
      const ours = places.map((at) => found[at]!);
      expect(largestShare(ours, expectedOf(one, cotangent, places))).toBeLessThan(tolerance);
    });
  },
);

test('values that are rounded to levels pass gradients on within their range', async () => {
  await startNodeBackend('wasm');
  const rounding = { kind: 'quantise', type: 'uint8', scale: 0.01, zeroPoint: 100 } as const;
  const weights = { shape: [1, 3], data: Float32Array.of(0.5, 9, -9) };
  const network = chainOf([1], [{ kind: 'dense', weights, bias: null }, rounding]);
  const found = await gradientOf(network, Float32Array.of(2), Float32Array.of(3, 3, 3));
  expect([...found]).toEqual([6, 0, 0]);
});

test('what two layers use is one parameter, with the gradients of both', async () => {
  await startNodeBackend('wasm');
  const shared = randomConvolution(seededNumbers(2), { kernel: square(1), inputs: 4, outputs: 4 });
  const network = chainOf([2, 2, 4], [shared, activation('tanh'), shared]);
  const input = seededNumbers(3).values(16);
  const cotangent = seededNumbers(4).values(16);
  const found = await gradientOf(network, input, cotangent);
  expect(found.length).toBe(20);
  const places = Array.from(found.keys());
  expect(largestShare(found, numericalGradient(network, input, cotangent, places))).toBeLessThan(tolerance);
});

test('a layer that the file holds in fewer bits is left as it is', () => {
  const [layer, other] = [2, 3].map((seed) =>
    randomConvolution(seededNumbers(seed), { kernel: square(1), inputs: 4, outputs: 4, bias: false }),
  ) as [Conv2d, Conv2d];
  const stored = {
    type: 'int8',
    values: new Int8Array(16),
    scales: new Float32Array(4),
    zeroPoint: 0,
  } as const;
  const network = chainOf([2, 2, 4], [{ ...layer, kernel: { ...layer.kernel, stored } }, layer, other]);
  expect(parametersOf(network).list.map(({ node }) => node)).toEqual(['conv2d2']);
});
