import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { singularValues, thinSvd, type ThinSvd } from './svd';
import { svdReference } from './svdReference';
import {
  matrixWithSingularValues,
  normalMatrix,
  orthogonalityError,
  plainProduct,
  relativeDifference,
  testMatrices,
} from './testMatrices';

function reconstruct({ u, singularValues, v, rank }: ThinSvd, rows: number, columns: number): Float64Array {
  const scaled = u.map((value, index) => value * singularValues[index % rank]!);
  const vTransposed = new Float64Array(rank * columns);
  v.forEach((value, index) => (vTransposed[(index % rank) * columns + Math.floor(index / rank)] = value));
  return plainProduct(scaled, vTransposed, rows, rank, columns);
}

function expectValid(svd: ThinSvd, a: ArrayLike<number>, rows: number, columns: number): void {
  const k = Math.min(rows, columns);
  expect(svd.rank).toBe(k);
  expect(svd.u).toHaveLength(rows * k);
  expect(svd.v).toHaveLength(columns * k);
  expect(svd.singularValues).toHaveLength(k);
  svd.singularValues.forEach((value, i) => {
    expect(value).toBeGreaterThanOrEqual(0);
    if (i > 0) expect(value).toBeLessThanOrEqual(svd.singularValues[i - 1]!);
  });
  expect(orthogonalityError(svd.u, rows, k)).toBeLessThanOrEqual(1e-6);
  expect(orthogonalityError(svd.v, columns, k)).toBeLessThanOrEqual(1e-6);
  expect(relativeDifference(reconstruct(svd, rows, columns), a)).toBeLessThanOrEqual(1e-9);
}

/** The worst of all |⟨x_i, x_j⟩ − δ_ij|, times the lesser value's share of the largest but at least a thousandth. */
function weightedOrthogonalityError(vectors: Float64Array, svd: ThinSvd, length: number): number {
  const { singularValues: values, rank } = svd;
  let worst = 0;
  for (let i = 0; i < rank; i++) {
    for (let j = 0; j <= i; j++) {
      let overlap = i === j ? -1 : 0;
      for (let t = 0; t < length; t++) overlap += vectors[t * rank + i]! * vectors[t * rank + j]!;
      worst = Math.max(worst, Math.abs(overlap) * Math.max(1e-3, values[i]! / (values[0] || 1)));
    }
  }
  return worst;
}

/** Largest difference of two lists of singular values, relative to the largest value. */
function valueError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  const largest = expected[0] || 1;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    worst = Math.max(worst, Math.abs(actual[i]! / largest - expected[i]! / largest));
  }
  return worst;
}

const HILBERT = [
  1.6188998589243393, 0.2423608705752095, 0.016321521319875812, 0.0006157483541826381, 1.257075712264247e-5,
  1.0827994844117585e-7,
];
const WAVY_WIDE = [
  6.525805440905441, 5.199778695610575, 1.7489422971138506, 1.3491837870203423, 0.5518743808245739,
];
const WAVY_TALL = [6.9870427198146405, 4.5691913467293395, 1.8511396086571557, 0.9248679972091587];
const RANK_TWO = [12.269416474076381, 1.208891800643509, 0];

describe.each([
  ['thinSvd', thinSvd],
  ['svdReference', svdReference],
])('%s', (_, decompose) => {
  it('reconstructs any matrix from orthonormal factors and ordered values', () => {
    fc.assert(
      fc.property(testMatrices(24), ({ data, rows, columns }) => {
        expectValid(decompose(data, rows, columns), data, rows, columns);
      }),
      { numRuns: 300 },
    );
  });

  it('finds the singular values a matrix was made of', () => {
    const values = [9, 4, 4, 4, 1, 0.5, 1e-3, 1e-5, 1e-9, 0];
    for (const [rows, columns] of [
      [10, 10],
      [10, 31],
      [40, 10],
    ] as const) {
      const a = matrixWithSingularValues(values, rows, columns, 3);
      const found = decompose(a, rows, columns).singularValues;
      expect(valueError(found, values)).toBeLessThanOrEqual(1e-14);
    }
  });

  /*
   * import numpy as np
   * from scipy.linalg import svd, hilbert   # SciPy 1.10.1
   * f = lambda m, n: np.array([[np.sin(1 + i*i + 3*j) + (i*j % 7) / 3 for j in range(n)] for i in range(m)])
   * svd(hilbert(6), compute_uv=False); svd(f(5, 9), compute_uv=False); svd(f(12, 4), compute_uv=False)
   * svd([[1, 2, 3, 4], [2, 4, 6, 8], [1, 0, 1, 0]], compute_uv=False)
   */
  const wavy = (rows: number, columns: number): Float64Array =>
    Float64Array.from({ length: rows * columns }, (_, index) => {
      const i = Math.floor(index / columns);
      const j = index % columns;
      return Math.sin(1 + i * i + 3 * j) + ((i * j) % 7) / 3;
    });
  const hilbert = Float64Array.from(
    { length: 36 },
    (_, index) => 1 / (Math.floor(index / 6) + (index % 6) + 1),
  );
  it.each([
    { name: 'Hilbert 6×6', a: hilbert, rows: 6, columns: 6, expected: HILBERT },
    { name: 'wavy 5×9', a: wavy(5, 9), rows: 5, columns: 9, expected: WAVY_WIDE },
    { name: 'wavy 12×4', a: wavy(12, 4), rows: 12, columns: 4, expected: WAVY_TALL },
    {
      name: 'rank 2, 3×4',
      a: new Float64Array([1, 2, 3, 4, 2, 4, 6, 8, 1, 0, 1, 0]),
      rows: 3,
      columns: 4,
      expected: RANK_TWO,
    },
  ])('has the singular values SciPy gives for $name', ({ a, rows, columns, expected }) => {
    expect(valueError(decompose(a, rows, columns).singularValues, expected)).toBeLessThanOrEqual(1e-14);
  });
});

describe('thinSvd', () => {
  it('agrees with the reference on singular values', () => {
    fc.assert(
      fc.property(testMatrices(20), ({ data, rows, columns }) => {
        const expected = svdReference(data, rows, columns).singularValues;
        expect(valueError(thinSvd(data, rows, columns).singularValues, expected)).toBeLessThanOrEqual(1e-12);
        expect(valueError(singularValues(data, rows, columns), expected)).toBeLessThanOrEqual(3e-7);
      }),
    );
  });

  it.each([
    [97, 203],
    [203, 97],
    [150, 150],
    [9, 192],
  ])('handles %i×%i, larger than every internal block', (rows, columns) => {
    const a = normalMatrix(rows, columns, rows);
    expectValid(thinSvd(a, rows, columns), a, rows, columns);
  });

  it('handles a large rank-deficient matrix and a large orthogonal one', () => {
    const deficient = plainProduct(normalMatrix(160, 20, 1), normalMatrix(20, 140, 2), 160, 20, 140);
    const svd = thinSvd(deficient, 160, 140);
    expectValid(svd, deficient, 160, 140);
    expect(svd.singularValues[19]).toBeGreaterThan(1);
    expect(svd.singularValues[20]).toBeLessThan(1e-10);
    const orthogonal = thinSvd(normalMatrix(120, 120, 3), 120, 120).u;
    expectValid(thinSvd(orthogonal, 120, 120), orthogonal, 120, 120);
  });

  it.each([
    ['one value far above a hundred equal ones', (i: number) => (i === 0 ? 1e6 : 1)],
    ['three levels far apart', (i: number) => [1, 1e-5, 1e-10][Math.floor(i / 40)]!],
    ['equal values but for 1e-9', (i: number) => 1 + (120 - i) * 1e-9],
    ['a geometric fall over 24 decades', (i: number) => 10 ** (-i / 5)],
  ])('handles %s, side 120', (_, valueAt) => {
    const values = Array.from({ length: 120 }, (_, i) => valueAt(i));
    const a = matrixWithSingularValues(values, 120, 130, 8);
    const svd = thinSvd(a, 120, 130);
    expectValid(svd, a, 120, 130);
    expect(valueError(svd.singularValues, values)).toBeLessThanOrEqual(1e-13);
  });

  it('reads Float32 weights as they are', () => {
    const a = Float32Array.from(normalMatrix(30, 20, 4));
    expect(thinSvd(a, 30, 20)).toEqual(thinSvd(Float64Array.from(a), 30, 20));
  });

  it('gives the leading vectors of the full decomposition when fewer are asked for', () => {
    fc.assert(
      fc.property(testMatrices(24), fc.double({ min: 0, max: 1, noNaN: true }), (matrix, share) => {
        const { data, rows, columns } = matrix;
        const k = Math.min(rows, columns);
        const vectors = 1 + Math.floor(share * (k - 1));
        const part = thinSvd(data, rows, columns, { vectors });
        const whole = thinSvd(data, rows, columns);
        expect(part.rank).toBe(vectors);
        expect(part.u).toHaveLength(rows * vectors);
        expect(part.v).toHaveLength(columns * vectors);
        expect(valueError(part.singularValues, whole.singularValues)).toBeLessThanOrEqual(3e-7);
        expect(orthogonalityError(part.u, rows, vectors)).toBeLessThanOrEqual(1e-6);
        expect(orthogonalityError(part.v, columns, vectors)).toBeLessThanOrEqual(1e-6);
        // Repeated values leave the vectors free, but never the error of the best approximation.
        const error = relativeDifference(reconstruct(part, rows, columns), data);
        const tail = whole.singularValues.map((value, i) => (i < vectors ? 0 : value));
        const min = relativeDifference(
          whole.singularValues.map((value, i) => value - tail[i]!),
          whole.singularValues,
        );
        expect(Math.abs(error - min)).toBeLessThanOrEqual(1e-9);
      }),
    );
  });

  it('in single precision is as good as single precision, its values nearly as good as in double', () => {
    const check = (a: Float64Array, rows: number, columns: number, vectors: number) => {
      const whole = thinSvd(a, rows, columns);
      const part = thinSvd(a, rows, columns, { vectors, precision: 'single' });
      expect(part.rank).toBe(vectors);
      part.singularValues.forEach((value, i) => {
        if (i > 0) expect(value).toBeLessThanOrEqual(part.singularValues[i - 1]!);
        const relative = value / (whole.singularValues[0] || 1);
        const expected = whole.singularValues[i]! / (whole.singularValues[0] || 1);
        expect(Math.abs(relative - expected)).toBeLessThanOrEqual(expected > 1e-3 ? 1e-9 : 3e-7);
      });
      expect(weightedOrthogonalityError(part.u, part, rows)).toBeLessThanOrEqual(1e-5);
      expect(weightedOrthogonalityError(part.v, part, columns)).toBeLessThanOrEqual(1e-5);
      const tail = whole.singularValues.subarray(vectors);
      const min = Math.hypot(...tail) / (Math.hypot(...whole.singularValues) || 1);
      const error = relativeDifference(reconstruct(part, rows, columns), a);
      expect(Math.abs(error - min)).toBeLessThanOrEqual(3e-6);
    };
    fc.assert(
      fc.property(testMatrices(24), fc.double({ min: 0, max: 1, noNaN: true }), (matrix, share) => {
        const k = Math.min(matrix.rows, matrix.columns);
        check(matrix.data, matrix.rows, matrix.columns, 1 + Math.floor(share * (k - 1)));
      }),
    );
    for (const [rows, columns] of [
      [97, 203],
      [310, 150],
      [150, 150],
    ] as const) {
      const a = normalMatrix(rows, columns, rows);
      const k = Math.min(rows, columns);
      for (const vectors of [k, k >> 1]) check(a, rows, columns, vectors);
    }
    for (const valueAt of [
      (i: number) => [1, 1e-5, 1e-10][Math.floor(i / 40)]!,
      (i: number) => 10 ** (-i / 10),
    ]) {
      const values = Array.from({ length: 120 }, (_, i) => valueAt(i));
      check(matrixWithSingularValues(values, 120, 130, 8), 120, 130, 120);
    }
  });

  it('tells all values before there are vectors', () => {
    fc.assert(
      fc.property(testMatrices(20), ({ data, rows, columns }) => {
        const told: Float64Array[] = [];
        const svd = thinSvd(data, rows, columns, { vectors: 1, onValues: (values) => told.push(values) });
        expect(told).toHaveLength(1);
        expect(told[0]).toHaveLength(svd.singularValues.length);
        expect(valueError(told[0]!, svdReference(data, rows, columns).singularValues)).toBeLessThanOrEqual(
          3e-7,
        );
      }),
      { numRuns: 40 },
    );
  });

  it('fixes signs: the first largest entry of every left vector is positive, whatever the sign of a', () => {
    const a = normalMatrix(12, 9, 5);
    const plus = thinSvd(a, 12, 9);
    const minus = thinSvd(
      a.map((value) => -value),
      12,
      9,
    );
    expect(minus.u).toEqual(plus.u);
    for (let k = 0; k < 9; k++) {
      const column = Array.from({ length: 12 }, (_, i) => plus.u[i * 9 + k]!);
      expect(Math.max(...column)).toBe(Math.max(...column.map(Math.abs)));
    }
  });

  it('leaves its input alone and repeats itself exactly', () => {
    const a = normalMatrix(20, 33, 6);
    const before = a.slice();
    const first = thinSvd(a, 20, 33);
    expect(a).toEqual(before);
    expect(thinSvd(a, 20, 33)).toEqual(first);
  });

  it('names what is wrong with its input', () => {
    const a = new Float64Array([1, 2, 3, 4, 5, Number.NaN]);
    expect(() => thinSvd(a, 2, 3)).toThrow('thinSvd: expected finite values, got NaN at (1, 2)');
    expect(() => singularValues(new Float32Array([Infinity]), 1, 1)).toThrow(
      'singularValues: expected finite values, got Infinity at (0, 0)',
    );
    expect(() => thinSvd(a, 2, 2)).toThrow('thinSvd: expected 2×2 = 4 values, got 6');
    expect(() => thinSvd(a, 0, 6)).toThrow('thinSvd: expected positive integer sides, got 0×6');
    expect(() => thinSvd(a, 1.5, 4)).toThrow('thinSvd: expected positive integer sides, got 1.5×4');
    const good = new Float64Array(6);
    expect(() => thinSvd(good, 2, 3, { vectors: 0 })).toThrow('thinSvd: expected 1…2 vectors, got 0');
    expect(() => thinSvd(good, 2, 3, { vectors: 3 })).toThrow('thinSvd: expected 1…2 vectors, got 3');
  });
});
