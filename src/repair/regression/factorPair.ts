import { addProduct } from '../../linalg/product';
import { blockView, viewOf } from '../../linalg/view';
import { firstRows, patchSize, type PatchLayout } from './regression';

/** The two factors of one group of a layer in double precision. */
export interface FactorPair {
  readonly rank: number;
  /** (first tap, input) × rank. */
  readonly first: Float64Array;
  /** (second tap, rank) × outputs. */
  readonly second: Float64Array;
}

/** The kernel that two factors stand for, patchSize × outputs. */
export function composeKernel(layout: PatchLayout, { rank, first, second }: FactorPair): Float64Array {
  const { secondTaps, outputs } = layout;
  const rows = firstRows(layout);
  const kernel = new Float64Array(patchSize(layout) * outputs);
  const whole = viewOf(kernel, patchSize(layout), outputs);
  const left = viewOf(first, rows, rank);
  const right = viewOf(second, secondTaps * rank, outputs);
  for (let tap = 0; tap < secondTaps; tap++) {
    const block = blockView(whole, tap * rows, 0, rows, outputs);
    addProduct(block, 1, left, blockView(right, tap * rank, 0, rank, outputs));
  }
  return kernel;
}

/**
 * Gives filter k of the first factor and what reads it the same norm, which changes no product but keeps both
 * in the range of float32. A filter that nothing reads, or that is zero, is left as it is.
 */
export function balance(layout: PatchLayout, { rank, first, second }: FactorPair): FactorPair {
  const { outputs } = layout;
  const firstSquares = new Float64Array(rank);
  const secondSquares = new Float64Array(rank);
  for (let from = 0; from < first.length; from += rank) {
    for (let k = 0; k < rank; k++) firstSquares[k] += first[from + k] ** 2;
  }
  for (let from = 0, k = 0; from < second.length; from += outputs, k = (k + 1) % rank) {
    for (let o = 0; o < outputs; o++) secondSquares[k] += second[from + o] ** 2;
  }
  const scales = firstSquares.map((square, k) => {
    const scale = Math.sqrt(Math.sqrt(secondSquares[k] / square));
    return Number.isFinite(scale) && scale > 0 ? scale : 1;
  });
  const balanced = { rank, first: first.slice(), second: second.slice() };
  for (let from = 0; from < first.length; from += rank) {
    for (let k = 0; k < rank; k++) balanced.first[from + k] *= scales[k];
  }
  for (let from = 0, k = 0; from < second.length; from += outputs, k = (k + 1) % rank) {
    for (let o = 0; o < outputs; o++) balanced.second[from + o] /= scales[k];
  }
  return balanced;
}
