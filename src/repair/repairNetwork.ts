import type { RepairChoice } from './regression/fitLayer';
import { createRandom } from '../linalg/random';
import type { LayerFactors } from '../network/factors';
import { fail } from '../network/failure';
import type { GraphNode, Network } from '../network/graph';
import type { ImageSet, Preprocessing } from '../network/images';
import type { Ranks } from '../network/layers';
import { applyPatch, emptyPatch, replacedOneByOne, type Patch } from '../network/patch';
import { lowRankPatch } from '../network/rewrite';
import { inferShapes } from '../network/shapes';
import type { Pause } from '../engine/executor';
import { assertImagesFit } from '../engine/preprocess';
import { pauseUnlessCancelled } from '../engine/yielding';
import { calibrationBatches } from './batches';
import { repairDivergence, type RepairDivergence } from './divergence';
import { joinGroups } from './layerGroups';
import { fitSamples } from './repairLayer';
import { repairSteps, type RepairStep } from './steps';
import { SideBySide } from './walk';

/** Share of the calibration images that only choose and judge. */
const heldBackShare = 0.2;
/** Fewer images than this cannot be split. */
const minImages = 2;

export interface RepairRequest {
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
  /** What an earlier run of the same request told of its first layers: they are not fitted again. */
  readonly resume?: readonly LayerCheckpoint[];
  /** Told of each layer that is done, unless it was known before. */
  onLayer?(checkpoint: LayerCheckpoint): void;
  /** Told before each layer that is fitted, and at the end. */
  onProgress?(progress: {
    readonly done: number;
    readonly total: number;
    readonly layer: string | null;
  }): void;
  isCancelled?(): boolean;
}

/** What repair did to one layer. */
export interface RepairedLayer {
  readonly layer: string;
  readonly choice: RepairChoice;
  /** Mean squared error on held-back images as a share of the targets' variance. */
  readonly errorBefore: number;
  readonly errorAfter: number;
}

/** A layer that is done, as plain data: with those before it, all that a run needs to go on behind it. */
export interface LayerCheckpoint {
  readonly layer: RepairedLayer;
  /** Re-fitted: the layer's two factors, or its own node where it is not cut; null where it stays as it was. */
  readonly nodes: readonly GraphNode[] | null;
}

export interface RepairResult {
  /** The repaired network, or the truncated one where repair did not help. */
  readonly network: Network;
  /** What makes it of the truncated network (see `rewriteNetwork`); empty where repair did not help. */
  readonly patch: Patch;
  readonly layers: readonly RepairedLayer[];
  readonly divergence: RepairDivergence;
  /** Whether `network` is the repaired one. */
  readonly isRepaired: boolean;
}

/**
 * Repairs a network whose layers were cut, without labels: in network order every cut layer, and every layer
 * behind one, is re-fitted by least squares so that it answers to the repaired network's values with what the
 * original network has there. A part of the images is held back at first: it chooses each layer's ridge and
 * rounds, and whether it is re-fitted at all.
 *
 * A run that goes on from checkpoints answers, to the bit, what it would have without them.
 *
 * @throws FailureError 'invalid-request' for fewer than two images, ranks that do not fit, or checkpoints of other
 * layers, 'cancelled', 'images-do-not-fit', and the backend's faults
 */
export async function repairNetwork(request: RepairRequest): Promise<RepairResult> {
  const { network, ranks, factorsOf, indices } = request;
  assertImagesFit(network.input.shape, request.images, request.preprocessing);
  if (indices.length < minImages) {
    fail(
      'invalid-request',
      `Repair needs at least ${minImages} images, found ${indices.length}; give more for calibration.`,
    );
  }
  const truncation = lowRankPatch(network, ranks, factorsOf);
  const steps = repairSteps(network, ranks, factorsOf, inferShapes(network).shapes);
  assertFirstOf(request.resume ?? [], steps);
  const sides = sideBySide(request, truncation, steps);
  try {
    const places = placesOf(truncation, steps);
    const checkpoints = await repairInOrder(sides, places, request);
    return await judge(request, applyPatch(network, truncation), sides.repaired(), places, checkpoints);
  } finally {
    sides.dispose();
  }
}

function assertFirstOf(resume: readonly LayerCheckpoint[], steps: readonly RepairStep[]): void {
  for (const [index, { layer }] of resume.entries()) {
    const expected = steps[index]?.target.node.name ?? 'the end';
    if (layer.layer === expected) continue;
    fail(
      'invalid-request',
      `Repair cannot go on: expected ${expected}, found a checkpoint of ${layer.layer}; repair anew.`,
    );
  }
}

interface CalibrationSplit {
  readonly fitted: Uint32Array;
  readonly heldBack: Uint32Array;
}

function splitCalibration(indices: Uint32Array, seed: number): CalibrationSplit {
  const order = createRandom(seed).shuffle(indices.slice());
  const count = Math.ceil(heldBackShare * order.length);
  return { fitted: order.subarray(count), heldBack: order.subarray(0, count) };
}

/** The original beside the network in which the layers that are not re-fitted are already cut. */
function sideBySide(request: RepairRequest, truncation: Patch, steps: readonly RepairStep[]): SideBySide {
  const split = splitCalibration(request.indices, request.seed);
  const refitted = new Set(steps.map(({ target }) => target.node.name));
  const fixed = truncation.replacements.filter(({ node }) => !refitted.has(node));
  const batches = [
    ...calibrationBatches(request, split.fitted, false),
    ...calibrationBatches(request, split.heldBack, true),
  ];
  return new SideBySide(request.network, steps, fixed, batches, request.seed);
}

/** A layer to re-fit and what stands in its place until then: its two factors, or its own node where it is not cut. */
interface Place {
  readonly step: RepairStep;
  readonly nodes: readonly GraphNode[];
}

function placesOf(truncation: Patch, steps: readonly RepairStep[]): readonly Place[] {
  const cut = new Map(truncation.replacements.map(({ node, nodes }) => [node, nodes]));
  return steps.map((step) => {
    const { node } = step.target;
    return { step, nodes: cut.get(node.name) ?? [node] };
  });
}

async function repairInOrder(
  sides: SideBySide,
  places: readonly Place[],
  request: RepairRequest,
): Promise<readonly LayerCheckpoint[]> {
  const { resume = [], onLayer, onProgress, isCancelled } = request;
  const pause = pauseUnlessCancelled(() => isCancelled?.() ?? false);
  const checkpoints: LayerCheckpoint[] = [];
  for (const [index, place] of places.entries()) {
    const { node } = place.step.target;
    const known = resume[index];
    if (!known) onProgress?.({ done: index, total: places.length, layer: node.name });
    const checkpoint = known ?? (await repairLayer(sides, place, index, pause));
    sides.accept({ node: node.name, nodes: checkpoint.nodes ?? place.nodes });
    checkpoints.push(checkpoint);
    if (!known) onLayer?.(checkpoint);
  }
  onProgress?.({ done: places.length, total: places.length, layer: null });
  return checkpoints;
}

/** @param index of the layer among those that are re-fitted; its samples are drawn by it, whatever came before */
async function repairLayer(
  sides: SideBySide,
  { step, nodes }: Place,
  index: number,
  pause: Pause,
): Promise<LayerCheckpoint> {
  const { target, use } = step;
  const samples = await sides.samplesOf(step, index, pause);
  const { choice, groups, errorBefore, errorAfter } = await fitSamples(target, use, samples, pause);
  return {
    layer: { layer: target.node.name, choice, errorBefore, errorAfter },
    nodes: choice.kind === 'unchanged' ? null : joinGroups(target, nodes, groups, use),
  };
}

/**
 * Takes the repaired network only where it is closer to the original than the truncated one is. The images have
 * been fitted, so this guards against errors that grow from layer to layer; against fits of chance, each
 * layer's held-back samples do.
 */
async function judge(
  request: RepairRequest,
  truncated: Network,
  repaired: Network,
  places: readonly Place[],
  checkpoints: readonly LayerCheckpoint[],
): Promise<RepairResult> {
  const divergence = await repairDivergence(request.network, truncated, repaired, request);
  const isRepaired = divergence.repaired < divergence.truncated;
  return {
    network: isRepaired ? repaired : truncated,
    patch: isRepaired ? patchOf(places, checkpoints) : emptyPatch,
    layers: checkpoints.map(({ layer }) => layer),
    divergence,
    isRepaired,
  };
}

/** Puts what was re-fitted in the place of the truncated network's nodes. */
function patchOf(places: readonly Place[], checkpoints: readonly LayerCheckpoint[]): Patch {
  const replacements = checkpoints.flatMap(({ nodes }, index) =>
    nodes ? replacedOneByOne(places[index]!.nodes, nodes) : [],
  );
  return { replacements };
}
