import { multiply } from './matrix';
import { normaliseRow, orthonormaliseRows, projectAway, rowNorm, scaleRow } from './orthogonalise';
import { addProduct, type Precision } from './product';
import { createRandom } from './random';
import { eigenOf } from './symmetricEigen';
import { transposeView, viewOf } from './view';
import { doubles } from './workspace';

/** Singular vectors of values below this share of the largest are found again in their own subspace. */
export const WELL_SEPARATED = 1e-3;

export interface RefinedSvd {
  /** count values, descending. */
  readonly values: Float64Array;
  /** count × height, row i the left singular vector of values[i]. */
  readonly left: Float64Array;
  /** count × width, row i the right singular vector of values[i]. */
  readonly right: Float64Array;
}

/** The work in progress: rows before `settled` are final, up to order. */
interface Refinement extends RefinedSvd {
  readonly wide: Float64Array;
  readonly height: number;
  readonly width: number;
  readonly count: number;
  settled: number;
}

/**
 * Turns left singular vectors from an eigen-decomposition of wide·wideᵀ, of which only those of large values are
 * accurate, into accurate triplets. The right vectors are left·wide, scaled. Where the values have dropped by 1e-3,
 * what is left of the matrix in the remaining subspace is decomposed anew, free of the rounding errors of the
 * large values, and so on until only rounding error remains; then any orthonormal vectors will do.
 * @param wide height × width, height ≤ width
 * @param leftRows count × height with orthonormal rows in order of descending value; overwritten. Where
 *   count < height none may be below 1e-3 of the first.
 * @param precision 'single' only where none is below 1e-3 of the first, and values are of no interest
 */
export function refineSvd(
  wide: Float64Array,
  height: number,
  width: number,
  leftRows: Float64Array,
  count: number,
  precision: Precision = 'double',
): RefinedSvd {
  const right = doubles(count * width);
  const leftView = viewOf(leftRows, count, height);
  addProduct(viewOf(right, count, width), 1, leftView, viewOf(wide, height, width), 'full', precision);
  const values = new Float64Array(count);
  const state: Refinement = { wide, height, width, count, left: leftRows, right, values, settled: 0 };
  settleLeading(state);
  const negligible = 8 * Number.EPSILON * frobeniusNorm(wide);
  while (state.settled < count) {
    const largest = restrictToRest(state);
    if (largest <= negligible) completeRight(state);
    else decomposeRest(state, largest);
  }
  return sortedTriplets(state);
}

/**
 * Takes the norms of the unsettled right rows as values and settles those, from the first on, that are
 * well separated from zero, scaling them to unit length.
 */
function settleLeading(state: Refinement): void {
  const { right, values, width, count } = state;
  const first = state.settled;
  let largest = 0;
  for (let k = first; k < count; k++) {
    values[k] = rowNorm(right, k, width);
    largest = Math.max(largest, values[k]);
  }
  while (state.settled < count && values[state.settled] >= WELL_SEPARATED * largest && largest > 0) {
    scaleRow(right, state.settled, width, 1 / values[state.settled]);
    state.settled++;
  }
}

/**
 * Recomputes the unsettled rows with everything settled projected away.
 * @returns the largest norm of an unsettled right row
 */
function restrictToRest(state: Refinement): number {
  const { wide, left, right, height, width, count, settled } = state;
  const rest = count - settled;
  const leftRest = left.subarray(settled * height);
  projectAway(leftRest, rest, left.subarray(0, settled * height), settled, height);
  right.set(multiply(leftRest, wide, rest, height, width), settled * width);
  projectAway(right.subarray(settled * width), rest, right.subarray(0, settled * width), settled, width);
  let largest = 0;
  for (let k = settled; k < count; k++) largest = Math.max(largest, rowNorm(right, k, width));
  return largest;
}

/** Rotates the unsettled rows into singular vectors of what is left of the matrix, and settles the leading ones. */
function decomposeRest(state: Refinement, largest: number): void {
  const { left, right, height, width, count, settled } = state;
  const rest = count - settled;
  const leftRest = left.subarray(settled * height);
  const rightRest = right.subarray(settled * width);
  const scaled = rightRest.map((value) => value / largest);
  const rows = viewOf(scaled, rest, width);
  const rotation = eigenOf(
    rest,
    (lower) => addProduct(lower, 1, rows, transposeView(rows), 'lower'),
    () => ({ count: rest, precision: 'double' }),
  ).vectors;
  leftRest.set(multiply(rotation, leftRest, rest, rest, height));
  rightRest.set(multiply(rotation, rightRest, rest, rest, width));
  settleLeading(state);
  // Scaling to unit length magnified what rounding had left along the vectors settled before.
  const fresh = state.settled - settled;
  const freshRows = right.subarray(settled * width, state.settled * width);
  projectAway(freshRows, fresh, right.subarray(0, settled * width), settled, width);
  for (let k = settled; k < state.settled; k++) normaliseRow(right, k, width);
}

/** Gives the unsettled rows, whose values are zero, arbitrary right vectors orthogonal to all others. */
function completeRight(state: Refinement): void {
  const { right, values, width, count } = state;
  values.fill(0, state.settled);
  if (state.settled === 0) {
    for (let k = 0; k < count; k++) right.fill(0, k * width, (k + 1) * width)[k * width + k] = 1;
  } else {
    const random = createRandom(count);
    for (let i = state.settled * width; i < right.length; i++) right[i] = random.normal();
    orthonormaliseRows(right, state.settled, count, width);
  }
  state.settled = count;
}

/** Values in descending order and rows to match; they are nearly so already. */
function sortedTriplets({ values, left, right, height, width, count }: Refinement): RefinedSvd {
  if (values.every((value, k) => k === 0 || values[k - 1] >= value)) return { values, left, right };
  const order = Array.from(values.keys()).sort((p, q) => values[q] - values[p]);
  const sorted = { values: values.slice().sort().reverse(), left: left.slice(), right: right.slice() };
  for (let k = 0; k < count; k++) {
    const from = order[k];
    if (from === k) continue;
    sorted.left.set(left.subarray(from * height, (from + 1) * height), k * height);
    sorted.right.set(right.subarray(from * width, (from + 1) * width), k * width);
  }
  return sorted;
}

function frobeniusNorm(matrix: Float64Array): number {
  return rowNorm(matrix, 0, matrix.length);
}
