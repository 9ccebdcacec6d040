import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leadingSvd, type LeadingSvd } from './leadingSvd';
import { multiply, multiplyTransposed, transpose, transposedMultiply } from './matrix';
import { thinSvd } from './svd';
import { normalMatrix, orthogonalityError, testMatrices } from './testMatrices';

const [rows, columns] = [900, 300];
/** As large a part of the columns as of a dense layer of VGG-16, in as many steps. */
const options = { block: 5, steps: 10 };

/** Some orthonormal columns on either side. */
const sides = thinSvd(normalMatrix(rows, columns, 3), rows, columns);

function decaying(valueAt: (index: number) => number): Float64Array {
  const left = sides.u.map((value, at) => value * valueAt((at % columns) + 1));
  return multiplyTransposed(left, sides.v, rows, columns, columns);
}

const matrices: Readonly<Record<string, () => Float64Array>> = {
  'normal entries': () => normalMatrix(rows, columns, 1),
  'values that fall as i to the −1/4': () => decaying((i) => i ** -0.25),
  'values that fall as i to the −1/2': () => decaying((i) => i ** -0.5),
  'values that fall as 1/i': () => decaying((i) => 1 / i),
  'twenty large values over flat ones': () => decaying((i) => (i <= 20 ? 10 / i : 0.2)),
};

const sumOfSquares = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value * value, 0);

/** Square of what the product of left · leftᵀ leaves of a. */
function leftOver(a: Float64Array, left: Float64Array, rank: number): number {
  const turned = new Float64Array(left.length);
  for (let i = 0; i < rows; i++) for (let k = 0; k < rank; k++) turned[k * rows + i] = left[i * rank + k]!;
  const projected = multiply(left, multiply(turned, a, rank, rows, columns), rows, rank, columns);
  return sumOfSquares(a.map((value, at) => value - projected[at]!));
}

/** Greatest difference of running sums, as a share of the whole sum. */
function sumError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [own, theirs, worst] = [0, 0, 0];
  for (let i = 0; i < expected.length; i++) {
    own += found[i]!;
    theirs += expected[i]!;
    worst = Math.max(worst, Math.abs(own - theirs));
  }
  return worst / theirs;
}

/** What holds of any matrix. */
function expectTriplets(svd: LeadingSvd, a: Float32Array, height: number, width: number): void {
  const { values, singularValues, rank } = svd;
  const [u, v] = [transpose(svd.left, rank, height), transpose(svd.right, rank, width)];
  const size = Math.sqrt(sumOfSquares(a)) || 1;
  expect(singularValues).toHaveLength(Math.min(height, width));
  singularValues.forEach((value, i) => expect(value).toBeLessThanOrEqual(singularValues[i - 1] ?? Infinity));
  expect(singularValues.at(-1)).toBeGreaterThanOrEqual(0);
  const exact = thinSvd(a, height, width).singularValues;
  values.forEach((value, i) => expect(value).toBeLessThanOrEqual(exact[i]! + 1e-5 * size));
  const own = Float64Array.from(a);
  const [longer, image] =
    height >= width
      ? [u, multiply(own, v, height, width, rank)]
      : [v, transposedMultiply(own, u, width, height, rank)];
  const worst = longer.reduce(
    (most, value, at) => Math.max(most, Math.abs(image[at]! - values[at % rank]! * value)),
    0,
  );
  expect(worst).toBeLessThanOrEqual(1e-5 * size);
}

describe('leadingSvd', () => {
  it.each(Object.entries(matrices))('keeps nearly all that its rank can keep of %s', (_, make) => {
    const a = Float32Array.from(make());
    const told: Float64Array[] = [];
    const found = leadingSvd(a, rows, columns, { ...options, onValues: (values) => told.push(values) });
    expect(found.rank).toBe(25);
    expect(told).toEqual([found.singularValues]);
    expect(orthogonalityError(transpose(found.left, found.rank, rows), rows, found.rank)).toBeLessThanOrEqual(
      1e-4,
    );
    expect(
      orthogonalityError(transpose(found.right, found.rank, columns), columns, found.rank),
    ).toBeLessThanOrEqual(1e-5);
    const exact = thinSvd(a, rows, columns).singularValues;
    const least = sumOfSquares(exact.subarray(found.rank));
    const double = Float64Array.from(a);
    expect(leftOver(double, transpose(found.left, found.rank, rows), found.rank)).toBeLessThanOrEqual(
      1.04 * least,
    );
    expect(sumError(found.singularValues, exact)).toBeLessThanOrEqual(0.01);
    expect(sumOfSquares(found.singularValues) / sumOfSquares(a)).toBeCloseTo(1, 3);
  });

  it('is within 15 % of sums where values fall by orders of magnitude', () => {
    const a = Float32Array.from(decaying((i) => 10 ** (-i / 60)));
    const found = leadingSvd(a, rows, columns, options);
    const exact = thinSvd(a, rows, columns).singularValues;
    expect(sumError(found.singularValues, exact)).toBeLessThanOrEqual(0.15);
    const least = sumOfSquares(exact.subarray(found.rank));
    expect(
      leftOver(Float64Array.from(a), transpose(found.left, found.rank, rows), found.rank),
    ).toBeLessThanOrEqual(1.04 * least);
  });

  it('finds triplets of any matrix, whatever its shape, rank and size of entries', () => {
    fc.assert(
      fc.property(
        testMatrices(40),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 5 }),
        (matrix, block, steps) => {
          const a = Float32Array.from(matrix.data);
          fc.pre(block * steps >= 2 && block * steps <= Math.min(matrix.rows, matrix.columns));
          fc.pre(a.every(Number.isFinite));
          expectTriplets(
            leadingSvd(a, matrix.rows, matrix.columns, { block, steps }),
            a,
            matrix.rows,
            matrix.columns,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('repeats itself, leaves its input alone, and takes either side as the longer one', () => {
    const a = Float32Array.from(normalMatrix(60, 40, 5));
    const before = a.slice();
    const first = leadingSvd(a, 60, 40, { block: 2, steps: 6 });
    expect(leadingSvd(a, 60, 40, { block: 2, steps: 6 })).toEqual(first);
    expect(a).toEqual(before);
    const turned = new Float32Array(a.length);
    for (let i = 0; i < 60; i++) for (let j = 0; j < 40; j++) turned[j * 60 + i] = a[i * 40 + j]!;
    const other = leadingSvd(turned, 40, 60, { block: 2, steps: 6 });
    expect(other.singularValues).toEqual(first.singularValues);
    expect(other.left.map(Math.abs)).toEqual(first.right.map(Math.abs));
  });

  it('names what is wrong with its input', () => {
    const a = new Float32Array(600).fill(1);
    expect(() => leadingSvd(a, 30, 20)).toThrow(
      'leadingSvd: expected a space of 2…20 dimensions, got 64 times 10',
    );
    expect(() => leadingSvd(a, 30, 21)).toThrow('leadingSvd: expected 30×21 = 630 values, got 600');
  });
});
