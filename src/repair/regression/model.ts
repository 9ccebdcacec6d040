import { alternate } from './alternate';
import { composeKernel, type FactorPair } from './factorPair';
import { fitKernel, fitReducedRanks } from './reducedRank';
import { bestBias, predictionError, type Moments, type PatchLayout } from './regression';
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
 * Better and better models for some moments, one per round; a single one where a closed form gives the best.
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
