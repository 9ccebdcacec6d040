import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symmetricEigen } from './symmetricEigen';
import { tridiagonalValues } from './tridiagonalValues';
import { normalMatrix, orthonormalRows, orthogonalityError } from './testMatrices';
import { transpose, transposedMultiply } from './matrix';

/** Symmetric matrix with the given eigenvalues. */
function symmetricMatrix(values: number[], seed: number): Float64Array {
  const size = values.length;
  const basis = orthonormalRows(size, size, seed);
  const scaled = basis.map((entry, index) => entry * values[Math.floor(index / size)]!);
  return transposedMultiply(scaled, basis, size, size, size);
}

function largestResidual(a: Float64Array, size: number, values: Float64Array, vectors: Float64Array): number {
  let worst = 0;
  for (let k = 0; k * size < vectors.length; k++) {
    for (let i = 0; i < size; i++) {
      let sum = -values[k]! * vectors[k * size + i]!;
      for (let j = 0; j < size; j++) sum += a[i * size + j]! * vectors[k * size + j]!;
      worst = Math.max(worst, Math.abs(sum));
    }
  }
  return worst;
}

const eigenvalue = fc.oneof(
  fc.constantFrom(0, 1, 1, -2, 3),
  fc.double({ min: -5, max: 5, noNaN: true }),
  fc.constantFrom(1e-9, 1 + 1e-10, 1 + 1e-7),
);

describe('symmetricEigen', () => {
  it('finds eigenvalues, and vectors with small residuals, also where values repeat', () => {
    fc.assert(
      fc.property(fc.array(eigenvalue, { minLength: 1, maxLength: 24 }), fc.nat(1e6), (wanted, seed) => {
        const size = wanted.length;
        const a = symmetricMatrix(wanted, seed);
        const { values, vectors, count } = symmetricEigen(a, size);
        expect(count).toBe(size);
        [...wanted]
          .sort((p, q) => q - p)
          .forEach((value, i) => expect(Math.abs(values[i]! - value)).toBeLessThanOrEqual(1e-12));
        expect(largestResidual(a, size, values, vectors)).toBeLessThanOrEqual(1e-12);
        expect(orthogonalityError(transpose(vectors, size, size), size, size)).toBeLessThanOrEqual(1e-6);
      }),
      { numRuns: 300 },
    );
  });

  // h = np.array([[abs(i - j) ** 0.5 for j in range(6)] for i in range(6)]); scipy.linalg.eigvalsh(h)[::-1]
  it('has the eigenvalues SciPy gives', () => {
    const h = Float64Array.from({ length: 36 }, (_, index) =>
      Math.sqrt(Math.abs(Math.floor(index / 6) - (index % 6))),
    );
    const expected = [
      7.427683062244426, -0.7835989326949256, -0.8694979932991664, -1.0491740489458599, -1.5900662838765909,
      -3.135345803427883,
    ];
    symmetricEigen(h, 6).values.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 13));
  });

  it("solves Wilkinson's matrix, whose pairs of values agree to rounding error", () => {
    const size = 41;
    const a = new Float64Array(size * size);
    for (let i = 0; i < size; i++) {
      a[i * size + i] = Math.abs(i - 20);
      if (i > 0) a[i * size + i - 1] = a[(i - 1) * size + i] = 1;
    }
    const { values, vectors } = symmetricEigen(a, size);
    expect(values[0]! - values[1]!).toBeLessThan(1e-13);
    expect(largestResidual(a, size, values, vectors)).toBeLessThanOrEqual(1e-12);
    expect(orthogonalityError(transpose(vectors, size, size), size, size)).toBeLessThanOrEqual(1e-8);
  });

  it('gives only the leading vectors when asked, the same as in full', () => {
    const a = normalMatrix(90, 90, 4);
    const whole = symmetricEigen(a, 90);
    const part = symmetricEigen(a, 90, { vectors: 7 });
    expect(part.values).toEqual(whole.values);
    expect(part.vectors).toHaveLength(7 * 90);
    part.vectors.forEach((value, i) => expect(value).toBeCloseTo(whole.vectors[i]!, 10));
    expect(symmetricEigen(a, 90, { vectors: 0 }).vectors).toHaveLength(0);
  });

  it('reads the lower triangle only, and does not write', () => {
    const a = new Float64Array([2, Number.NaN, 1, 2]);
    const { values } = symmetricEigen(a, 2);
    expect(values[0]).toBeCloseTo(3, 14);
    expect(values[1]).toBeCloseTo(1, 14);
    expect([...a]).toEqual([2, Number.NaN, 1, 2]);
  });

  it.each([1e-200, 1e200])('scales with its input, at %f', (scale) => {
    const { values } = symmetricEigen(new Float64Array([2 * scale, 0, scale, 2 * scale]), 2);
    expect(values[0]! / scale).toBeCloseTo(3, 12);
  });

  it('names what is wrong with its input', () => {
    const a = new Float64Array([1, 2, Number.NaN, 1]);
    expect(() => symmetricEigen(a, 2)).toThrow('expected finite entries, got NaN at (1, 0)');
    expect(() => symmetricEigen(a, 3)).toThrow('expected 3×3 = 9 values, got 4');
    expect(() => symmetricEigen(a, 0)).toThrow('expected a positive integer size, got 0');
    expect(() => symmetricEigen(new Float64Array(4), 2, { vectors: 3 })).toThrow(
      'expected 0…2 vectors, got 3',
    );
  });
});

describe('tridiagonalValues', () => {
  it('accumulates eigenvectors in the rows it is given', () => {
    const size = 30;
    const diagonal = normalMatrix(size, 1, 1);
    const subdiagonal = normalMatrix(size, 1, 2);
    const rows = new Float64Array(size * size);
    const t = new Float64Array(size * size);
    for (let i = 0; i < size; i++) {
      rows[i * size + i] = 1;
      t[i * size + i] = diagonal[i]!;
      if (i > 0) t[i * size + i - 1] = t[(i - 1) * size + i] = subdiagonal[i]!;
    }
    const values = tridiagonalValues(diagonal, subdiagonal, rows);
    expect(largestResidual(t, size, values, rows)).toBeLessThanOrEqual(1e-13);
    expect(orthogonalityError(rows, size, size)).toBeLessThanOrEqual(1e-13);
    // −1 … n−1 second differences: 2 − 2 cos(kπ/(n+1)) in closed form.
    const laplace = tridiagonalValues(new Float64Array(9).fill(2), new Float64Array(9).fill(-1)).sort();
    laplace.forEach((value, k) => expect(value).toBeCloseTo(2 - 2 * Math.cos(((k + 1) * Math.PI) / 10), 13));
  });
});
