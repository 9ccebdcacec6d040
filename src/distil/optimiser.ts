import type { OptimiserName } from '../compression/steps/distil';
import type { MatrixPlace } from '../engine/training/parameters';
import { orthogonalised } from './orthogonal';

/** What an optimiser remembers from step to step, as plain data. */
export interface OptimiserState {
  /** Steps so far. */
  readonly steps: number;
  /** Running mean of gradients, or the momentum. */
  readonly first: Float32Array;
  /** Running mean of squared gradients; empty where there is none. */
  readonly second: Float32Array;
}

/** Shares of the past in Adam's running means, and in the momentum of the other. */
const pastOfMean = 0.9;
const pastOfSquares = 0.999;
const tiny = 1e-8;

/** An optimiser before its first step. */
export function freshOptimiser(name: OptimiserName, size: number): OptimiserState {
  return {
    steps: 0,
    first: new Float32Array(size),
    second: new Float32Array(name === 'sgd' ? 0 : size),
  };
}

/** Scales a gradient down, in place, until it is at most so long. @returns its length before */
export function clipGradient(gradient: Float32Array, most: number): number {
  let squares = 0;
  for (const value of gradient) squares += value * value;
  const length = Math.sqrt(squares);
  if (!(length > most)) return length;
  // As PyTorch has it: the tiny number keeps the quotient finite.
  const factor = most / (length + 1e-6);
  for (let at = 0; at < gradient.length; at++) gradient[at]! *= factor;
  return length;
}

/**
 * Moves weights one step down a gradient, in place, and so the state's arrays: Adam (Kingma and Ba, 2015) with both means
 * corrected for their start, stochastic gradient descent with momentum 0.9, or Muon (Jordan and others, 2024), which moves
 * matrices by their momentum with all its singular values made 1, so that no direction waits for the steep ones, and the
 * rest as Adam does. Its steps are scaled to the size of Adam's (Liu and others, "Muon is scalable", 2025), so that the
 * same rates do for both.
 *
 * @param matrices of the weights, which Muon moves
 */
export function moveWeights(
  name: OptimiserName,
  state: OptimiserState,
  weights: Float32Array,
  gradient: Float32Array,
  rate: number,
  matrices: readonly MatrixPlace[] = [],
): OptimiserState {
  const steps = state.steps + 1;
  if (name === 'sgd') moveByMomentum(state, weights, gradient, rate);
  else if (name === 'adam') moveByAdam(state, steps, weights, gradient, rate, 0, weights.length);
  else moveByMuon(state, steps, weights, gradient, rate, matrices);
  return { ...state, steps };
}

/** @param matrices in the order of their offsets */
function moveByMuon(
  state: OptimiserState,
  steps: number,
  weights: Float32Array,
  gradient: Float32Array,
  rate: number,
  matrices: readonly MatrixPlace[],
): void {
  let from = 0;
  for (const place of matrices) {
    moveByAdam(state, steps, weights, gradient, rate, from, place.offset);
    moveMatrix(state, weights, gradient, rate, place);
    from = place.offset + place.rows * place.columns;
  }
  moveByAdam(state, steps, weights, gradient, rate, from, weights.length);
}

/** Root mean square of a step of Adam's, over the rate, that matrices' steps are scaled to. */
const stepSize = 0.2;

function moveMatrix(
  { first }: OptimiserState,
  weights: Float32Array,
  gradient: Float32Array,
  rate: number,
  { offset, rows, columns }: MatrixPlace,
): void {
  const ahead = new Float64Array(rows * columns);
  for (let at = 0; at < ahead.length; at++) {
    const slope = gradient[offset + at]!;
    const mean = pastOfMean * first[offset + at]! + (1 - pastOfMean) * slope;
    first[offset + at] = mean;
    // Where the mean will be if the gradient stays (Nesterov).
    ahead[at] = pastOfMean * mean + (1 - pastOfMean) * slope;
  }
  const direction = orthogonalised(ahead, rows, columns);
  const size = rate * stepSize * Math.sqrt(Math.max(rows, columns));
  for (let at = 0; at < direction.length; at++) weights[offset + at]! -= size * direction[at]!;
}

function moveByAdam(
  { first, second }: OptimiserState,
  steps: number,
  weights: Float32Array,
  gradient: Float32Array,
  rate: number,
  from: number,
  to: number,
): void {
  const size = rate / (1 - pastOfMean ** steps);
  const correction = Math.sqrt(1 - pastOfSquares ** steps);
  for (let at = from; at < to; at++) {
    const slope = gradient[at]!;
    const mean = pastOfMean * first[at]! + (1 - pastOfMean) * slope;
    const squares = pastOfSquares * second[at]! + (1 - pastOfSquares) * slope * slope;
    first[at] = mean;
    second[at] = squares;
    weights[at]! -= (size * mean) / (Math.sqrt(squares) / correction + tiny);
  }
}

function moveByMomentum(
  { first }: OptimiserState,
  weights: Float32Array,
  gradient: Float32Array,
  rate: number,
): void {
  for (let at = 0; at < weights.length; at++) {
    const momentum = pastOfMean * first[at]! + gradient[at]!;
    first[at] = momentum;
    weights[at]! -= rate * momentum;
  }
}
