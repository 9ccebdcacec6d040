import { addProduct } from './product';
import { blockView, transposeView, viewOf, type MatrixView } from './view';

/** a = lower · lowerᵀ. */
export interface CholeskyFactor {
  readonly kind: 'factor';
  readonly size: number;
  /** size × size, row-major; zero above the diagonal. */
  readonly lower: Float64Array;
}

/** The matrix is not positive definite, as far as Float64 can tell. */
export interface NotPositiveDefinite {
  readonly kind: 'not-positive-definite';
  /** The leading block of side `index` + 1 is the first that is not. */
  readonly index: number;
  /** What was left of the diagonal entry there; a positive definite matrix leaves a positive rest. */
  readonly pivot: number;
}

const BLOCK = 48;

/**
 * Cholesky factor of a symmetric positive definite matrix, blocked so that nearly all work is in matrix products.
 * A pivot within rounding error (size · 2.2e-16) of its diagonal entry counts as not positive: dividing by it would
 * give noise.
 * @param a size × size, row-major; only the lower triangle is read, nothing is written
 * @throws RangeError on a wrong length or entries that are not finite
 */
export function choleskyFactor(a: Float64Array, size: number): CholeskyFactor | NotPositiveDefinite {
  const lower = copyLower(a, size);
  const view = viewOf(lower, size, size);
  for (let start = 0; start < size; start += BLOCK) {
    const end = Math.min(start + BLOCK, size);
    subtractEarlierBlocks(view, start, end);
    for (let i = start; i < end; i++) {
      const pivot = eliminateRow(lower, size, start, i, i);
      if (!(pivot > size * Number.EPSILON * a[i * size + i]))
        return { kind: 'not-positive-definite', index: i, pivot };
      lower[i * size + i] = Math.sqrt(pivot);
    }
    for (let i = end; i < size; i++) eliminateRow(lower, size, start, i, end);
  }
  return { kind: 'factor', size, lower };
}

/**
 * Solves a·X = rightSides for the factored a.
 * @param rightSides size × columns, row-major; not modified
 * @returns X, size × columns
 * @throws RangeError on a wrong length
 */
export function choleskySolve(
  factor: CholeskyFactor,
  rightSides: Float64Array,
  columns: number,
): Float64Array {
  const { size, lower } = factor;
  if (!Number.isInteger(columns) || columns < 0 || rightSides.length !== size * columns) {
    throw new RangeError(
      `choleskySolve: expected ${size}×${columns} right-hand sides, got ${rightSides.length} values`,
    );
  }
  const solution = rightSides.slice();
  const triangle = viewOf(lower, size, size);
  const unknowns = viewOf(solution, size, columns);
  for (let start = 0; start < size; start += BLOCK) {
    const end = Math.min(start + BLOCK, size);
    const known = blockView(unknowns, 0, 0, start, columns);
    addProduct(rowsOf(unknowns, start, end), -1, blockView(triangle, start, 0, end - start, start), known);
    for (let i = start; i < end; i++) substituteForward(lower, size, start, i, solution, columns);
  }
  const lastStart = Math.floor((size - 1) / BLOCK) * BLOCK;
  for (let start = lastStart; start >= 0; start -= BLOCK) {
    const end = Math.min(start + BLOCK, size);
    const below = blockView(triangle, end, start, size - end, end - start);
    addProduct(rowsOf(unknowns, start, end), -1, transposeView(below), rowsOf(unknowns, end, size));
    for (let i = end - 1; i >= start; i--) substituteBackward(lower, size, i, end, solution, columns);
  }
  return solution;
}

/** Columns start…end of all rows from `start` on, less what the columns before explain. */
function subtractEarlierBlocks(view: MatrixView, start: number, end: number): void {
  if (start === 0) return;
  const below = view.rows - start;
  const target = blockView(view, start, start, below, end - start);
  const earlier = blockView(view, start, 0, below, start);
  const pivotRows = blockView(view, start, 0, end - start, start);
  addProduct(target, -1, earlier, transposeView(pivotRows), 'lower');
}

/**
 * Solves for row i of the factor in columns start…min(end, i), where the rows of those columns are known.
 * @returns what is left of the diagonal entry when row i belongs to the block itself
 */
function eliminateRow(lower: Float64Array, size: number, start: number, i: number, end: number): number {
  const row = i * size;
  for (let j = start; j < end; j++) {
    const other = j * size;
    let sum = lower[row + j];
    for (let k = start; k < j; k++) sum -= lower[row + k] * lower[other + k];
    lower[row + j] = sum / lower[other + j];
  }
  let pivot = lower[row + i];
  for (let k = start; k < end; k++) pivot -= lower[row + k] * lower[row + k];
  return pivot;
}

function substituteForward(
  lower: Float64Array,
  size: number,
  start: number,
  i: number,
  solution: Float64Array,
  columns: number,
): void {
  for (let k = start; k < i; k++) subtractRow(solution, columns, i, k, lower[i * size + k]);
  divideRow(solution, columns, i, lower[i * size + i]);
}

function substituteBackward(
  lower: Float64Array,
  size: number,
  i: number,
  end: number,
  solution: Float64Array,
  columns: number,
): void {
  for (let k = i + 1; k < end; k++) subtractRow(solution, columns, i, k, lower[k * size + i]);
  divideRow(solution, columns, i, lower[i * size + i]);
}

function subtractRow(
  solution: Float64Array,
  columns: number,
  target: number,
  source: number,
  factor: number,
): void {
  const from = source * columns;
  const to = target * columns;
  for (let j = 0; j < columns; j++) solution[to + j] -= factor * solution[from + j];
}

function divideRow(solution: Float64Array, columns: number, row: number, divisor: number): void {
  for (let j = row * columns; j < (row + 1) * columns; j++) solution[j] /= divisor;
}

function rowsOf(view: MatrixView, start: number, end: number): MatrixView {
  return blockView(view, start, 0, end - start, view.columns);
}

function copyLower(a: Float64Array, size: number): Float64Array {
  if (!Number.isInteger(size) || size < 1 || a.length !== size * size) {
    throw new RangeError(`choleskyFactor: expected a ${size}×${size} matrix, got ${a.length} values`);
  }
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const value = a[i * size + j];
      if (!Number.isFinite(value)) {
        throw new RangeError(`choleskyFactor: expected finite entries, got ${value} at (${i}, ${j})`);
      }
      lower[i * size + j] = value;
    }
  }
  return lower;
}
