import { meanDivergence } from '../../answers/divergence';
import type { Scores } from '../../answers/scores';
import type { RepairChoice } from '../../enc/repair/fitLayer';
import { createRandom } from '../../linalg/random';
import type { LayerFactors } from '../../network/factors';
import { fail } from '../../network/failure';
import type { FittedLayer } from '../../network/fittedLayers';
import type { Network } from '../../network/graph';
import type { ImageSet, Preprocessing } from '../../network/images';
import type { Ranks } from '../../network/layers';
import { rewriteNetwork } from '../../network/rewrite';
import { inferShapes } from '../../network/shapes';
import { evaluate } from '../evaluate';
import { createExecutor, type Pause } from '../executor';
import { assertImagesFit } from '../preprocess';
import { pauseUnlessCancelled } from '../yielding';
import { calibrationBatches } from './batches';
import { joinGroups, unrepairedLayer } from './layerGroups';
import { fitSamples } from './repairLayer';
import { repairSteps, truncatedLayers, type RepairStep } from './steps';
import { SideBySide } from './walk';

/** Share of the calibration images that only choose and judge. */
const heldBackShare = 0.2;
/** Calibration images on which the repaired network is compared with the truncated one. */
const maxJudged = 256;
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
  /** Told before each layer, and at the end. */
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

export interface RepairResult {
  /** The repaired network, or the truncated one where repair did not help. */
  readonly network: Network;
  /** What to put in place of the original's layers to get it; empty where repair did not help. */
  readonly fitted: readonly FittedLayer[];
  readonly layers: readonly RepairedLayer[];
  /** Mean Kullback–Leibler divergence from the original on calibration images, in nats. */
  readonly divergence: { readonly truncated: number; readonly repaired: number };
  /** Whether `network` is the repaired one. */
  readonly isRepaired: boolean;
}

/**
 * Repairs a network whose layers were cut, without labels: in network order every cut layer, and every layer
 * behind one, is re-fitted by least squares so that it answers to the repaired network's values with what the
 * original network has there. A part of the images is held back at first: it chooses each layer's ridge and
 * rounds, and whether it is re-fitted at all.
 *
 * @throws FailureError 'invalid-request' for fewer than two images or ranks that do not fit, 'cancelled',
 * 'images-do-not-fit', and the backend's faults
 */
export async function repairNetwork(request: RepairRequest): Promise<RepairResult> {
  const { network, ranks, factorsOf, indices } = request;
  assertImagesFit(network.input.shape, request.images, request.preprocessing);
  if (indices.length < minImages) {
    fail('invalid-request', `Repair needs at least ${minImages} images, found ${indices.length}.`);
  }
  const split = splitCalibration(indices, request.seed);
  const steps = repairSteps(network, ranks, factorsOf, inferShapes(network).shapes);
  const pause = pauseUnlessCancelled(() => request.isCancelled?.() ?? false);
  const sides = new SideBySide(
    network,
    steps,
    truncatedLayers(network, ranks, factorsOf, steps),
    [
      ...calibrationBatches(request, split.fitted, false),
      ...calibrationBatches(request, split.heldBack, true),
    ],
    request.seed,
  );
  try {
    const layers = await repairInOrder(sides, steps, request, pause);
    return await judge(request, sides, layers);
  } finally {
    sides.dispose();
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

async function repairInOrder(
  sides: SideBySide,
  steps: readonly RepairStep[],
  { onProgress }: RepairRequest,
  pause: Pause,
): Promise<readonly RepairedLayer[]> {
  const layers: RepairedLayer[] = [];
  for (const [index, step] of steps.entries()) {
    const { target, use } = step;
    const layer = target.node.name;
    onProgress?.({ done: index, total: steps.length, layer });
    const samples = await sides.samplesOf(step, index, pause);
    const { choice, groups, errorBefore, errorAfter } = await fitSamples(target, use, samples, pause);
    const fitted = choice.kind === 'unchanged' ? unrepairedLayer(target) : joinGroups(target, groups, use);
    if (fitted) sides.accept(fitted);
    layers.push({ layer, choice, errorBefore, errorAfter });
  }
  onProgress?.({ done: steps.length, total: steps.length, layer: null });
  return layers;
}

/**
 * Takes the repaired network only where it is closer to the original than the truncated one is. The images have
 * been fitted, so this guards against errors that grow from layer to layer; against fits of chance, each
 * layer's held-back samples do.
 */
async function judge(
  request: RepairRequest,
  sides: SideBySide,
  layers: readonly RepairedLayer[],
): Promise<RepairResult> {
  const judged = request.indices.subarray(0, maxJudged);
  const truncated = rewriteNetwork(request.network, request.ranks, request.factorsOf);
  const repaired = sides.repaired();
  const original = await answers(request, request.network, judged);
  const divergence = {
    truncated: meanDivergence(original, await answers(request, truncated, judged)),
    repaired: meanDivergence(original, await answers(request, repaired, judged)),
  };
  const isRepaired = divergence.repaired < divergence.truncated;
  return {
    network: isRepaired ? repaired : truncated,
    fitted: isRepaired ? sides.fitted : [],
    layers,
    divergence,
    isRepaired,
  };
}

async function answers(
  { images, preprocessing, isCancelled }: RepairRequest,
  network: Network,
  indices: Uint32Array,
): Promise<Scores> {
  const executor = createExecutor(network);
  try {
    return await evaluate(executor, images, preprocessing, {
      indices,
      isCancelled: () => isCancelled?.() ?? false,
    });
  } finally {
    executor.dispose();
  }
}
