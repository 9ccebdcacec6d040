import { choleskyFactor, choleskySolve, type CholeskyFactor } from '../../linalg/cholesky';

/** Least share of its own diagonal that is added to a matrix to make it definite. */
const minLift = 1e-13;
/** A variance below this is none: products of its inverse roots are no numbers any more. */
const leastVariance = 1e-150;

/** Solves systems of one positive semidefinite matrix. */
export interface SemidefiniteSolver {
  /** @param rightSides size × columns, row-major */
  solve(rightSides: Float64Array, columns: number): Float64Array;
}

/**
 * Prepares to solve a·x = b for a positive semidefinite matrix, which may be singular: the matrix is scaled to
 * a unit diagonal and lifted by as little as makes its Cholesky factor exist. Where the exact step solves a
 * least-squares problem, the step with a lifted matrix still never raises its error; of many exact steps it is
 * the shortest in units of each variable's spread, and a variable that never varies does not move. Where rounding has left
 * of a variable's moments nothing but noise, correlations are no correlations; they are cut to what such may be and the
 * matrix lifted until it is definite all the same, which shortens the step.
 *
 * @param a size × size, row-major
 * @throws RangeError where entries are not finite
 */
export function semidefiniteSolver(a: Float64Array, size: number): SemidefiniteSolver {
  const scale = Float64Array.from({ length: size }, (_, i) => inverseRoot(a[i * size + i]));
  const scaled = a.slice();
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const correlation = scaled[i * size + j] * scale[i] * scale[j];
      scaled[i * size + j] = correlation > 1 ? 1 : correlation < -1 ? -1 : correlation;
    }
    // A variable that never varies has a zero row; any pivot leaves it alone.
    if (scale[i] === 0) scaled[i * size + i] = 1;
  }
  const factor = liftedFactor(scaled, size);
  return {
    solve: (rightSides, columns) => {
      const rows = rightSides.slice();
      scaleRows(rows, scale, columns);
      const solution = choleskySolve(factor, rows, columns);
      scaleRows(solution, scale, columns);
      return solution;
    },
  };
}

/** Multiplies each row by its factor, in place. */
function scaleRows(matrix: Float64Array, factors: Float64Array, columns: number): void {
  for (let row = 0, at = 0; row < factors.length; row++) {
    const factor = factors[row];
    for (const end = at + columns; at < end; at++) matrix[at] *= factor;
  }
}

function inverseRoot(diagonal: number): number {
  return diagonal > leastVariance ? 1 / Math.sqrt(diagonal) : 0;
}

/** @param scaled has a unit diagonal; its diagonal is written to */
function liftedFactor(scaled: Float64Array, size: number): CholeskyFactor {
  // No entry beside it is above 1, so that a diagonal above the size is definite whatever they are.
  for (let lift = minLift; ; lift *= 10) {
    for (let i = 0; i < size; i++) scaled[i * size + i] = 1 + lift;
    const result = choleskyFactor(scaled, size);
    if (result.kind === 'factor') return result;
    if (lift > 2 * size) throw new RangeError('semidefiniteSolver: expected finite entries');
  }
}
