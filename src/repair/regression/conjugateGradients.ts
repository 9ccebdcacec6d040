/** What conjugate gradients need besides the system. */
export interface ConjugateGradientOptions {
  /** Approximates the inverse of the matrix; symmetric and positive definite on what the system can reach. */
  precondition(residual: Float64Array): Float64Array;
  readonly maxSteps: number;
  /** Stops when the residual's norm has fallen to this share of its first value. */
  readonly tolerance: number;
}

/**
 * Preconditioned conjugate gradients (Hestenes and Stiefel) for a symmetric positive semidefinite system given
 * as a function. From any start, ½ xᵀAx − bᵀx falls with every step; what A does not see of the start stays.
 *
 * @param start not modified
 */
export function conjugateGradients(
  apply: (x: Float64Array) => Float64Array,
  right: Float64Array,
  start: Float64Array,
  { precondition, maxSteps, tolerance }: ConjugateGradientOptions,
): Float64Array {
  const x = start.slice();
  const residual = right.slice();
  addScaled(residual, -1, apply(x));
  const stopAt = tolerance * norm(residual);
  let direction = precondition(residual);
  let energy = dot(residual, direction);
  for (let step = 0; step < maxSteps && energy > 0; step++) {
    const image = apply(direction);
    const curvature = dot(direction, image);
    // Along a direction of (numerically) no curvature nothing is known.
    if (!(curvature > 0)) break;
    addScaled(x, energy / curvature, direction);
    addScaled(residual, -energy / curvature, image);
    if (norm(residual) <= stopAt) break;
    const next = precondition(residual);
    const nextEnergy = dot(residual, next);
    addScaled(next, nextEnergy / energy, direction);
    direction = next;
    energy = nextEnergy;
  }
  return x;
}

function addScaled(target: Float64Array, factor: number, other: Float64Array): void {
  for (let index = 0; index < target.length; index++) target[index] += factor * other[index];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index] * b[index];
  return sum;
}

function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}
