import type { LayerFactors } from '../network/factors';
import type { Network, Shape } from '../network/graph';
import { defaultFactorisation, isDepthwise, layerNodes } from '../network/layerNodes';
import type { Ranks } from '../network/layers';
import { unfoldingOf } from '../network/unfolding';
import { patchSize } from './regression/regression';
import { patchGeometry, type PatchGeometry } from './geometry';
import type { RepairTarget } from './layerGroups';
import { maxPatchSize } from './limits';
import { outputUse, type OutputUse } from './outputUse';
import { ownValue } from '../network/ownValue';

/** A layer that will be re-fitted, with all that its samples depend on. */
export interface RepairStep {
  readonly target: RepairTarget;
  readonly geometry: PatchGeometry;
  readonly use: OutputUse;
}

/**
 * The layers to re-fit in network order: those that are cut, and those that are not but whose input a cut
 * layer before them changes. Depthwise layers and layers with very large patches are left out.
 */
export function repairSteps(
  network: Network,
  ranks: Ranks,
  factorsOf: (layer: string) => LayerFactors,
  shapes: ReadonlyMap<string, Shape>,
): readonly RepairStep[] {
  const changed = changedLayers(network, ranks);
  return layerNodes(network).flatMap((node) => {
    const rank = ownValue(ranks, node.name) ?? null;
    const [input, output] = [shapes.get(node.inputs[0]!), shapes.get(node.output)];
    if (!input || !output || isDepthwise(node.operator)) return [];
    if (rank === null && !changed.has(node.name)) return [];
    const factors = rank === null ? null : factorsOf(node.name);
    const factorisation = factors?.factorisation ?? defaultFactorisation(node.operator);
    if (patchSize(unfoldingOf(node, factorisation)) > maxPatchSize) return [];
    const cut = factors && rank !== null ? { factors, rank } : null;
    const geometry = patchGeometry(node, factorisation, input, output);
    const use = outputUse(network, node, geometry.outputChannels, shapes);
    return [{ target: { node, factorisation, cut }, geometry, use }];
  });
}

/** Layers that read something that a cut layer changes. */
function changedLayers(network: Network, ranks: Ranks): ReadonlySet<string> {
  const changedValues = new Set<string>();
  const layers = new Set<string>();
  for (const node of network.nodes) {
    const isChanged = node.inputs.some((value) => changedValues.has(value));
    if (isChanged) layers.add(node.name);
    if (isChanged || (ownValue(ranks, node.name) ?? null) !== null) {
      changedValues.add(node.output);
    }
  }
  return layers;
}
