import type { DistilSettings } from '../compression/steps/distil';
import type { Judgement } from './loss';
import type { MatrixPlace } from '../engine/training/parameters';
import { clipGradient, freshOptimiser, moveWeights, type OptimiserState } from './optimiser';
import { augmentationOf, batchesOf, partsOf, rateOf, type DrawnImage } from './schedule';
import { SeenAnswers } from './seenAnswers';

/** What an epoch came to. */
export interface EpochRecord {
  /** 0 for the network before. */
  readonly epoch: number;
  /** Mean divergence from the original on held-back images, softened and changed as those trained on, in nats. */
  readonly divergence: number;
  /** Share of the held-back images, as they are, that both networks give the same class. */
  readonly agreement: number;
  /** Mean loss over the epoch's images; null before the first. */
  readonly loss: number | null;
}

/** Where a course stands behind an epoch: with the request, all that is needed to go on. Plain data. */
export interface CourseState {
  readonly weights: Float32Array;
  /** Running mean of the weights, which is what is judged. */
  readonly averaged: Float32Array;
  readonly optimiser: OptimiserState;
  /** The original's answers to what is seen again, as {@link SeenAnswers} has them. */
  readonly answers: Float32Array;
  readonly records: readonly EpochRecord[];
  /** Divergences of the held-back images at the start. */
  readonly before: Float64Array;
  readonly best: {
    readonly epoch: number;
    /** Those at the start are not copied. */
    readonly weights: Float32Array | null;
    readonly divergences: Float64Array;
  };
}

/** What a part of a batch gives. */
export interface PartGradient {
  readonly loss: number;
  readonly gradient: Float32Array;
  /** The original's logits, images × classes; null where they were given. */
  readonly answers: Float32Array | null;
}

/** What computes; how many threads share in it decides nothing but the time. */
export interface CourseHelpers {
  /**
   * Sums of the loss and of its gradient over some images.
   *
   * @param step counts the changes of the weights
   * @param known the original's logits of these images, images × classes; null where they are not known
   */
  gradient(
    weights: Float32Array,
    step: number,
    images: readonly DrawnImage[],
    known: Float32Array | null,
  ): Promise<PartGradient>;
  /** @param step as above */
  judge(weights: Float32Array, step: number): Promise<Judgement>;
}

export interface CourseRequest {
  readonly settings: DistilSettings;
  readonly seed: number;
  /** Images to train on. */
  readonly trained: Uint32Array;
  readonly initial: Float32Array;
  /** The matrices among the weights, in the order of their offsets. */
  readonly matrices: readonly MatrixPlace[];
  /** Where an earlier run of the same request stood. */
  readonly resume?: CourseState | undefined;
  /** Milliseconds of any clock. */
  now(): number;
  onEpoch?(state: CourseState): void;
  /** Told after each batch. */
  onProgress?(done: number, total: number): void;
}

/**
 * Trains weights towards the original's answers, epoch by epoch, and remembers the best state by held-back divergence. The
 * same request gives the same numbers on any number of threads, and from any state of its own.
 *
 * @throws what the helpers throw
 */
export async function runCourse(request: CourseRequest, helpers: CourseHelpers): Promise<CourseState> {
  const { settings, trained, onEpoch } = request;
  const begun = request.now();
  let state = request.resume ?? (await start(request, helpers));
  if (!request.resume) onEpoch?.(state);
  for (let epoch = state.records.length; epoch <= settings.epochs; epoch++) {
    const isOver = settings.minutes > 0 && request.now() - begun > settings.minutes * 60_000;
    if (isOver || trained.length === 0) break;
    state = await runEpoch(request, helpers, state, epoch);
    onEpoch?.(state);
  }
  return state;
}

async function start({ settings, initial }: CourseRequest, helpers: CourseHelpers): Promise<CourseState> {
  const judged = await helpers.judge(initial, 0);
  return {
    weights: initial,
    averaged: initial,
    optimiser: freshOptimiser(settings.optimiser, initial.length),
    answers: new Float32Array(0),
    records: [{ ...recordOf(judged), epoch: 0, loss: null }],
    before: judged.divergences,
    best: { epoch: 0, weights: null, divergences: judged.divergences },
  };
}

async function runEpoch(
  { settings, seed, trained, matrices, onProgress }: CourseRequest,
  helpers: CourseHelpers,
  state: CourseState,
  epoch: number,
): Promise<CourseState> {
  const { batch, epochs, rate, warmUp, clip, average, views, optimiser: name } = settings;
  const batches = batchesOf(trained, batch, epoch, seed, augmentationOf(settings));
  const steps = batches.length * epochs;
  const weights = state.weights.slice();
  const averaged = state.averaged.slice();
  const seen = new SeenAnswers(trained, views, state.answers);
  let optimiser: OptimiserState = {
    ...state.optimiser,
    first: state.optimiser.first.slice(),
    second: state.optimiser.second.slice(),
  };
  let loss = 0;
  let images = 0;
  for (const own of batches) {
    const parts = partsOf(own);
    const found = await Promise.all(
      parts.map((part) => helpers.gradient(weights, optimiser.steps, part, seen.of(part))),
    );
    found.forEach(({ answers }, at) => answers && seen.keep(parts[at]!, answers));
    const gradient = meanGradient(found, own.length);
    clipGradient(gradient, clip);
    const present = rateOf(optimiser.steps, steps, rate, warmUp);
    optimiser = moveWeights(name, optimiser, weights, gradient, present, matrices);
    for (let at = 0; at < averaged.length; at++)
      averaged[at] = average * averaged[at]! + (1 - average) * weights[at]!;
    loss += found.reduce((sum, part) => sum + part.loss, 0);
    images += own.length;
    onProgress?.((epoch - 1) * trained.length + images, epochs * trained.length);
  }
  const judged = await helpers.judge(averaged, optimiser.steps);
  const record = { ...recordOf(judged), epoch, loss: loss / images };
  const isBest = record.divergence < mean(state.best.divergences);
  const best = isBest ? { epoch, weights: averaged, divergences: judged.divergences } : state.best;
  const records = [...state.records, record];
  return { ...state, weights, averaged, optimiser, answers: seen.values, records, best };
}

/** Added in the order of the parts, whichever came first. */
function meanGradient(found: readonly { readonly gradient: Float32Array }[], images: number): Float32Array {
  const sum = found[0]!.gradient.slice();
  for (const { gradient } of found.slice(1))
    for (let at = 0; at < sum.length; at++) sum[at]! += gradient[at]!;
  for (let at = 0; at < sum.length; at++) sum[at]! /= images;
  return sum;
}

function recordOf({ divergences, same }: Judgement): Pick<EpochRecord, 'divergence' | 'agreement'> {
  return { divergence: mean(divergences), agreement: same / divergences.length };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The weights that a course comes to: the best ones, where they are closer to the original than those at the start by more
 * than the held-back images' chance (one standard error of the mean difference); null where none are.
 */
export function outcomeOf({ before, best }: CourseState): Float32Array | null {
  if (!best.weights) return null;
  const gains = best.divergences.map((value, image) => before[image]! - value);
  const gain = mean(gains);
  const variance = mean(gains.map((value) => (value - gain) ** 2));
  return gain > Math.sqrt(variance / gains.length) ? best.weights : null;
}
