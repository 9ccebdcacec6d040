import { addProduct } from '../../linalg/product';
import { transpose } from '../../linalg/matrix';
import { blockView, transposeView, viewOf, type MatrixView } from '../../linalg/view';
import { conjugateGradients } from './conjugateGradients';
import type { FactorPair } from './factorPair';
import { firstRows, patchSize, type Moments, type PatchLayout } from './regression';
import { semidefiniteSolver } from './semidefinite';

/** Few steps, since alternating oftener gains more than solving any half-step to the end. */
const maxSteps = 3;
const tolerance = 1e-3;

export interface FirstFactorOptions {
  /** Steps of conjugate gradients; 3 where absent. */
  readonly maxSteps?: number;
  /** Stops when the residual's norm has fallen to this share of its first value; 0.001 where absent. */
  readonly tolerance?: number;
}

/**
 * A better first factor for a given second one. The normal equations have rank · firstTaps · inputs unknowns;
 * their matrix Σ S[t,t′] ⊗ B[t′]B[t]ᵀ is only ever applied, by conjugate gradients from the present factor,
 * preconditioned with (mean of the S[t,t]) ⊗ (Σ B[t]B[t]ᵀ). Every step lowers the regression error.
 */
export function fitFirstFactor(
  moments: Moments,
  layout: PatchLayout,
  factors: FactorPair,
  options: FirstFactorOptions = {},
): FactorPair {
  const { rank, first, second } = factors;
  const products = outerProducts(layout, second, rank);
  const normal = (x: Float64Array) => applyNormal(moments.gram, layout, products, x, rank);
  const right = contractOutputs(moments.cross, layout, second, rank);
  const solution = conjugateGradients(normal, right, first, {
    precondition: preconditioner(moments.gram, layout, products, rank),
    maxSteps: options.maxSteps ?? maxSteps,
    tolerance: options.tolerance ?? tolerance,
  });
  return { rank, first: solution, second };
}

/** B[t′] · B[t]ᵀ for all pairs of second taps: (second tap, rank) square. */
function outerProducts({ secondTaps, outputs }: PatchLayout, second: Float64Array, rank: number): MatrixView {
  const side = secondTaps * rank;
  const result = viewOf(new Float64Array(side * side), side, side);
  const rows = viewOf(second, side, outputs);
  addProduct(result, 1, rows, transposeView(rows));
  return result;
}

/** Σ over second taps t, t′ of S[t,t′] · x · B[t′]B[t]ᵀ. */
function applyNormal(
  gram: Float64Array,
  layout: PatchLayout,
  products: MatrixView,
  x: Float64Array,
  rank: number,
): Float64Array {
  const { secondTaps } = layout;
  const rows = firstRows(layout);
  const size = patchSize(layout);
  const spread = viewOf(new Float64Array(size * rank), size, rank);
  const result = viewOf(new Float64Array(rows * rank), rows, rank);
  const whole = viewOf(gram, size, size);
  const current = viewOf(x, rows, rank);
  for (let tap = 0; tap < secondTaps; tap++) {
    spread.data.fill(0);
    addProduct(spread, 1, blockView(whole, 0, tap * rows, size, rows), current);
    for (let to = 0; to < secondTaps; to++) {
      const pair = blockView(products, tap * rank, to * rank, rank, rank);
      addProduct(result, 1, blockView(spread, to * rows, 0, rows, rank), pair);
    }
  }
  return result.data;
}

/** Σ over second taps of C[t] · B[t]ᵀ. */
function contractOutputs(
  cross: Float64Array,
  layout: PatchLayout,
  second: Float64Array,
  rank: number,
): Float64Array {
  const { secondTaps, outputs } = layout;
  const rows = firstRows(layout);
  const result = viewOf(new Float64Array(rows * rank), rows, rank);
  const from = viewOf(cross, patchSize(layout), outputs);
  const weights = viewOf(second, secondTaps * rank, outputs);
  for (let tap = 0; tap < secondTaps; tap++) {
    const block = blockView(from, tap * rows, 0, rows, outputs);
    addProduct(result, 1, block, transposeView(blockView(weights, tap * rank, 0, rank, outputs)));
  }
  return result.data;
}

function preconditioner(
  gram: Float64Array,
  layout: PatchLayout,
  products: MatrixView,
  rank: number,
): (residual: Float64Array) => Float64Array {
  const rows = firstRows(layout);
  const { secondTaps } = layout;
  const whole = viewOf(gram, patchSize(layout), patchSize(layout));
  const left = semidefiniteSolver(sumOfDiagonalBlocks(whole, secondTaps, rows, 1 / secondTaps), rows);
  const right = semidefiniteSolver(sumOfDiagonalBlocks(products, secondTaps, rank, 1), rank);
  return (residual) => {
    const half = transpose(left.solve(residual, rank), rows, rank);
    return transpose(right.solve(half, rows), rank, rows);
  };
}

function sumOfDiagonalBlocks(matrix: MatrixView, count: number, side: number, factor: number): Float64Array {
  const sum = new Float64Array(side * side);
  for (let block = 0; block < count; block++) {
    const { data, offset, rowStride } = blockView(matrix, block * side, block * side, side, side);
    for (let i = 0; i < side; i++) {
      for (let j = 0; j < side; j++) sum[i * side + j] += factor * data[offset + i * rowStride + j];
    }
  }
  return sum;
}
