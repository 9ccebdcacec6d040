/** What a Krylov space tells of a symmetric, positive semidefinite matrix. */
export interface SpaceSpectrum {
  /** Eigenvalues of the matrix in the space, descending: never above those of the matrix, index by index. */
  readonly squares: Float64Array;
  /** How many of the matrix's eigenvalues each stands for; in the mean they add up to their number. */
  readonly weights: Float64Array;
  /** Each one's distance, at most, from some eigenvalue of the matrix. */
  readonly residuals: Float64Array;
  /** Number of the matrix's eigenvalues. */
  readonly count: number;
  /** How many of the leading ones are taken for no less than they are in the space. */
  readonly known: number;
  /** Sum of all eigenvalues of the matrix. */
  readonly sum: number;
}

/** An eigenvalue is taken as it is where its residual is below this share of it. */
const settled = 0.03;

/**
 * Roots of all eigenvalues, descending, as estimated: the settled ones as they are in the space, then those at which
 * the weights of the others, running from the greatest down, have counted so many. The rest behind the known ones is
 * scaled so that the sum is exact.
 */
export function estimatedSpectrum(space: SpaceSpectrum): Float64Array {
  const { squares, residuals, count, known, sum } = space;
  const result = new Float64Array(count);
  let exact = 0;
  while (exact < known && residuals[exact] <= settled * squares[exact]) exact++;
  result.set(squares.subarray(0, exact));
  fillByWeights(result, exact, space);
  for (let i = exact; i < known; i++) result[i] = Math.max(result[i], squares[i]);
  // Those that scaling would lift above the known ones are held, and the others scaled again.
  for (let pass = 0; pass < 4; pass++) {
    scaleRest(result, known, sum);
    for (let i = 1; i < count; i++) result[i] = Math.min(result[i], result[i - 1]);
  }
  return result.map(Math.sqrt);
}

/** Fills the result from `first` on: the k-th is where the weights from there on have counted to the middle of it. */
function fillByWeights(
  result: Float64Array,
  first: number,
  { squares, weights, count }: SpaceSpectrum,
): void {
  let total = 0;
  for (let node = first; node < squares.length; node++) total += weights[node];
  if (total === 0) return;
  const share = (count - first) / total;
  let node = first;
  let [before, middle] = [0, (weights[first] * share) / 2];
  let covered = weights[first] * share;
  for (let i = first; i < count; i++) {
    const at = i - first + 0.5;
    while (middle < at && node + 1 < squares.length) {
      node++;
      before = middle;
      middle = covered + (weights[node] * share) / 2;
      covered += weights[node] * share;
    }
    if (node === first || middle <= at) result[i] = squares[node];
    else {
      const part = (at - before) / (middle - before);
      result[i] = squares[node - 1] + part * (squares[node] - squares[node - 1]);
    }
  }
}

/** Scales what lies behind the known ones so that all have the sum. */
function scaleRest(result: Float64Array, known: number, sum: number): void {
  let [leading, rest] = [0, 0];
  for (let i = 0; i < result.length; i++) {
    if (i < known) leading += result[i];
    else rest += result[i];
  }
  const factor = rest > 0 ? Math.max(0, sum - leading) / rest : 0;
  for (let i = known; i < result.length; i++) result[i] *= factor;
}
