import fc from 'fast-check';
import { createRandom } from './random';

/** A matrix to decompose, with what is known of it. */
export interface TestMatrix {
  readonly kind: string;
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

export function normalMatrix(rows: number, columns: number, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: rows * columns }, () => random.normal());
}

/** The textbook triple loop, for results that must not depend on the code under test. */
export function plainProduct(
  left: Float64Array,
  right: Float64Array,
  rows: number,
  inner: number,
  columns: number,
): Float64Array {
  const result = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < inner; k++) {
      for (let j = 0; j < columns; j++)
        result[i * columns + j] += left[i * inner + k] * right[k * columns + j];
    }
  }
  return result;
}

/** count orthonormal rows of the given length, by Gram and Schmidt, each step twice. */
export function orthonormalRows(count: number, length: number, seed: number): Float64Array {
  const rows = normalMatrix(count, length, seed);
  for (let k = 0; k < count; k++) {
    const row = rows.subarray(k * length, (k + 1) * length);
    for (let step = 0; step < 2 * k; step++) {
      const other = rows.subarray((step % k) * length, ((step % k) + 1) * length);
      const overlap = row.reduce((sum, value, i) => sum + value * other[i], 0);
      row.forEach((_, i) => (row[i] -= overlap * other[i]));
    }
    const norm = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    row.forEach((_, i) => (row[i] /= norm));
  }
  return rows;
}

/** A rows × columns matrix with exactly these singular values (up to rounding), at most min(rows, columns). */
export function matrixWithSingularValues(
  singularValues: ArrayLike<number>,
  rows: number,
  columns: number,
  seed: number,
): Float64Array {
  const count = singularValues.length;
  const left = orthonormalRows(count, rows, seed);
  const right = orthonormalRows(count, columns, seed + 1);
  const leftScaled = new Float64Array(rows * count);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < count; k++) leftScaled[i * count + k] = left[k * rows + i] * singularValues[k];
  }
  return plainProduct(leftScaled, right, rows, count, columns);
}

const SPECTRA: Record<string, (index: number, count: number) => number> = {
  'rank-deficient': (i, count) => (i < Math.ceil(count / 3) ? 1 + i : 0),
  'all values equal': () => 2.5,
  'values repeated in pairs': (i) => 1 + (i >> 1),
  'nearly repeated values': (i) => 1 + (i >> 1) + (i % 2) * 1e-9,
  'geometric values': (i) => 10 ** (-i * 0.7),
  'one large value': (i) => (i === 0 ? 1e7 : 1 + 0.1 * i),
  'a gap': (i, count) => (i < count / 2 ? 1 : 1e-6),
};

/** Random matrices of every kind that has ever broken an SVD, sides 1…maxSide. */
export function testMatrices(maxSide: number): fc.Arbitrary<TestMatrix> {
  const side = fc.integer({ min: 1, max: maxSide });
  const kind = fc.constantFrom('normal', 'zero', 'sparse', 'integers', ...Object.keys(SPECTRA));
  const scale = fc.constantFrom(1, 1, 1e-20, 1e20, 1e-150, 1e150);
  return fc
    .record({ rows: side, columns: side, kind, scale, seed: fc.nat(1e6) })
    .map(({ rows, columns, kind, scale, seed }) => {
      const data = entriesOf(kind, rows, columns, seed).map((value) => value * scale);
      return { kind: `${kind} × ${scale}`, rows, columns, data };
    });
}

function entriesOf(kind: string, rows: number, columns: number, seed: number): Float64Array {
  const normal = normalMatrix(rows, columns, seed);
  if (kind === 'normal') return normal;
  if (kind === 'zero') return normal.fill(0);
  if (kind === 'sparse') return normal.map((value) => (Math.abs(value) < 1.3 ? 0 : value));
  if (kind === 'integers') return normal.map((value) => Math.round(value));
  const spectrum = SPECTRA[kind];
  const count = Math.min(rows, columns);
  const values = Array.from({ length: count }, (_, i) => spectrum(i, count));
  return matrixWithSingularValues(values, rows, columns, seed);
}

/** Largest entry of |XᵀX − I| for a row-major matrix whose columns should be orthonormal. */
export function orthogonalityError(x: Float64Array, rows: number, columns: number): number {
  let worst = 0;
  for (let p = 0; p < columns; p++) {
    for (let q = 0; q <= p; q++) {
      let sum = p === q ? -1 : 0;
      for (let i = 0; i < rows; i++) sum += x[i * columns + p] * x[i * columns + q];
      worst = Math.max(worst, Math.abs(sum));
    }
  }
  return worst;
}

/** ‖x − y‖ / ‖y‖ in the Frobenius norm; ‖x‖ when y is zero. Scaled first, so that nothing overflows. */
export function relativeDifference(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let scale = 0;
  for (let i = 0; i < y.length; i++) scale = Math.max(scale, Math.abs(y[i]));
  if (scale === 0) scale = 1;
  let difference = 0;
  let size = 0;
  for (let i = 0; i < y.length; i++) {
    difference += (x[i] / scale - y[i] / scale) ** 2;
    size += (y[i] / scale) ** 2;
  }
  return Math.sqrt(difference / (size || 1));
}
