import { openLines, type LineKernels } from './lineKernels';
import { addProduct, type Precision } from './product';
import { blockView, transposeView, viewOf, type MatrixView } from './view';
import { doubles } from './workspace';

/** A symmetric matrix written as Q·T·Qᵀ with T tridiagonal and Q a product of Householder reflectors. */
export interface Tridiagonalisation {
  readonly size: number;
  /** Diagonal of T. */
  readonly diagonal: Float64Array;
  /** Entry i is T[i][i-1]; entry 0 is 0. */
  readonly subdiagonal: Float64Array;
  /** From one row of the reflectors to the next. */
  readonly stride: number;
  /**
   * Row i holds the vector v of the reflector H_i = I − coefficients[i]·v·vᵀ in its first i
   * entries (the i-th is 1). Q = H_{size−1}···H_1. The rest is scratch.
   */
  readonly reflectors: Float64Array;
  readonly coefficients: Float64Array;
}

const PANEL = 32;
const BACK_PANEL = 64;

/** A reduction under way: everything lies in one array, lines an even number of values apart. */
export interface Reduction {
  readonly lines: LineKernels;
  /** size × size, zeros to begin with: whoever reduces a matrix writes its lower triangle here. */
  readonly matrix: MatrixView;
  readonly size: number;
  /** From one line to the next. */
  readonly stride: number;
  /** Where the panel's vectors v begin; the next PANEL lines hold their partners w, the last PANEL lines v again. */
  readonly pairs: number;
  /** Where kernels put their sums and find their factors. */
  readonly sums: number;
  readonly diagonal: Float64Array;
  readonly subdiagonal: Float64Array;
  readonly coefficients: Float64Array;
}

/**
 * Reduces a symmetric matrix to tridiagonal form, rows from the last to the first, so that all that is
 * eliminated lies contiguous in memory. Panels of rows are reduced against the matrix as it was before the panel,
 * which is then brought up to date by one matrix product (Dongarra, Hammarling and Sorensen 1989).
 * @param reduction of the matrix whose lower triangle was written into it; it serves once
 */
export function tridiagonalise(reduction: Reduction): Tridiagonalisation {
  const { size } = reduction;
  const { lines, stride, pairs, diagonal, subdiagonal, coefficients } = reduction;
  for (let remaining = size; remaining > 0; remaining -= PANEL) {
    const count = Math.min(PANEL, remaining);
    lines.values.fill(0, pairs, pairs + 3 * PANEL * stride);
    for (let p = 0; p < count; p++) reduceRow(reduction, remaining - 1 - p, p);
    subtractPairs(reduction, remaining - count);
  }
  return { size, stride, diagonal, subdiagonal, reflectors: lines.values, coefficients };
}

/** Doubles that the reduction of a matrix takes, and applying it to so many vectors behind it. */
export function reductionRoom(size: number, vectors: number): number {
  const stride = size + (size % 2);
  return (size + 3 * PANEL) * stride + 8 + 2 + BACK_PANEL * (stride + 2 * vectors);
}

/** Room for a matrix that is to be reduced. */
export function openReduction(size: number): Reduction {
  const stride = size + (size % 2);
  const [pairs, sums] = [size * stride, (size + 3 * PANEL) * stride];
  const lines = openLines(sums + 8);
  const { values: data } = lines;
  const matrix = { data, offset: 0, rows: size, columns: size, rowStride: stride, columnStride: 1 };
  const perRow = () => new Float64Array(size);
  return {
    ...{ lines, matrix, size, stride, pairs, sums },
    ...{ diagonal: perRow(), subdiagonal: perRow(), coefficients: perRow() },
  };
}

/** Pairs of values that so many values take; what lies behind an odd number of them is zero, or read by nobody. */
const pairsOf = (count: number) => (count + 1) >> 1;

/** Eliminates row `i` left of its subdiagonal; it is the panel's p-th row, and earlier pairs are pending. */
function reduceRow(reduction: Reduction, i: number, p: number): void {
  const { lines, stride, pairs, sums, diagonal, subdiagonal, coefficients } = reduction;
  const { values } = lines;
  const rowStart = i * stride;
  for (let q = 0; q < p; q++) {
    const v = pairs + q * stride;
    const w = pairs + (PANEL + q) * stride;
    values[sums] = values[v + i];
    values[sums + 1] = values[w + i];
    lines.subtractTwo(rowStart, w, v, pairsOf(i + 1), sums);
  }
  diagonal[i] = values[rowStart + i];
  if (i === 0) return;
  const coefficient = makeReflector(values, rowStart, i);
  subdiagonal[i] = values[rowStart + i - 1];
  coefficients[i] = coefficient;
  values[rowStart + i - 1] = 1;
  if (coefficient === 0) return;
  values.copyWithin(pairs + p * stride, rowStart, rowStart + i);
  fillPartner(reduction, i, p, coefficient);
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
  for (let j = start; j <= last; j++) {
    const share = data[j] / largest;
    squares += share * share;
  }
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
function fillPartner(reduction: Reduction, i: number, p: number, coefficient: number): void {
  const { lines, stride, pairs, sums } = reduction;
  const { values } = lines;
  const v = pairs + p * stride;
  const w = pairs + (PANEL + p) * stride;
  multiplySymmetric(reduction, i, v, w);
  for (let q = 0; q < p; q++) {
    const earlierV = pairs + q * stride;
    const earlierW = pairs + (PANEL + q) * stride;
    // v meets the earlier lines in another order than they are taken away in.
    lines.twoDots(v, earlierW, earlierV, pairsOf(i), sums);
    values[sums] += values[sums + 1];
    values[sums + 1] = values[sums + 2] + values[sums + 3];
    lines.subtractTwo(w, earlierV, earlierW, pairsOf(i), sums);
  }
  lines.twoDots(v, w, w, pairsOf(i), sums);
  const half = -0.5 * coefficient * coefficient * (values[sums] + values[sums + 1]);
  for (let j = 0; j < i; j++) values[w + j] = coefficient * values[w + j] + half * values[v + j];
}

/** line w = (leading `order` × `order` part, lower triangle stored) · line v, four rows at a time. */
function multiplySymmetric(reduction: Reduction, order: number, v: number, w: number): void {
  const { lines, stride } = reduction;
  const { values } = lines;
  values.fill(0, w, w + order);
  const whole = order - (order % 4);
  lines.symmetric(0, stride, whole / 4, v, w);
  for (let i = whole; i < order; i++) {
    const row = i * stride;
    const vi = values[v + i];
    let sum = values[row + i] * vi;
    for (let j = 0; j < i; j++) {
      sum += values[row + j] * values[v + j];
      values[w + j] += values[row + j] * vi;
    }
    values[w + i] += sum;
  }
}

/**
 * Leading order × order part −= Σ (v·wᵀ + w·vᵀ) over the panel's pairs, lower triangle only: lines (v, w)
 * transposed times lines (w, v), which lie one below the other.
 */
function subtractPairs({ lines, stride, pairs }: Reduction, order: number): void {
  if (order === 0) return;
  const { values } = lines;
  values.copyWithin(pairs + 2 * PANEL * stride, pairs, pairs + PANEL * stride);
  const part = (offset: number, rows: number): MatrixView => {
    return { data: values, offset, rows, columns: order, rowStride: stride, columnStride: 1 };
  };
  const vectorsThenPartners = part(pairs, 2 * PANEL);
  const partnersThenVectors = part(pairs + PANEL * stride, 2 * PANEL);
  addProduct(part(0, order), -1, transposeView(vectorsThenPartners), partnersThenVectors, 'lower');
}

/**
 * Replaces every row z of `vectors` by Q·z: eigenvectors of T become those of the original matrix. Reflectors
 * are applied in blocks, as I − Vᵀ·S·V with S upper triangular (Schreiber and Van Loan 1989).
 * @param vectors count × size, row-major
 */
export function applyReflectors(
  reduction: Tridiagonalisation,
  vectors: Float64Array,
  count: number,
  precision: Precision = 'double',
): void {
  const { size, stride, reflectors, coefficients } = reduction;
  const all = viewOf(vectors, count, size);
  const space = [BACK_PANEL * size, count * BACK_PANEL, count * BACK_PANEL].map(doubles);
  for (let first = 1; first < size; first += BACK_PANEL) {
    const end = Math.min(first + BACK_PANEL, size);
    const block = end - first;
    const width = end - 1;
    const [v, projections, turned] = [block * width, count * block, count * block].map((length, at) =>
      space[at].subarray(0, length).fill(0),
    );
    for (let p = 0; p < block; p++) {
      const row = (first + p) * stride;
      v.set(reflectors.subarray(row, row + first + p), p * width);
    }
    const vView = viewOf(v, block, width);
    const target = blockView(all, 0, 0, count, width);
    addProduct(viewOf(projections, count, block), 1, target, transposeView(vView), 'full', precision);
    const factor = triangularFactor(v, block, width, coefficients, first);
    const turnedView = viewOf(turned, count, block);
    addProduct(turnedView, 1, viewOf(projections, count, block), viewOf(factor, block, block));
    addProduct(target, -1, turnedView, vView, 'full', precision);
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
