import type { GroupFit } from './regression/fitLayer';
import { improvedModel, kernelOf, type Improvement } from './regression/model';
import { bestBias, patchSize, type Moments } from './regression/regression';
import { multiply, transposedMultiply } from '../linalg/matrix';
import type { LayerFactors } from '../network/factors';
import type { Network } from '../network/graph';
import { replacedOneByOne, type Patch } from '../network/patch';
import { lowRankPatch } from '../network/rewrite';
import { inferShapes } from '../network/shapes';
import { groupKernel, joinGroups, unrepairedGroup, type RepairTarget } from './layerGroups';
import { patchMoments, type PatchMomentsRequest } from './patchMoments';
import { repairSteps, type RepairStep } from './steps';

/** At each rank. The fit has no noise to guard against, only directions that were not seen, so the ridge is weak. */
export const refit: Improvement = { rounds: 4, ridge: 1e-4 };

/** What a layer's fits at any rank need of the original network. */
export interface OriginalMoments {
  /** The original. */
  readonly network: Network;
  readonly step: RepairStep;
  /** One per group, in the units of the layer's use. */
  readonly groups: readonly Moments[];
}

export interface OriginalMomentsRequest extends PatchMomentsRequest {
  /** The layers with their factors, in any order. */
  readonly factors: readonly LayerFactors[];
}

/**
 * Second moments of the patches that layers read in the original network, layer by layer in network order and
 * with one forward pass over the images altogether. Layers that repair leaves out (see `repairSteps`) are
 * left out here too.
 *
 * @throws whatever `pause` throws, and the backend's faults
 */
export async function* originalMoments(
  request: OriginalMomentsRequest,
): AsyncGenerator<OriginalMoments, void, void> {
  const { network } = request;
  const known = new Map(request.factors.map((factors) => [factors.layer, factors]));
  const ranks = Object.fromEntries(request.factors.map(({ layer, rank }) => [layer, rank]));
  const steps = repairSteps(network, ranks, (layer) => known.get(layer)!, inferShapes(network).shapes);
  const layers = steps
    .filter(({ target }) => target.cut)
    .map((step) => ({ step, node: step.target.node, geometry: step.geometry }));
  for await (const { layer, groups } of patchMoments(request, layers)) {
    const { step } = layer;
    yield { network, step, groups: groups.map((moments, group) => answered(step, group, moments)) };
  }
}

/** Adds the targets to the patches' moments: the layer's own answers, which follow from its kernel exactly. */
function answered({ target, geometry, use }: RepairStep, group: number, moments: Moments): Moments {
  const kernel = groupKernel(target, group, use);
  const { bias } = unrepairedGroup(target, group, use);
  const { outputs } = geometry.layout;
  const size = patchSize(geometry.layout);
  const cross = multiply(moments.gram, kernel, size, size, outputs);
  const targetVariance = new Float64Array(outputs);
  kernel.forEach((value, index) => (targetVariance[index % outputs]! += value * cross[index]!));
  const mean = transposedMultiply(kernel, moments.patchMean, outputs, size, 1);
  return { ...moments, cross, targetVariance, targetMean: mean.map((value, o) => value + bias[o]!) };
}

/**
 * A layer re-fitted at several ranks as if it were the only one cut: to measure what each rank costs once the
 * network is repaired.
 *
 * @param factors the layer's factors, at the greatest of the ranks or more
 * @returns one patch per rank, in their order, for the network with this layer alone cut to it
 * @throws FailureError `invalid-request` for a rank that is not one of the layer's
 */
export function fitFromOriginal(
  moments: OriginalMoments,
  factors: LayerFactors,
  ranks: readonly number[],
): readonly Patch[] {
  const { network, step } = moments;
  return ranks.map((rank) => {
    const cut = lowRankPatch(network, { [factors.layer]: rank }, () => factors);
    const place = cut.replacements.flatMap(({ nodes }) => nodes);
    const target: RepairTarget = { ...step.target, cut: { factors, rank } };
    const nodes = joinGroups(target, place, fitsOf(moments, target), step.use);
    return { replacements: replacedOneByOne(place, nodes) };
  });
}

function fitsOf({ step, groups }: OriginalMoments, target: RepairTarget): readonly GroupFit[] {
  const { geometry, use } = step;
  return groups.map((moments, group) => {
    const kernel = groupKernel(target, group, use);
    const start = unrepairedGroup(target, group, use).model;
    const model = resultOf(improvedModel(moments, geometry.layout, kernel, start, refit));
    return { model, bias: bestBias(moments, kernelOf(geometry.layout, model)) };
  });
}

function resultOf<T>(work: Generator<void, T, void>): T {
  let state = work.next();
  while (!state.done) state = work.next();
  return state.value;
}
