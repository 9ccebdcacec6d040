import { alternate } from './alternate';
import { composeKernel, type FactorPair } from './factorPair';
import { fitKernel, fitReducedRanks } from './reducedRank';
import { bestBias, predictionError, type Moments, type PatchLayout } from './regression';
import { withRidge } from './ridge';
import { factorsError } from './secondFactor';

/** What is fitted in one group of a layer: two factors, or the whole kernel where the layer is not cut. */
export type LinearModel =
  | { readonly kind: 'factors'; readonly pair: FactorPair }
  /** patchSize × outputs */
  | { readonly kind: 'kernel'; readonly kernel: Float64Array };

/** The kernel that a model stands for, patchSize × outputs. */
export function kernelOf(layout: PatchLayout, model: LinearModel): Float64Array {
  return model.kind === 'factors' ? composeKernel(layout, model.pair) : model.kernel;
}

/**
 * Mean squared error of a model with a given bias on some moments, summed over outputs.
 *
 * @param bias one value per output
 */
export function modelError(
  moments: Moments,
  layout: PatchLayout,
  model: LinearModel,
  bias: Float64Array,
): number {
  if (model.kind === 'kernel') return predictionError(moments, model.kernel, bias);
  const own = bestBias(moments, kernelOf(layout, model));
  const offset = own.reduce((sum, value, output) => sum + (value - bias[output]) ** 2, 0);
  return factorsError(moments, layout, model.pair) + offset;
}

/** Whether one step reaches the optimum: whole kernels, and factors of which the second has a single tap. */
export function hasClosedForm(layout: PatchLayout, model: LinearModel): boolean {
  return model.kind === 'kernel' || layout.secondTaps === 1;
}

/**
 * Better and better models for some moments, one per round: the first re-fits the second factor alone, every further
 * one both. A single one where a closed form gives the best; it ends where a round gains nothing more.
 *
 * @param kernel where closed forms start from: the layer's own kernel
 */
export function* improveModel(
  moments: Moments,
  layout: PatchLayout,
  kernel: Float64Array,
  start: LinearModel,
): Generator<LinearModel, void, void> {
  if (start.kind === 'kernel') {
    yield { kind: 'kernel', kernel: fitKernel(moments, kernel) };
  } else if (layout.secondTaps === 1) {
    const [pair] = fitReducedRanks(moments, layout, kernel, [start.pair.rank]);
    yield { kind: 'factors', pair };
  } else {
    for (const { factors } of alternate(moments, layout, start.pair))
      yield { kind: 'factors', pair: factors };
  }
}

export interface Improvement {
  /** Models of {@link improveModel} to go through, at least 1, the first included. */
  readonly rounds: number;
  /** Strength of the ridge towards the layer's own kernel (see {@link withRidge}). */
  readonly ridge: number;
}

/**
 * A model after some rounds of {@link improveModel}, or after all there are where they are fewer.
 *
 * @param moments without ridge
 * @param kernel the layer's own kernel
 * @returns a generator that yields after each round, so that the caller may pause or stop, and returns the model
 */
export function* improvedModel(
  moments: Moments,
  layout: PatchLayout,
  kernel: Float64Array,
  start: LinearModel,
  { rounds, ridge }: Improvement,
): Generator<void, LinearModel, void> {
  const models = improveModel(withRidge(moments, kernel, ridge), layout, kernel, start);
  let model = start;
  for (let round = 0; round < rounds; round++) {
    const next = models.next();
    if (next.done) break;
    model = next.value;
    yield;
  }
  return model;
}
