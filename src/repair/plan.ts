import { assertImagesFit } from '../engine/preprocess';
import { greatest } from '../linalg/extremes';
import { createRandom } from '../linalg/random';
import type { LayerFactors } from '../network/factors';
import { fail } from '../network/failure';
import type { GraphNode, Network } from '../network/graph';
import type { ImageSet, Preprocessing } from '../network/images';
import type { Ranks } from '../network/layers';
import { replacedOneByOne, type Patch, type Replacement } from '../network/patch';
import { lowRankPatch } from '../network/rewrite';
import { inferShapes } from '../network/shapes';
import { joinGroups } from './layerGroups';
import type { LayerFits } from './questions';
import { patchSize } from './regression/regression';
import { repairSteps, type RepairStep } from './steps';

/** Share of the calibration images that only choose and judge. */
const heldBackShare = 0.2;
/** Fewer images than this cannot be split. */
const minImages = 2;
/** Most parts that images are split into, and so most threads that run them. */
const mostParts = 4;
/** Fewer images a part are not worth a thread. */
const fewestInPart = 16;
/** Bytes that the Gram matrices of all parts may take together. */
const gramBytes = 256 * 2 ** 20;

/** A cut network to repair, and the images to repair it on. */
export interface RepairSetting {
  /** The original network, batch norm unfolded. */
  readonly network: Network;
  readonly ranks: Ranks;
  /** Factors of a cut layer, at its rank or a higher one. */
  readonly factorsOf: (layer: string) => LayerFactors;
  readonly images: ImageSet;
  readonly preprocessing: Preprocessing;
  /** The calibration images; no reported accuracy may come from them. Labels are not used. */
  readonly indices: Uint32Array;
  readonly seed: number;
}

/** A layer to re-fit and what stands in its place until then: its two factors, or its own node where it is not cut. */
export interface Place {
  readonly step: RepairStep;
  readonly nodes: readonly GraphNode[];
}

/** What every thread that takes part in a repair works out alike. */
export interface RepairPlan {
  /** Layers to re-fit, in network order. */
  readonly places: readonly Place[];
  /** Layers that are cut and not re-fitted. */
  readonly fixed: readonly Replacement[];
  /** Cuts the network. */
  readonly truncation: Patch;
  /** The images in parts, each with those that only choose between fits. */
  readonly parts: readonly { readonly fitted: Uint32Array; readonly heldBack: Uint32Array }[];
}

/** @throws FailureError 'invalid-request' for fewer than two images or ranks that do not fit, 'images-do-not-fit' */
export function repairPlan(setting: RepairSetting): RepairPlan {
  const { network, ranks, factorsOf, indices, seed } = setting;
  assertImagesFit(network.input.shape, setting.images, setting.preprocessing);
  if (indices.length < minImages) {
    fail(
      'invalid-request',
      `Repair needs at least ${minImages} images, found ${indices.length}; give more for calibration.`,
    );
  }
  const truncation = lowRankPatch(network, ranks, factorsOf);
  const steps = repairSteps(network, ranks, factorsOf, inferShapes(network).shapes);
  const cut = new Map(truncation.replacements.map(({ node, nodes }) => [node, nodes]));
  const places = steps.map((step) => {
    const { node } = step.target;
    return { step, nodes: cut.get(node.name) ?? [node] };
  });
  const refitted = new Set(steps.map(({ target }) => target.node.name));
  const fixed = truncation.replacements.filter(({ node }) => !refitted.has(node));
  return { places, fixed, truncation, parts: partsOf(indices, seed, steps) };
}

/** A part of the images is held back at first; both kinds are split evenly, by nothing that a machine decides. */
function partsOf(indices: Uint32Array, seed: number, steps: readonly RepairStep[]): RepairPlan['parts'] {
  const order = createRandom(seed).shuffle(indices.slice());
  const heldBack = Math.ceil(heldBackShare * order.length);
  const count = partCount(order.length, steps);
  const range = (from: number, to: number, part: number) => {
    const at = (index: number) => from + Math.floor((index * (to - from)) / count);
    return order.subarray(at(part), at(part + 1));
  };
  return Array.from({ length: count }, (_, part) => ({
    fitted: range(heldBack, order.length, part),
    heldBack: range(0, heldBack, part),
  }));
}

/** Few where the Gram matrices of a layer's patches are large: each part has two, one of them for the held-back images. */
function partCount(images: number, steps: readonly RepairStep[]): number {
  const largest = greatest(steps.map(({ geometry }) => patchSize(geometry.layout)));
  const fitting = steps.length > 0 ? Math.floor(gramBytes / (16 * largest ** 2)) : 1;
  return Math.max(1, Math.min(mostParts, Math.floor(images / fewestInPart), fitting));
}

/** The nodes of a layer that was re-fitted. */
export function refittedNodes({ step, nodes }: Place, fits: LayerFits): readonly GraphNode[] {
  return fits ? joinGroups(step.target, nodes, fits, step.use) : nodes;
}

/** Puts what was re-fitted in the place of the truncated network's nodes. */
export function refittedPatch({ places }: RepairPlan, fits: readonly LayerFits[]): Patch {
  const replacements = places.flatMap((place, index) => {
    const own = fits[index];
    return own ? replacedOneByOne(place.nodes, refittedNodes(place, own)) : [];
  });
  return { replacements };
}

/** Names of the layers that are re-fitted, in network order. */
export function layersOf({ places }: RepairPlan): readonly string[] {
  return places.map(({ step }) => step.target.node.name);
}
