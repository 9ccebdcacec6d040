import { refineSvd, WELL_SEPARATED } from './svdRefine';
import {
  eigenOf,
  isLeadingEntryNegative,
  negate,
  powerOfTwoScale,
  type WantedVectors,
} from './symmetricEigen';
import { transpose } from './matrix';
import { addProduct, type Precision } from './product';
import { reductionRoom } from './tridiagonalise';
import { transposeView, viewOf, type MatrixView } from './view';
import { doubles, inWorkspace } from './workspace';

export interface ThinSvd {
  /** rows × rank, row-major; orthonormal columns, the left singular vectors. */
  readonly u: Float64Array;
  /** All min(rows, columns) singular values, descending; more than `rank` of them when vectors were limited. */
  readonly singularValues: Float64Array;
  /** columns × rank, row-major; orthonormal columns, the right singular vectors. */
  readonly v: Float64Array;
  /** Number of columns of u and of v: min(rows, columns), or fewer where so asked. Not the numerical rank. */
  readonly rank: number;
}

/** The same with vectors as rows, as they are computed: nothing is copied. */
export interface SvdRows {
  /** rank × rows, row-major: row i is the left singular vector of singularValues[i]. */
  readonly left: Float64Array;
  readonly singularValues: Float64Array;
  /** rank × columns, row-major: the right ones. */
  readonly right: Float64Array;
  readonly rank: number;
}

export interface ThinSvdOptions {
  /** How many leading singular vectors to compute, 1…min(rows, columns); all where absent. */
  readonly vectors?: number;
  /**
   * 'single' is for vectors that end in single precision, 'double' unless given. Where all vectors that are asked for
   * have values above 1e-3·σ₁, reconstruction is then accurate to about 1e-6, as LAPACK's is in single precision, and
   * vectors of a value σ are orthogonal to others to about 1e-6·σ₁/σ; elsewhere it changes nothing. The values are
   * accurate to 1e-9·σ₁ in any case.
   */
  readonly precision?: Precision;
  /**
   * Told all singular values, descending, before there are vectors: to about 1e-8·σ₁ those of the result.
   */
  readonly onValues?: (values: Float64Array) => void;
}

/**
 * Thin singular value decomposition a = U·diag(σ)·Vᵀ, in Float64 whatever the input.
 *
 * Method: eigenvectors of the Gram matrix of the smaller side give one set of singular vectors, the product with a
 * the other. Squaring loses half the digits of small singular values, so everything below 1e-3·σ₁ is computed
 * again from a restricted to its own subspace, which restores them. Singular values, reconstruction and
 * orthogonality are accurate to about 1e-12 relative to σ₁ (1e-7 between nearly equal singular values).
 * With fewer `vectors`, the values beyond them come from the Gram matrix alone: absolute error about 1e-8·σ₁.
 *
 * Deterministic. Signs: the first entry of largest magnitude in each left vector is positive.
 * Time O(rows·columns·min + min³). Memory besides the input, in Float64: the matrix, min² and vectors·(rows + columns),
 * which the next decomposition uses again, and the vectors once more; 1536×1536 in full takes about 115 MB.
 * @param a rows × columns, row-major; not modified
 * @throws RangeError on a wrong length, sides that are not positive integers, or entries that are not finite
 */
export function thinSvd(
  a: Float32Array | Float64Array,
  rows: number,
  columns: number,
  options: ThinSvdOptions = {},
): ThinSvd {
  return withThinSvd(a, rows, columns, options, ({ left, singularValues: values, right, rank }) => ({
    u: transpose(left, rank, rows),
    singularValues: values,
    v: transpose(right, rank, columns),
    rank,
  }));
}

/**
 * {@link thinSvd} for whoever wants vectors as rows, or in an order of their own.
 * @param use gets them; left and right may not be used behind it, since the next decomposition is made in their place
 * @throws RangeError as thinSvd
 */
export function withThinSvd<T>(
  a: Float32Array | Float64Array,
  rows: number,
  columns: number,
  options: ThinSvdOptions,
  use: (svd: SvdRows) => T,
): T {
  checkMatrix('thinSvd', a, rows, columns);
  const k = Math.min(rows, columns);
  const rank = options.vectors ?? k;
  if (!Number.isInteger(rank) || rank < 1 || rank > k) {
    throw new RangeError(`thinSvd: expected 1…${k} vectors, got ${rank}`);
  }
  const scale = powerOfTwoScale(a);
  const width = Math.max(rows, columns);
  const room = k * width + reductionRoom(k, rank) + rank * (k + width) + 8;
  return inWorkspace(room, () => {
    const { values, left, right } = svdOfWide(
      wideMatrix(a, rows, columns, scale),
      k,
      width,
      rank,
      options.precision,
      (squares) => options.onValues?.(rootsOf(squares, scale)),
    );
    const [u, v] = rows <= columns ? [left, right] : [right, left];
    fixSigns(u, v, rank);
    for (let i = 0; i < k; i++) values[i] *= scale;
    return use({ left: u, singularValues: values, right: v, rank });
  });
}

/**
 * All singular values, descending, without vectors: from the Gram matrix alone, about a third of the work of the full
 * decomposition. Absolute error about 1e-8 of the largest.
 * @param a rows × columns, row-major; not modified
 * @throws RangeError as thinSvd
 */
export function singularValues(a: Float32Array | Float64Array, rows: number, columns: number): Float64Array {
  checkMatrix('singularValues', a, rows, columns);
  const scale = powerOfTwoScale(a);
  const [size, width] = [Math.min(rows, columns), Math.max(rows, columns)];
  return inWorkspace(size * width + reductionRoom(size, 0) + 8, () => {
    const wide = wideMatrix(a, rows, columns, scale);
    const { values } = eigenOf(
      size,
      (lower) => addGram(lower, wide, width),
      () => ({ count: 0, precision: 'double' }),
    );
    return rootsOf(values, scale);
  });
}

/** Singular values of a matrix that was divided by `scale`, from the eigenvalues of its Gram matrix. */
function rootsOf(squares: Float64Array, scale: number): Float64Array {
  return squares.map((value) => scale * Math.sqrt(Math.max(0, value)));
}

/** Singular vectors as rows: left is rank × height, right rank × width. */
interface WideSvd {
  readonly values: Float64Array;
  readonly left: Float64Array;
  readonly right: Float64Array;
}

/** The decomposition of a matrix at least as wide as high, its entries of moderate size. */
function svdOfWide(
  wide: Float64Array,
  height: number,
  width: number,
  rank: number,
  asked: Precision = 'double',
  onSquares: (squares: Float64Array) => void = () => undefined,
): WideSvd {
  let precision: Precision = 'double';
  const wantedOf = (squares: Float64Array): WantedVectors => {
    onSquares(squares);
    // Vectors of small singular values have to be found all together, so asking for one asks for all.
    const least = WELL_SEPARATED * WELL_SEPARATED * squares[0];
    const areSeparated = squares[rank - 1] >= least;
    // Clearly so, since values near the limit could end on its other side.
    if (squares[rank - 1] > 1.1 * least) precision = asked;
    return { count: areSeparated ? rank : height, precision };
  };
  const eigen = eigenOf(height, (lower) => addGram(lower, wide, width), wantedOf);
  const refined = refineSvd(wide, height, width, eigen.vectors, eigen.count, precision);
  const values = eigen.values.map((value) => Math.sqrt(Math.max(0, value)));
  if (precision === 'double') values.set(refined.values);
  for (let i = eigen.count; i < height; i++) values[i] = Math.min(values[i], values[i - 1]);
  return {
    values,
    left: refined.left.subarray(0, rank * height),
    right: refined.right.subarray(0, rank * width),
  };
}

function addGram(lower: MatrixView, wide: Float64Array, width: number): void {
  const rows = viewOf(wide, lower.rows, width);
  addProduct(lower, 1, rows, transposeView(rows), 'lower');
}

/** The matrix, or its transpose if it is higher than wide, in Float64 and divided by `scale`, a power of two. */
function wideMatrix(
  a: Float32Array | Float64Array,
  rows: number,
  columns: number,
  scale: number,
): Float64Array {
  const wide = doubles(rows * columns);
  const inverse = 1 / scale;
  if (rows <= columns) for (let i = 0; i < wide.length; i++) wide[i] = a[i] * inverse;
  else transpose(a, rows, columns, wide, inverse);
  return wide;
}

/** Makes the first entry of largest magnitude in every row of `u` positive. */
export function fixSigns(u: Float64Array, v: Float64Array, count: number): void {
  const uLength = u.length / count;
  const vLength = v.length / count;
  for (let k = 0; k < count; k++) {
    const row = u.subarray(k * uLength, (k + 1) * uLength);
    if (!isLeadingEntryNegative(row)) continue;
    negate(row);
    negate(v.subarray(k * vLength, (k + 1) * vLength));
  }
}

export function checkMatrix(
  where: string,
  a: Float32Array | Float64Array,
  rows: number,
  columns: number,
): void {
  for (const side of [rows, columns]) {
    if (!Number.isInteger(side) || side < 1) {
      throw new RangeError(`${where}: expected positive integer sides, got ${rows}×${columns}`);
    }
  }
  if (a.length !== rows * columns) {
    throw new RangeError(`${where}: expected ${rows}×${columns} = ${rows * columns} values, got ${a.length}`);
  }
  for (let i = 0; i < a.length; i++) {
    if (Number.isFinite(a[i])) continue;
    throw new RangeError(
      `${where}: expected finite values, got ${a[i]} at (${Math.floor(i / columns)}, ${i % columns})`,
    );
  }
}
