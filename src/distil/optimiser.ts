import type { OptimiserName } from '../compression/steps/distil';

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
    second: new Float32Array(name === 'adam' ? size : 0),
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
 * corrected for their start, or stochastic gradient descent with momentum 0.9.
 */
export function moveWeights(
  name: OptimiserName,
  state: OptimiserState,
  weights: Float32Array,
  gradient: Float32Array,
  rate: number,
): OptimiserState {
  const steps = state.steps + 1;
  if (name === 'adam') moveByAdam(state, steps, weights, gradient, rate);
  else moveByMomentum(state, weights, gradient, rate);
  return { ...state, steps };
}

function moveByAdam(
  { first, second }: OptimiserState,
  steps: number,
  weights: Float32Array,
  gradient: Float32Array,
  rate: number,
): void {
  const size = rate / (1 - pastOfMean ** steps);
  const correction = Math.sqrt(1 - pastOfSquares ** steps);
  for (let at = 0; at < weights.length; at++) {
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
