import { describe, expect, it } from 'vitest';
import { tridiagonalVectors } from './inverseIteration';
import { transpose } from './matrix';
import { normalMatrix, orthogonalityError } from './testMatrices';
import { leadingVectors, tridiagonalSpectrum, type TridiagonalSpectrum } from './tridiagonalEigen';

interface Tridiagonal {
  readonly name: string;
  readonly diagonal: Float64Array;
  readonly subdiagonal: Float64Array;
}

/** Copies of Wilkinson's W21 coupled weakly: clusters of nearly equal values that defeat naive inverse iteration. */
function gluedWilkinson(glue: number): Tridiagonal {
  const copies = 6;
  const entries = Array.from({ length: copies * 21 }, (_, index) => index);
  return {
    name: `Wilkinson matrices glued by ${glue}`,
    diagonal: Float64Array.from(entries, (index) => Math.abs((index % 21) - 10)),
    subdiagonal: Float64Array.from(entries, (index) => (index % 21 === 0 ? glue : 1)),
  };
}

const noise = (size: number, seed: number, scale: number): Float64Array =>
  normalMatrix(size, 1, seed).map((value) => value * scale);

const matrices: Tridiagonal[] = [
  ...[1e-3, 1e-7, 1e-10, 1e-12, 1e-14].map(gluedWilkinson),
  { name: 'random', diagonal: noise(120, 1, 1), subdiagonal: noise(120, 2, 1) },
  {
    name: 'the identity but for noise',
    diagonal: noise(120, 3, 1e-13).map((value) => 1 + value),
    subdiagonal: noise(120, 4, 1e-13),
  },
  {
    name: 'half zero but for noise',
    diagonal: noise(120, 5, 1).map((value, i) => (i < 60 ? value : value * 1e-13)),
    subdiagonal: noise(120, 6, 1).map((value, i) => (i < 60 ? value : value * 1e-13)),
  },
  {
    name: 'graded over 16 decades',
    diagonal: Float64Array.from({ length: 120 }, (_, i) => 10 ** (-i / 8)),
    subdiagonal: Float64Array.from({ length: 120 }, (_, i) => 10 ** (-i / 8 - 0.3)),
  },
  { name: 'a single entry', diagonal: new Float64Array([3]), subdiagonal: new Float64Array(1) },
  { name: 'zero', diagonal: new Float64Array(9), subdiagonal: new Float64Array(9) },
];

/** Largest entry of T·x − λ·x over all vectors, relative to the norm of T. */
function residual(matrix: Tridiagonal, spectrum: TridiagonalSpectrum, vectors: Float64Array): number {
  const { diagonal, subdiagonal } = matrix;
  const size = diagonal.length;
  let worst = 0;
  for (let k = 0; k < size; k++) {
    const x = vectors.subarray(k * size, (k + 1) * size);
    for (let i = 0; i < size; i++) {
      const before = i > 0 ? subdiagonal[i]! * x[i - 1]! : 0;
      const after = i + 1 < size ? subdiagonal[i + 1]! * x[i + 1]! : 0;
      const rest = before + (diagonal[i]! - spectrum.values[k]!) * x[i]! + after;
      worst = Math.max(worst, Math.abs(rest));
    }
  }
  return worst / (spectrum.norm || 1);
}

describe('tridiagonalSpectrum and leadingVectors', () => {
  it.each(matrices)('diagonalise $name', (matrix) => {
    const size = matrix.diagonal.length;
    const spectrum = tridiagonalSpectrum(matrix.diagonal, matrix.subdiagonal);
    const vectors = leadingVectors(spectrum, size);
    expect(residual(matrix, spectrum, vectors)).toBeLessThanOrEqual(2e-14);
    expect(orthogonalityError(transpose(vectors, size, size), size, size)).toBeLessThanOrEqual(1e-8);
    spectrum.values.forEach((value, i) => {
      if (i > 0) expect(value).toBeLessThanOrEqual(spectrum.values[i - 1]!);
    });
  });

  it('give sines for the second difference', () => {
    const size = 50;
    const laplace = {
      diagonal: new Float64Array(size).fill(2),
      subdiagonal: new Float64Array(size).fill(-1),
    };
    const spectrum = tridiagonalSpectrum(laplace.diagonal, laplace.subdiagonal);
    expect(spectrum.values[0]).toBeCloseTo(2 - 2 * Math.cos((size * Math.PI) / (size + 1)), 13);
    const smallest = leadingVectors(spectrum, size).subarray((size - 1) * size);
    smallest.forEach((value, i) => {
      const sine = Math.sqrt(2 / (size + 1)) * Math.sin(((i + 1) * Math.PI) / (size + 1));
      expect(Math.abs(value)).toBeCloseTo(sine, 12);
    });
  });

  it('fall back on QL rotations when inverse iteration does not converge', () => {
    const matrix = { name: '', diagonal: noise(20, 7, 1), subdiagonal: noise(20, 8, 1) };
    const spectrum = tridiagonalSpectrum(matrix.diagonal, matrix.subdiagonal);
    const expected = leadingVectors(spectrum, 20);
    const [block] = spectrum.places.map((place) => place.block);
    expect(block!.values).toHaveLength(20);
    // Halfway between two eigenvalues nothing converges.
    block!.values[3] = (spectrum.values[3]! + spectrum.values[4]!) / 2;
    expect(tridiagonalVectors(matrix.diagonal, matrix.subdiagonal, block!.values, spectrum.norm)).toBeNull();
    const fallback = leadingVectors(spectrum, 20);
    expect(residual(matrix, spectrum, fallback)).toBeLessThanOrEqual(1e-14);
    fallback.forEach((value, i) => expect(Math.abs(value)).toBeCloseTo(Math.abs(expected[i]!), 11));
  });
});
