const MAX_ITERATIONS = 60;

/**
 * All eigenvalues of a symmetric tridiagonal matrix by implicit QL with Wilkinson's shift, and, if `rotated` is
 * given, its eigenvectors too. O(n²) for the values alone; absolute error a few machine epsilons of the norm.
 * @param diagonal n values
 * @param subdiagonal n values, entry i couples i − 1 and i, entry 0 is not read
 * @param rotated n × n row-major; if its rows are the basis vectors b_i on entry (the identity for T's own
 *   eigenvectors), row i becomes the eigenvector of the i-th returned value. O(n³).
 * @returns n values, in no particular order
 * @throws Error when the iteration does not converge, which finite input never caused in our tests
 */
export function tridiagonalValues(
  diagonal: Float64Array,
  subdiagonal: Float64Array,
  rotated?: Float64Array,
): Float64Array {
  const size = diagonal.length;
  const values = diagonal.slice();
  // couplings[i] couples i and i + 1, which is how the sweep runs.
  const couplings = new Float64Array(size);
  couplings.set(subdiagonal.subarray(1));
  const negligible = 0.5 * Number.EPSILON * largestMagnitude(values, couplings);
  for (let start = 0; start < size; start++) {
    for (let iteration = 0; ; iteration++) {
      const end = endOfBlock(values, couplings, start, negligible);
      if (end === start) break;
      if (iteration === MAX_ITERATIONS) {
        throw new Error(
          `tridiagonalValues: expected convergence in ${MAX_ITERATIONS} iterations, got none at ${start} of ${size}`,
        );
      }
      qlSweep(values, couplings, start, end, rotated);
    }
  }
  return values;
}

/**
 * The last index coupled with `start`. A coupling is none below rounding error of its neighbours, nor below that
 * of the whole matrix: among values that are only noise themselves the first would never come about.
 */
function endOfBlock(
  values: Float64Array,
  couplings: Float64Array,
  start: number,
  negligible: number,
): number {
  let end = start;
  while (end < values.length - 1) {
    const coupling = Math.abs(couplings[end]);
    const scale = Math.abs(values[end]) + Math.abs(values[end + 1]);
    if (coupling <= negligible || coupling <= Number.EPSILON * scale) break;
    end++;
  }
  return end;
}

function largestMagnitude(values: Float64Array, couplings: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    largest = Math.max(largest, Math.abs(values[i]), Math.abs(couplings[i]));
  }
  return largest;
}

/** One implicit QL sweep over the block start…end, chasing the bulge from its end to its start. */
function qlSweep(
  values: Float64Array,
  couplings: Float64Array,
  start: number,
  end: number,
  rotated: Float64Array | undefined,
): void {
  const half = (values[start + 1] - values[start]) / (2 * couplings[start]);
  const root = Math.sqrt(half * half + 1);
  const shift = couplings[start] / (half + (half < 0 ? -root : root));
  let bulge = values[end] - values[start] + shift;
  let sine = 1;
  let cosine = 1;
  let carried = 0;
  for (let i = end - 1; i >= start; i--) {
    const opposite = sine * couplings[i];
    const along = cosine * couplings[i];
    const length = Math.sqrt(opposite * opposite + bulge * bulge);
    couplings[i + 1] = length;
    if (length === 0) {
      values[i + 1] -= carried;
      couplings[end] = 0;
      return;
    }
    sine = opposite / length;
    cosine = bulge / length;
    const base = values[i + 1] - carried;
    const turn = (values[i] - base) * sine + 2 * cosine * along;
    carried = sine * turn;
    values[i + 1] = base + carried;
    bulge = cosine * turn - along;
    if (rotated !== undefined) rotateRows(rotated, values.length, i, cosine, sine);
  }
  values[start] -= carried;
  couplings[start] = bulge;
  couplings[end] = 0;
}

function rotateRows(rows: Float64Array, size: number, i: number, cosine: number, sine: number): void {
  const lower = (i + 1) * size;
  for (let p = i * size, q = lower; p < lower; p++, q++) {
    const held = rows[q];
    rows[q] = sine * rows[p] + cosine * held;
    rows[p] = cosine * rows[p] - sine * held;
  }
}
