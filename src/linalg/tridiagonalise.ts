import { addProduct } from './product';
import { blockView, transposeView, viewOf } from './view';

/** A symmetric matrix written as Q·T·Qᵀ with T tridiagonal and Q a product of Householder reflectors. */
export interface Tridiagonalisation {
  readonly size: number;
  /** Diagonal of T. */
  readonly diagonal: Float64Array;
  /** Entry i is T[i][i-1]; entry 0 is 0. */
  readonly subdiagonal: Float64Array;
  /**
   * size × size; row i holds the vector v of the reflector H_i = I − coefficients[i]·v·vᵀ in its first i
   * entries (the i-th is 1). Q = H_{size−1}···H_1. The rest of the matrix is scratch.
   */
  readonly reflectors: Float64Array;
  readonly coefficients: Float64Array;
}

const PANEL = 32;
const BACK_PANEL = 64;

/**
 * Reduces a symmetric matrix to tridiagonal form, rows from the last to the first, so that all that is
 * eliminated lies contiguous in memory. Panels of rows are reduced against the matrix as it was before the panel,
 * which is then brought up to date by one matrix product (Dongarra, Hammarling and Sorensen 1989).
 * @param matrix size × size, row-major; only its lower triangle is read, and it is overwritten
 */
export function tridiagonalise(matrix: Float64Array, size: number): Tridiagonalisation {
  const diagonal = new Float64Array(size);
  const subdiagonal = new Float64Array(size);
  const coefficients = new Float64Array(size);
  const reduction = { size, diagonal, subdiagonal, reflectors: matrix, coefficients };
  // Rows 0…PANEL−1 hold the panel's vectors v, the next PANEL rows their partners w, the last PANEL rows v again.
  const pairs = new Float64Array(3 * PANEL * size);
  for (let remaining = size; remaining > 0; remaining -= PANEL) {
    const count = Math.min(PANEL, remaining);
    pairs.fill(0);
    for (let p = 0; p < count; p++) reduceRow(reduction, remaining - 1 - p, p, pairs);
    subtractPairs(matrix, size, remaining - count, pairs);
  }
  return reduction;
}

/** Eliminates row `i` left of its subdiagonal; it is the panel's p-th row, and earlier pairs are pending. */
function reduceRow(reduction: Tridiagonalisation, i: number, p: number, pairs: Float64Array): void {
  const { size, reflectors, diagonal, subdiagonal, coefficients } = reduction;
  const rowStart = i * size;
  for (let q = 0; q < p; q++) {
    const v = q * size;
    const w = (PANEL + q) * size;
    subtractScaled(reflectors, rowStart, pairs, w, pairs[v + i], pairs, v, pairs[w + i], i + 1);
  }
  diagonal[i] = reflectors[rowStart + i];
  if (i === 0) return;
  const coefficient = makeReflector(reflectors, rowStart, i);
  subdiagonal[i] = reflectors[rowStart + i - 1];
  coefficients[i] = coefficient;
  reflectors[rowStart + i - 1] = 1;
  if (coefficient === 0) return;
  pairs.set(reflectors.subarray(rowStart, rowStart + i), p * size);
  fillPartner(reflectors, size, i, p, pairs, coefficient);
}

/**
 * Replaces x (the `length` entries from `start`) by the reflector that maps it to (0, …, 0, β): v in all but
 * the last entry (whose 1 is implied), β in the last.
 * @returns the reflector's coefficient, 0 when x is already of that form
 */
function makeReflector(data: Float64Array, start: number, length: number): number {
  const last = start + length - 1;
  let largest = 0;
  for (let j = start; j < last; j++) largest = Math.max(largest, Math.abs(data[j]));
  if (largest === 0) return 0;
  largest = Math.max(largest, Math.abs(data[last]));
  let squares = 0;
  for (let j = start; j <= last; j++) squares += (data[j] / largest) ** 2;
  const norm = largest * Math.sqrt(squares);
  const alpha = data[last];
  // The sign that avoids cancellation in alpha − beta.
  const beta = alpha > 0 ? -norm : norm;
  const scale = 1 / (alpha - beta);
  if (!Number.isFinite(scale)) {
    data.fill(0, start, last);
    return 0;
  }
  for (let j = start; j < last; j++) data[j] *= scale;
  data[last] = beta;
  return (beta - alpha) / beta;
}

/**
 * w = c·(A·v − ½c(vᵀA v)·v) for the current A, which is the stored leading matrix less the panel's pending
 * pairs, so that A becomes A − v·wᵀ − w·vᵀ.
 */
function fillPartner(
  matrix: Float64Array,
  size: number,
  i: number,
  p: number,
  pairs: Float64Array,
  coefficient: number,
): void {
  const v = p * size;
  const w = (PANEL + p) * size;
  multiplySymmetric(matrix, size, i, pairs, v, w);
  for (let q = 0; q < p; q++) {
    const earlierV = q * size;
    const earlierW = (PANEL + q) * size;
    const alongV = dot(pairs, earlierV, pairs, v, i);
    const alongW = dot(pairs, earlierW, pairs, v, i);
    subtractScaled(pairs, w, pairs, earlierV, alongW, pairs, earlierW, alongV, i);
  }
  const half = -0.5 * coefficient * coefficient * dot(pairs, w, pairs, v, i);
  for (let j = 0; j < i; j++) pairs[w + j] = coefficient * pairs[w + j] + half * pairs[v + j];
}

/** target[0…length) −= a·x + b·y. */
function subtractScaled(
  target: Float64Array,
  t: number,
  xData: Float64Array,
  x: number,
  a: number,
  yData: Float64Array,
  y: number,
  b: number,
  length: number,
): void {
  for (let j = 0; j < length; j++) target[t + j] -= a * xData[x + j] + b * yData[y + j];
}

function dot(xData: Float64Array, x: number, yData: Float64Array, y: number, length: number): number {
  let even = 0;
  let odd = 0;
  let j = 0;
  for (; j + 1 < length; j += 2) {
    even += xData[x + j] * yData[y + j];
    odd += xData[x + j + 1] * yData[y + j + 1];
  }
  return j < length ? even + odd + xData[x + j] * yData[y + j] : even + odd;
}

/** vectors[w…] = (leading `order` × `order` part, lower triangle stored) · vectors[v…], four rows at a time. */
function multiplySymmetric(
  matrix: Float64Array,
  size: number,
  order: number,
  vectors: Float64Array,
  v: number,
  w: number,
): void {
  vectors.fill(0, w, w + order);
  const whole = order - (order % 4);
  for (let i = 0; i < whole; i += 4) addFourRows(matrix, size, i, vectors, v, w);
  for (let i = whole; i < order; i++) {
    const row = i * size;
    const vi = vectors[v + i];
    let sum = matrix[row + i] * vi;
    for (let j = 0; j < i; j++) {
      sum += matrix[row + j] * vectors[v + j];
      vectors[w + j] += matrix[row + j] * vi;
    }
    vectors[w + i] += sum;
  }
}

/** What rows i…i+3 of the lower triangle add to the product, as rows and, mirrored, as columns. */
function addFourRows(
  matrix: Float64Array,
  size: number,
  i: number,
  vectors: Float64Array,
  v: number,
  w: number,
): void {
  const v0 = vectors[v + i];
  const v1 = vectors[v + i + 1];
  const v2 = vectors[v + i + 2];
  const v3 = vectors[v + i + 3];
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let row0 = i * size;
  let row1 = row0 + size;
  let row2 = row1 + size;
  let row3 = row2 + size;
  const end = row0 + i;
  for (let x = v, y = w; row0 < end; row0++, row1++, row2++, row3++, x++, y++) {
    const a0 = matrix[row0];
    const a1 = matrix[row1];
    const a2 = matrix[row2];
    const a3 = matrix[row3];
    const vj = vectors[x];
    sum0 += a0 * vj;
    sum1 += a1 * vj;
    sum2 += a2 * vj;
    sum3 += a3 * vj;
    vectors[y] += a0 * v0 + a1 * v1 + (a2 * v2 + a3 * v3);
  }
  // The 4×4 corner on the diagonal; each row pointer now stands at column i.
  const b10 = matrix[row1];
  const b20 = matrix[row2];
  const b21 = matrix[row2 + 1];
  const b30 = matrix[row3];
  const b31 = matrix[row3 + 1];
  const b32 = matrix[row3 + 2];
  vectors[w + i] += sum0 + matrix[row0] * v0 + b10 * v1 + b20 * v2 + b30 * v3;
  vectors[w + i + 1] += sum1 + b10 * v0 + matrix[row1 + 1] * v1 + b21 * v2 + b31 * v3;
  vectors[w + i + 2] += sum2 + b20 * v0 + b21 * v1 + matrix[row2 + 2] * v2 + b32 * v3;
  vectors[w + i + 3] += sum3 + b30 * v0 + b31 * v1 + b32 * v2 + matrix[row3 + 3] * v3;
}

/**
 * Leading order × order part −= Σ (v·wᵀ + w·vᵀ) over the panel's pairs, lower triangle only: rows (v, w)
 * transposed times rows (w, v), which lie one below the other in `pairs`.
 */
function subtractPairs(matrix: Float64Array, size: number, order: number, pairs: Float64Array): void {
  if (order === 0) return;
  pairs.copyWithin(2 * PANEL * size, 0, PANEL * size);
  const all = viewOf(pairs, 3 * PANEL, size);
  const vectorsThenPartners = blockView(all, 0, 0, 2 * PANEL, order);
  const partnersThenVectors = blockView(all, PANEL, 0, 2 * PANEL, order);
  const leading = blockView(viewOf(matrix, size, size), 0, 0, order, order);
  addProduct(leading, -1, transposeView(vectorsThenPartners), partnersThenVectors, 'lower');
}

/**
 * Replaces every row z of `vectors` by Q·z: eigenvectors of T become those of the original matrix. Reflectors
 * are applied in blocks, as I − Vᵀ·S·V with S upper triangular (Schreiber and Van Loan 1989).
 * @param vectors count × size, row-major
 */
export function applyReflectors(reduction: Tridiagonalisation, vectors: Float64Array, count: number): void {
  const { size, reflectors, coefficients } = reduction;
  const all = viewOf(vectors, count, size);
  for (let first = 1; first < size; first += BACK_PANEL) {
    const end = Math.min(first + BACK_PANEL, size);
    const block = end - first;
    const width = end - 1;
    const v = new Float64Array(block * width);
    for (let p = 0; p < block; p++) {
      const row = (first + p) * size;
      v.set(reflectors.subarray(row, row + first + p), p * width);
    }
    const vView = viewOf(v, block, width);
    const target = blockView(all, 0, 0, count, width);
    const projections = new Float64Array(count * block);
    addProduct(viewOf(projections, count, block), 1, target, transposeView(vView));
    multiplyByTriangle(projections, count, block, triangularFactor(v, block, width, coefficients, first));
    addProduct(target, -1, viewOf(projections, count, block), vView);
  }
}

/** The S of a block of reflectors: column j is −c_j·S·(V·v_j) above its diagonal entry c_j. */
function triangularFactor(
  v: Float64Array,
  block: number,
  width: number,
  coefficients: Float64Array,
  first: number,
): Float64Array {
  const overlaps = new Float64Array(block * block);
  const view = viewOf(v, block, width);
  addProduct(viewOf(overlaps, block, block), 1, view, transposeView(view), 'lower');
  const factor = new Float64Array(block * block);
  for (let j = 0; j < block; j++) {
    const coefficient = coefficients[first + j];
    for (let i = 0; i < j; i++) {
      let sum = 0;
      for (let k = i; k < j; k++) sum += factor[i * block + k] * overlaps[j * block + k];
      factor[i * block + j] = -coefficient * sum;
    }
    factor[j * block + j] = coefficient;
  }
  return factor;
}

/** Each row of `rows` (count × block) times an upper triangular block × block matrix, in place. */
function multiplyByTriangle(rows: Float64Array, count: number, block: number, triangle: Float64Array): void {
  for (let start = 0; start < count * block; start += block) {
    for (let j = block - 1; j >= 0; j--) {
      let sum = 0;
      for (let k = 0; k <= j; k++) sum += rows[start + k] * triangle[k * block + j];
      rows[start + j] = sum;
    }
  }
}
