import type { Precision } from './product';
import { applyReflectors, openReduction, reductionRoom, tridiagonalise } from './tridiagonalise';
import { leadingVectors, tridiagonalSpectrum } from './tridiagonalEigen';
import type { MatrixView } from './view';
import { inWorkspace } from './workspace';

export interface SymmetricEigenOptions {
  /** How many leading eigenvectors to compute, 0…size; all where absent. The values are always all computed. */
  readonly vectors?: number;
}

export interface SymmetricEigen {
  /** All eigenvalues, descending. */
  readonly values: Float64Array;
  /** count × size, row-major: row i is the unit eigenvector of values[i]. */
  readonly vectors: Float64Array;
  /** Number of rows of `vectors`. */
  readonly count: number;
}

/**
 * Eigenvalues and leading eigenvectors of a real symmetric matrix: blocked Householder tridiagonalisation,
 * implicit QL for the values, inverse iteration for the vectors.
 *
 * Values and residuals are accurate to about 1e-14 of the norm. Vectors of values closer than 1e-8 of the
 * norm are orthogonalised explicitly; others are orthogonal to 1e-7 at worst, to about 1e-12 where values are
 * well apart. Each vector's first entry of largest magnitude is positive.
 * Memory besides the result: one size × size copy of the matrix, and the vectors once.
 * @param matrix size × size, row-major; only the lower triangle is read
 * @throws RangeError on a wrong length, a vector count outside 0…size, or entries that are not finite
 */
export function symmetricEigen(
  matrix: Float64Array,
  size: number,
  options: SymmetricEigenOptions = {},
): SymmetricEigen {
  const count = options.vectors ?? size;
  checkArguments(matrix, size, count);
  const scale = lowerScale(matrix, size);
  return inWorkspace(reductionRoom(size, count) + count * size + 8, () => {
    const { values, vectors } = eigenOf(
      size,
      (lower) => copyLower(lower, matrix, 1 / scale),
      () => ({ count, precision: 'double' }),
    );
    for (let i = 0; i < size; i++) values[i] *= scale;
    for (let k = 0; k < count; k++) {
      const vector = vectors.subarray(k * size, (k + 1) * size);
      if (isLeadingEntryNegative(vector)) negate(vector);
    }
    return { values, vectors: vectors.slice(), count };
  });
}

/** How many leading vectors to compute, and how well. */
export interface WantedVectors {
  readonly count: number;
  readonly precision: Precision;
}

/**
 * The core of `symmetricEigen`: no checks, no scaling, signs as they come. Where a workspace is open the vectors lie there.
 * @param fill adds the matrix's lower triangle to zeros
 * @param wanted given all values (descending), which are in double precision, what vectors to compute
 */
export function eigenOf(
  size: number,
  fill: (lower: MatrixView) => void,
  wanted: (values: Float64Array) => WantedVectors,
): SymmetricEigen {
  const opened = openReduction(size);
  fill(opened.matrix);
  const reduction = tridiagonalise(opened);
  const spectrum = tridiagonalSpectrum(reduction.diagonal, reduction.subdiagonal);
  const { count, precision } = wanted(spectrum.values);
  const vectors = leadingVectors(spectrum, count);
  applyReflectors(reduction, vectors, count, precision);
  return { values: spectrum.values, vectors, count };
}

/** The sign convention: is the first entry of largest magnitude negative? */
export function isLeadingEntryNegative(vector: Float64Array): boolean {
  let largest = 0;
  for (let i = 0; i < vector.length; i++) largest = Math.max(largest, Math.abs(vector[i]));
  // Rounding must not choose between entries that differ by nothing else.
  const nearlyLargest = largest * (1 - 1e-9);
  for (let i = 0; i < vector.length; i++) {
    if (Math.abs(vector[i]) >= nearlyLargest) return vector[i] < 0;
  }
  return false;
}

export function negate(vector: Float64Array): void {
  for (let i = 0; i < vector.length; i++) vector[i] = -vector[i];
}

/** The power of two at or below the largest magnitude, so that scaling rounds nothing; 1 for zeros. */
export function powerOfTwoScale(values: Float32Array | Float64Array): number {
  return scaleOf(largestMagnitude(values));
}

function largestMagnitude(values: Float32Array | Float64Array): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]));
  return largest;
}

function scaleOf(largest: number): number {
  if (largest === 0) return 1;
  // Below 2^-1000 the quotient by the scale could overflow, and a value that small needs no exact scale.
  const exponent = Math.max(-1000, Math.floor(Math.log2(largest)));
  return 2 ** exponent;
}

/** The scale of what is read of a matrix. */
function lowerScale(matrix: Float64Array, size: number): number {
  let scale = 0;
  for (let i = 0; i < size; i++)
    scale = Math.max(scale, largestMagnitude(matrix.subarray(i * size, i * size + i + 1)));
  return scaleOf(scale);
}

function copyLower({ data, rowStride }: MatrixView, matrix: Float64Array, factor: number): void {
  const size = Math.sqrt(matrix.length);
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) data[i * rowStride + j] = matrix[i * size + j] * factor;
}

function checkArguments(matrix: Float64Array, size: number, count: number): void {
  if (!Number.isInteger(size) || size < 1) {
    throw new RangeError(`symmetricEigen: expected a positive integer size, got ${size}`);
  }
  if (matrix.length !== size * size) {
    throw new RangeError(
      `symmetricEigen: expected ${size}×${size} = ${size * size} values, got ${matrix.length}`,
    );
  }
  if (!Number.isInteger(count) || count < 0 || count > size) {
    throw new RangeError(`symmetricEigen: expected 0…${size} vectors, got ${count}`);
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      if (!Number.isFinite(matrix[i * size + j])) {
        throw new RangeError(
          `symmetricEigen: expected finite entries, got ${matrix[i * size + j]} at (${i}, ${j})`,
        );
      }
    }
  }
}
