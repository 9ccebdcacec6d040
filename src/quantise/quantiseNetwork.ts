import { meanDivergence } from '../answers/divergence';
import type { Scores } from '../answers/scores';
import type { ActivationStorage } from '../compression/steps/quantise';
import { evaluate } from '../engine/evaluate';
import { createExecutor } from '../engine/executor';
import { assertImagesFit } from '../engine/preprocess';
import { createRandom } from '../linalg/random';
import type { Network } from '../network/graph';
import { applyPatch, chainedPatches, type Patch } from '../network/patch';
import { storedBytes } from '../network/storedBytes';
import { withRoundedBiases, withRoundedValues } from './activations';
import { withDynamicRounding, withoutDynamicRounding } from './dynamic';
import { foldedNorms } from './foldNorms';
import { rangeOf, rangeRules, seenValues, type RangeRule } from './ranges';
import type { CalibrationImages, QuantiseRequest } from './request';
import { valuesToRound } from './values';
import { roundingsOf } from './roundings';
import { roundedWeights, roundings, type Rounding } from './weights';

/** Share of the calibration images that only choose. */
const heldBackShare = 0.2;
/** And how many of them at most. */
const maxHeldBack = 256;

export interface QuantiseReport {
  /** How weights were rounded; null where they were not, or there was nothing to choose by. */
  readonly rounding: Rounding | null;
  /** How the values' ranges were found; null where values stay in floating point. */
  readonly range: RangeRule | null;
  /** Mean divergence from the network before, on held-back images, in nats; null without images. */
  readonly divergence: number | null;
  /** Of all weights as they are stored, without what a file needs beside them. */
  readonly bytes: number;
}

export interface QuantiseResult {
  /** Makes the stored network of the one that was given. */
  readonly patch: Patch;
  readonly report: QuantiseReport;
}

/**
 * Stores a network in fewer bits: what it computes then is what the file will. Batch norms go into the layers before
 * them first. Ways to round, and to find ranges, are tried on held-back images; the one whose answers are closest to
 * those of the network before is kept.
 *
 * @throws FailureError 'images-do-not-fit', what the pause throws, and the backend's faults
 */
export async function quantiseNetwork(request: QuantiseRequest): Promise<QuantiseResult> {
  const { network, calibration, seed, activations } = request;
  // Without what an earlier storage had rounded as it runs, which another one may not hold.
  const exact = withoutDynamicRounding(network);
  const fold = chainedPatches(exact, foldedNorms(applyPatch(network, exact)));
  const plain = applyPatch(network, fold);
  const images = calibration && splitCalibration(network, calibration, seed);
  const ways = await roundedWeights({ ...request, network: plain, calibration: images?.fitted ?? null });
  const chooser = images && (await chooserOf(plain, images.heldBack, request));
  const candidates = roundings.flatMap((rounding) => {
    const patch = ways[rounding];
    return patch ? [{ name: rounding, patch: computedAs(activations, plain, patch) }] : [];
  });
  const weights = await chosen(plain, candidates, chooser);
  if (activations !== 'int8' || !images) {
    const { divergence, patch } = weights;
    const bytes = storedBytes(applyPatch(plain, patch));
    const report = { rounding: chooser && weights.name, range: null, divergence, bytes };
    return { patch: chainedPatches(fold, patch), report };
  }
  const levelled = await rounded(plain, weights.patch, images.fitted, request);
  const values = await chosen(plain, levelled, chooser);
  const bytes = storedBytes(applyPatch(plain, values.patch));
  const report = { rounding: weights.name, range: values.name, divergence: values.divergence, bytes };
  return { patch: chainedPatches(fold, values.patch), report };
}

/** The patch with what runtimes round as they run, where that is asked for. */
function computedAs(activations: ActivationStorage, plain: Network, weights: Patch): Patch {
  if (activations !== 'dynamic') return weights;
  return chainedPatches(weights, withDynamicRounding(applyPatch(plain, weights)));
}

interface Candidate<Name> {
  readonly name: Name;
  readonly patch: Patch;
}

/** The network in whole numbers by every rule for ranges. */
async function rounded(
  plain: Network,
  weights: Patch,
  images: CalibrationImages,
  { seed, pause }: QuantiseRequest,
): Promise<readonly Candidate<RangeRule>[]> {
  const seen = await seenValues(plain, valuesToRound(plain), images, seed, pause);
  return rangeRules.map((name) => {
    const ranges = new Map([...seen].map(([value, found]) => [value, rangeOf(found, name)]));
    const roundings = roundingsOf(plain, ranges);
    const levelled = chainedPatches(weights, withRoundedValues(applyPatch(plain, weights), roundings));
    const biases = withRoundedBiases(applyPatch(plain, levelled));
    return { name, patch: chainedPatches(levelled, biases) };
  });
}

/** Divergence of a network from the one before, in nats. */
type Chooser = (network: Network) => Promise<number>;

/** The candidate with the least divergence; the first where there is nothing to choose by. */
async function chosen<Name>(
  plain: Network,
  candidates: readonly Candidate<Name>[],
  chooser: Chooser | null,
): Promise<Candidate<Name> & { readonly divergence: number | null }> {
  let best: (Candidate<Name> & { readonly divergence: number | null }) | null = null;
  for (const candidate of candidates) {
    const divergence = chooser && (await chooser(applyPatch(plain, candidate.patch)));
    if (best === null || (divergence ?? 0) < (best.divergence ?? 0)) best = { ...candidate, divergence };
  }
  return best!;
}

async function chooserOf(
  plain: Network,
  { images, preprocessing, indices }: CalibrationImages,
  { pause }: QuantiseRequest,
): Promise<Chooser> {
  const answers = async (network: Network): Promise<Scores> => {
    const executor = createExecutor(network);
    try {
      await pause();
      return await evaluate(executor, images, preprocessing, { indices });
    } finally {
      executor.dispose();
    }
  };
  const expected = await answers(plain);
  return async (network) => meanDivergence(expected, await answers(network));
}

/** Images that roundings and ranges are made from, and those that choose between them: at least one of each. */
function splitCalibration(network: Network, calibration: CalibrationImages, seed: number) {
  const { images, preprocessing, indices } = calibration;
  assertImagesFit(network.input.shape, images, preprocessing);
  const order = createRandom(seed).shuffle(indices.slice());
  const count = Math.min(maxHeldBack, Math.ceil(heldBackShare * order.length));
  const fitted = order.length > count ? order.subarray(count) : order;
  return {
    fitted: { ...calibration, indices: fitted },
    heldBack: { ...calibration, indices: order.subarray(0, count) },
  };
}
