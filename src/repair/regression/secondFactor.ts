import { multiply, transposedMultiply } from '../../linalg/matrix';
import { addProduct } from '../../linalg/product';
import { blockView, transposeView, viewOf } from '../../linalg/view';
import type { FactorPair } from './factorPair';
import { firstRows, patchSize, type Moments, type PatchLayout } from './regression';
import { semidefiniteSolver } from './semidefinite';

/** Factors with the regression error they leave on the moments they were fitted to. */
export interface FittedPair {
  readonly factors: FactorPair;
  readonly error: number;
}

/**
 * The best second factor for a given first one: least squares of the targets on the first factor's outputs at
 * all second taps, a linear system of side rank · secondTaps. Never raises the regression error; an output that
 * never varies keeps its weights.
 */
export function fitSecondFactor(moments: Moments, layout: PatchLayout, factors: FactorPair): FittedPair {
  const { rank, first, second } = factors;
  const { outputs } = layout;
  const side = rank * layout.secondTaps;
  const gram = projectBothSides(moments.gram, layout, first, rank);
  const cross = projectRows(moments.cross, layout, first, rank, outputs);
  const residual = cross.slice();
  const current = viewOf(second, side, outputs);
  addProduct(viewOf(residual, side, outputs), -1, viewOf(gram, side, side), current);
  const change = semidefiniteSolver(gram, side).solve(residual, outputs);
  const next = second.map((value, index) => value + change[index]);
  return {
    factors: { rank, first, second: next },
    error: projectedError(moments.targetVariance, gram, cross, next),
  };
}

/**
 * The regression error of factors, from moments projected on the first factor's outputs: for low ranks several
 * times cheaper than `regressionError` of the kernel they stand for, and equal to it.
 */
export function factorsError(
  moments: Moments,
  layout: PatchLayout,
  { rank, first, second }: FactorPair,
): number {
  const gram = projectBothSides(moments.gram, layout, first, rank);
  const cross = projectRows(moments.cross, layout, first, rank, layout.outputs);
  return projectedError(moments.targetVariance, gram, cross, second);
}

/** Σ variance + tr(Bᵀ(PB − 2C)) for second factor B, projected Gram matrix P and cross moments C. */
function projectedError(
  targetVariance: Float64Array,
  gram: Float64Array,
  cross: Float64Array,
  second: Float64Array,
): number {
  const side = Math.sqrt(gram.length);
  const product = multiply(gram, second, side, side, targetVariance.length);
  let error = targetVariance.reduce((sum, value) => sum + value, 0);
  for (let index = 0; index < second.length; index++) {
    error += second[index] * (product[index] - 2 * cross[index]);
  }
  return error;
}

/** Second moments of the first factor's outputs at all second taps, side (second tap, rank). */
function projectBothSides(
  gram: Float64Array,
  layout: PatchLayout,
  first: Float64Array,
  rank: number,
): Float64Array {
  const size = patchSize(layout);
  const side = rank * layout.secondTaps;
  // The Gram matrix is symmetric, so its projected rows are its projected columns, transposed.
  const half = projectRows(gram, layout, first, rank, size);
  const projected = new Float64Array(side * side);
  const rows = firstRows(layout);
  const left = viewOf(half, side, size);
  const result = viewOf(projected, side, side);
  const filters = viewOf(first, rows, rank);
  for (let tap = 0; tap < layout.secondTaps; tap++) {
    addProduct(
      blockView(result, 0, tap * rank, side, rank),
      1,
      blockView(left, 0, tap * rows, side, rows),
      filters,
    );
  }
  return projected;
}

/** firstᵀ · (the rows of every second tap): from patchSize × columns to (second tap, rank) × columns. */
function projectRows(
  matrix: Float64Array,
  layout: PatchLayout,
  first: Float64Array,
  rank: number,
  columns: number,
): Float64Array {
  const rows = firstRows(layout);
  const { secondTaps } = layout;
  if (secondTaps === 1) return transposedMultiply(first, matrix, rank, rows, columns);
  const result = new Float64Array(secondTaps * rank * columns);
  const filters = transposeView(viewOf(first, rows, rank));
  const from = viewOf(matrix, secondTaps * rows, columns);
  const to = viewOf(result, secondTaps * rank, columns);
  for (let tap = 0; tap < secondTaps; tap++) {
    addProduct(
      blockView(to, tap * rank, 0, rank, columns),
      1,
      filters,
      blockView(from, tap * rows, 0, rows, columns),
    );
  }
  return result;
}
