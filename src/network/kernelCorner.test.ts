import fc from 'fast-check';
import { expect, test } from 'vitest';
import { factoriseLayer } from './factors';
import { cornerAtRank, kernelCorner } from './kernelCorner';
import type { Factorisation } from './layers';
import { arbitraryConvolution, nodeOf, randomDense, seededNumbers } from './testing/builders';
import { unfoldGroup, unfoldingOf } from './unfolding';

const all = { rows: Infinity, columns: Infinity, rank: Infinity };
const closeTo = (values: Float32Array, expected: Float32Array) => {
  expect(values.length).toBe(expected.length);
  values.forEach((value, index) => expect(value).toBeCloseTo(expected[index]!, 3));
};

test('the whole corner is the unfolded kernel, and its factors at full rank give it back', () => {
  const splits = fc.constantFrom<Factorisation>('spatial', 'channel');
  fc.assert(
    fc.property(fc.integer(), splits, (seed, factorisation) => {
      const node = nodeOf('layer', ['image'], arbitraryConvolution(seededNumbers(seed)).operator);
      const corner = kernelCorner(node, factoriseLayer(node, factorisation), all);
      const { operator } = node;
      if (operator.kind !== 'conv2d') throw new Error('expected a convolution');
      expect(corner.kernel).toEqual(unfoldGroup(unfoldingOf({ ...node, operator }, factorisation), 0));
      expect([corner.rows, corner.columns]).toEqual([corner.whole.rows, corner.whole.columns]);
      closeTo(cornerAtRank(corner, corner.rank), corner.kernel);
    }),
    { numRuns: 40 },
  );
});

test('a corner is the same numbers as in the whole, at every rank', () => {
  const node = nodeOf('layer', ['image'], randomDense(seededNumbers(7), 12, 9));
  const factors = factoriseLayer(node, 'dense');
  const whole = kernelCorner(node, factors, all);
  const corner = kernelCorner(node, factors, { rows: 5, columns: 4, rank: 3 });
  expect(corner).toMatchObject({ rows: 5, columns: 4, rank: 3, whole: { rows: 12, columns: 9, groups: 1 } });
  for (const rank of [0, 1, 3]) {
    const product = cornerAtRank(whole, rank);
    const own = cornerAtRank(corner, rank);
    own.forEach((value, index) =>
      expect(value).toBeCloseTo(product[Math.floor(index / 4) * 9 + (index % 4)]!, 5),
    );
  }
  // More filters than there are change nothing.
  expect(cornerAtRank(corner, 9)).toEqual(cornerAtRank(corner, 3));
});
