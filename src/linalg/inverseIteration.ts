import { orthonormaliseRows } from './orthogonalise';
import { doubles } from './workspace';

/** Factors of T − λ with partial pivoting: three diagonals of U, the multipliers and the row exchanges of L. */
interface ShiftedFactors {
  readonly pivots: Float64Array;
  readonly above: Float64Array;
  readonly secondAbove: Float64Array;
  readonly multipliers: Float64Array;
  readonly swapped: Uint8Array;
}

/** Values nearer than this share of the norm get their vectors orthogonalised against each other. */
const CLUSTER_GAP = 1e-8;
const MAX_SOLVES = 6;
/** During iteration a vector is kept away from this many nearest members of its cluster, afterwards from all. */
const NEAREST_MEMBERS = 16;
/** A vector that keeps less than this of its length beside its cluster was a copy of others. */
const SMALLEST_SHARE = 1e-6;

/**
 * Eigenvectors of a symmetric tridiagonal matrix for given eigenvalues by inverse iteration (Wilkinson;
 * Peters and Wilkinson 1979). Vectors of values further apart than 1e-8 of the norm come out orthogonal to about 1e-8 or
 * better by themselves; nearer ones are orthogonalised, which costs O(n · cluster²).
 * @param diagonal n values
 * @param subdiagonal n values, entry i couples i − 1 and i, entry 0 is not read
 * @param values eigenvalues in descending order, accurate to rounding error
 * @param norm a positive bound of the matrix's norm
 * @returns values.length × n row-major, unit rows; or null when some vector did not converge (then the
 *   caller takes a slower, safe way)
 */
export function tridiagonalVectors(
  diagonal: Float64Array,
  subdiagonal: Float64Array,
  values: Float64Array,
  norm: number,
): Float64Array | null {
  const size = diagonal.length;
  const vectors = doubles(values.length * size);
  const factors = emptyFactors(size);
  const residualLimit = 64 * Number.EPSILON * norm * Math.sqrt(size);
  let clusterStart = 0;
  let shift = 0;
  for (let k = 0; k < values.length; k++) {
    if (k > 0 && values[k - 1] - values[k] > CLUSTER_GAP * norm) {
      if (!finishCluster(vectors, size, clusterStart, k)) return null;
      clusterStart = k;
    }
    // Equal values would give equal vectors: nudge them apart by a few roundings.
    const nudged = shift - 4 * Number.EPSILON * norm;
    shift = k > clusterStart ? Math.min(values[k], nudged) : values[k];
    factorShifted(factors, diagonal, subdiagonal, shift, norm);
    const nearest = Math.max(clusterStart, k - NEAREST_MEMBERS);
    const vector = vectors.subarray(k * size, (k + 1) * size);
    if (!iterate(factors, vector, k, vectors.subarray(nearest * size, k * size), residualLimit)) return null;
  }
  return finishCluster(vectors, size, clusterStart, values.length) ? vectors : null;
}

/** Orthogonalises clusters too large to have been so during iteration. */
function finishCluster(vectors: Float64Array, size: number, start: number, end: number): boolean {
  if (end - start <= NEAREST_MEMBERS + 1) return true;
  const cluster = vectors.subarray(start * size, end * size);
  return orthonormaliseRows(cluster, 0, end - start, size) >= SMALLEST_SHARE;
}

/** Solves (T − λ)x = x from a pseudo-random start until ‖x‖ shows a residual below the limit, then once more. */
function iterate(
  factors: ShiftedFactors,
  vector: Float64Array,
  seed: number,
  cluster: Float64Array,
  residualLimit: number,
): boolean {
  fillPseudoRandom(vector, seed);
  orthonormalise(vector, cluster);
  let converged = false;
  for (let solve = 0; solve < MAX_SOLVES; solve++) {
    solveShifted(factors, vector, solve === 0);
    const growth = orthonormalise(vector, cluster);
    if (converged) return true;
    converged = growth * residualLimit >= 1;
  }
  return false;
}

/**
 * Removes what lies in the span of the cluster's rows (twice, since once leaves rounding error of the larger
 * part) and scales to unit length.
 * @returns the length before scaling, 0 if there is nothing left or it is not finite
 */
function orthonormalise(vector: Float64Array, cluster: Float64Array): number {
  const size = vector.length;
  const before = scaleToUnit(vector);
  if (cluster.length === 0 || before === 0) return before;
  for (let pass = 0; pass < 2; pass++) {
    for (let start = 0; start < cluster.length; start += size) {
      let overlap = 0;
      for (let i = 0; i < size; i++) overlap += vector[i] * cluster[start + i];
      for (let i = 0; i < size; i++) vector[i] -= overlap * cluster[start + i];
    }
  }
  return before * scaleToUnit(vector);
}

function scaleToUnit(vector: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < vector.length; i++) {
    const magnitude = Math.abs(vector[i]);
    if (magnitude > largest) largest = magnitude;
  }
  if (!(largest > 0 && largest < Infinity)) return 0;
  let squares = 0;
  const inverse = 1 / largest;
  for (let i = 0; i < vector.length; i++) {
    vector[i] *= inverse;
    squares += vector[i] * vector[i];
  }
  const root = Math.sqrt(squares);
  for (let i = 0; i < vector.length; i++) vector[i] /= root;
  return largest * root;
}

/** Numbers in [−1, 1) of a multiplicative counter: any start will do that is not orthogonal to the answer. */
function fillPseudoRandom(vector: Float64Array, seed: number): void {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  for (let i = 0; i < vector.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    vector[i] = state / 2147483648;
  }
}

function emptyFactors(size: number): ShiftedFactors {
  return {
    pivots: new Float64Array(size),
    above: new Float64Array(size),
    secondAbove: new Float64Array(size),
    multipliers: new Float64Array(size),
    swapped: new Uint8Array(size),
  };
}

function factorShifted(
  factors: ShiftedFactors,
  diagonal: Float64Array,
  subdiagonal: Float64Array,
  shift: number,
  norm: number,
): void {
  const { pivots, above, secondAbove, multipliers, swapped } = factors;
  const last = diagonal.length - 1;
  // A vanishing pivot stands for a shift one rounding away.
  const smallestPivot = Number.EPSILON * norm;
  let pivot = diagonal[0] - shift;
  let next = last > 0 ? subdiagonal[1] : 0;
  for (let i = 0; i < last; i++) {
    const below = subdiagonal[i + 1];
    const belowDiagonal = diagonal[i + 1] - shift;
    const belowNext = i + 1 < last ? subdiagonal[i + 2] : 0;
    if (Math.abs(pivot) >= Math.abs(below)) {
      if (Math.abs(pivot) < smallestPivot) pivot = smallestPivot;
      const multiplier = below / pivot;
      swapped[i] = 0;
      pivots[i] = pivot;
      above[i] = next;
      secondAbove[i] = 0;
      multipliers[i] = multiplier;
      pivot = belowDiagonal - multiplier * next;
      next = belowNext;
    } else {
      const multiplier = pivot / below;
      swapped[i] = 1;
      pivots[i] = below;
      above[i] = belowDiagonal;
      secondAbove[i] = belowNext;
      multipliers[i] = multiplier;
      pivot = next - multiplier * belowDiagonal;
      next = -multiplier * belowNext;
    }
  }
  pivots[last] = Math.abs(pivot) < smallestPivot ? smallestPivot : pivot;
  above[last] = 0;
  secondAbove[last] = 0;
}

/** x ← (T − λ)⁻¹x; the first solve may leave out L, whose effect on an arbitrary start is arbitrary too. */
function solveShifted(factors: ShiftedFactors, x: Float64Array, skipForward: boolean): void {
  const { pivots, above, secondAbove, multipliers, swapped } = factors;
  const last = x.length - 1;
  if (!skipForward) {
    for (let i = 0; i < last; i++) {
      const upper = swapped[i] === 1 ? x[i + 1] : x[i];
      const lower = swapped[i] === 1 ? x[i] : x[i + 1];
      x[i] = upper;
      x[i + 1] = lower - multipliers[i] * upper;
    }
  }
  let after = 0;
  let secondAfter = 0;
  for (let i = last; i >= 0; i--) {
    const value = (x[i] - above[i] * after - secondAbove[i] * secondAfter) / pivots[i];
    x[i] = value;
    secondAfter = after;
    after = value;
  }
}
