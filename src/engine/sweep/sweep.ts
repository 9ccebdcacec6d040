import * as tf from '@tensorflow/tfjs-core';
import { isSameClass } from '../../answers/agreement';
import { divergences, softenedDivergences } from '../../answers/divergence';
import { classScores, firstNotFinite, type Scores } from '../../answers/scores';
import { topClass } from '../../answers/topClasses';
import type { AnswerBasis, MeasuredPoint, SweepLayer } from '../../enc/sweep/points';
import type { Network } from '../../network/graph';
import { labelsOf, type ImageSet, type Preprocessing } from '../../network/images';
import { scoreOutput } from '../../network/outputs';
import { evaluationBatchSize } from '../batchSize';
import type { Executor, Pause, Values } from '../executor';
import { failAtLayer } from '../finite';
import { canHideFaults, greatestSize, isSuspect, requireFiniteValues } from '../hiddenFaults';
import { assertImagesFit, inputTensor } from '../preprocess';
import { readBack } from '../readback';
import { pauseUnlessCancelled } from '../yielding';
import { PrefixCache } from './prefix';

/** Bytes of activations that a sweep keeps between layers. */
const defaultBudget = 256 * 2 ** 20;

export interface SweepOptions {
  /** Images per batch. */
  readonly batchSize?: number;
  /** Most bytes of activations kept between layers; what does not fit is computed again. */
  readonly budget?: number;
}

/** What to measure of one layer. */
export interface LayerMeasurement {
  readonly layer: SweepLayer;
  /** Networks by rank, in each of which only this layer is cut. */
  readonly variants: ReadonlyMap<number, Network>;
  /**
   * Whether the layer was re-fitted at every rank. What little such a layer diverges is counted as it is, whereas
   * divergences of truncated layers are softened (README, "How it works").
   */
  readonly isFitted?: boolean;
  /** Positions in the sweep's list of images. */
  readonly from: number;
  readonly to: number;
  /** Awaited between steps; throws to stop. Unless given, it only lets messages through. */
  readonly pause?: Pause;
  /** Told about each rank as it is finished. */
  onPoint?(point: MeasuredPoint): void;
}

/**
 * Measures networks in which one layer is cut against the original, on one list of images.
 *
 * The original runs once per image; the activations before a cut layer are shared by all its ranks and carried
 * over to the layers behind it, so measure layers in network order. The steps behind the cut are the very ones
 * of a plain evaluation of the rewritten network, hence so are the numbers.
 */
export class Sweep {
  readonly #prefix: PrefixCache;
  readonly #batchSize: number;
  readonly #labels: Int32Array | null;
  /** The original's answers per batch. */
  readonly #originals = new Map<number, Scores>();

  /**
   * @param executor of the original network; it stays the caller's and must outlive the sweep
   * @param indices the sweep's list of images
   * @throws FailureError 'images-do-not-fit' or 'invalid-request'
   */
  constructor(
    private readonly executor: Executor,
    private readonly images: ImageSet,
    private readonly preprocessing: Preprocessing,
    private readonly indices: Uint32Array,
    { batchSize, budget = defaultBudget }: SweepOptions = {},
  ) {
    assertImagesFit(executor.network.input.shape, images, preprocessing);
    this.#labels = labelsOf(images, indices);
    this.#batchSize = batchSize ?? evaluationBatchSize(executor.network);
    this.#prefix = new PrefixCache(executor, (batch) => this.#input(batch), budget);
  }

  /** Bytes of activations that are kept at the moment. */
  get keptBytes(): number {
    return this.#prefix.bytes;
  }

  /**
   * Measures one layer at several ranks on a run of the images.
   *
   * @returns a point per rank, of these images alone, in the order of the variants
   * @throws whatever `pause` throws, and the backend's faults; nothing is left behind then
   */
  async measure(measurement: LayerMeasurement): Promise<readonly MeasuredPoint[]> {
    const { layer, variants, from, to } = measurement;
    const pause = measurement.pause ?? pauseUnlessCancelled();
    const cuts = this.#derive(variants, to - from);
    const divergencesOf = measurement.isFitted ? divergences : softenedDivergences;
    try {
      for (let at = from; at < to;) {
        const batch = Math.floor(at / this.#batchSize);
        const end = Math.min(to, (batch + 1) * this.#batchSize);
        await this.#prefix.withFrontier(batch, layer.name, pause, async (frontier) => {
          const original = await this.#original(batch, frontier, pause);
          const uncut = topClass(original);
          if (at === from) await this.#requireNumbers(cuts, frontier, at);
          for (const { executor, tally } of cuts) {
            const changed = await this.#answers(executor, batch, frontier, pause);
            const distances = divergencesOf(original, changed);
            const answers = { original: uncut, changed: topClass(changed), distances };
            this.#count(tally, batch, at, end, answers);
          }
        });
        at = end;
      }
    } finally {
      cuts.forEach(({ executor }) => executor.dispose());
    }
    return cuts.map(({ rank, tally }) => {
      const point = this.#pointOf(layer, rank, tally);
      measurement.onPoint?.(point);
      return point;
    });
  }

  /** Releases all activations. */
  dispose(): void {
    this.#prefix.dispose();
    this.#originals.clear();
  }

  async #original(batch: number, frontier: Values, pause: Pause): Promise<Scores> {
    const known = this.#originals.get(batch);
    if (known) return known;
    const answers = await this.#answers(this.executor, batch, frontier, pause);
    this.#originals.set(batch, answers);
    return answers;
  }

  /** The answers for a batch. @throws FailureError `invalid-network` where they are no numbers, naming the layer */
  async #answers(executor: Executor, batch: number, frontier: Values, pause: Pause): Promise<Scores> {
    const answers = await this.#scores(executor, frontier, this.#batchLength(batch), pause);
    const unanswered = firstNotFinite(answers);
    if (unanswered < 0) return answers;
    const index = this.indices[batch * this.#batchSize + unanswered]!;
    return failAtLayer(executor, this.images, this.preprocessing, index);
  }

  /**
   * Looks at all values of a cut network on the first image where its answers alone would not tell that some are no
   * numbers, and something suggests that.
   *
   * @throws FailureError `invalid-network` with the name of the layer
   */
  async #requireNumbers(cuts: readonly Cut[], frontier: Values, position: number): Promise<void> {
    if (tf.getBackend() !== 'wasm') return;
    const original = this.executor.network;
    const given = await greatestSize(frontier.values());
    for (const { executor } of cuts) {
      const { network } = executor;
      if (!isSuspect(network, original, given) || !canHideFaults(network)) continue;
      await requireFiniteValues(network, this.images, this.preprocessing, this.indices[position]!);
    }
  }

  #derive(variants: LayerMeasurement['variants'], images: number): readonly Cut[] {
    const cuts: Cut[] = [];
    try {
      for (const [rank, network] of variants) {
        cuts.push({ rank, executor: this.executor.derive(network), tally: new Tally(images) });
      }
      return cuts;
    } catch (error) {
      cuts.forEach(({ executor }) => executor.dispose());
      throw error;
    }
  }

  /** Goes on from a frontier to the class scores. */
  async #scores(executor: Executor, frontier: Values, count: number, pause: Pause): Promise<Scores> {
    const output = scoreOutput(executor.network);
    const values = await executor.computeWithPauses(frontier, [output], pause);
    const tensor = values.get(output)!;
    try {
      const scores = await readBack(tensor);
      const perImage = tensor.size / (tensor.shape[0] ?? 1);
      return classScores(executor.network, scores.subarray(0, count * perImage), count);
    } finally {
      tensor.dispose();
    }
  }

  /** Adds the images at positions `from` … `to` − 1 of the list, all of one batch. */
  #count(
    tally: Tally,
    batch: number,
    from: number,
    to: number,
    { original, changed, distances }: ComparedBatch,
  ): void {
    for (let position = from; position < to; position++) {
      const image = position - batch * this.#batchSize;
      const uncut = original[image]!;
      const right = this.#labels ? this.#labels[position]! : uncut;
      tally.add(isSameClass(changed[image]!, right), isSameClass(uncut, right), distances[image]!);
    }
  }

  #pointOf({ name, factorisation }: SweepLayer, rank: number, tally: Tally): MeasuredPoint {
    const basis: AnswerBasis = this.#labels ? 'labels' : 'agreement';
    return { layer: name, factorisation, rank, basis, ...tally.summary() };
  }

  #batchLength(batch: number): number {
    return Math.min(this.#batchSize, this.indices.length - batch * this.#batchSize);
  }

  #input(batch: number): tf.Tensor {
    const start = batch * this.#batchSize;
    const part = this.indices.subarray(start, start + this.#batchSize);
    // WebGPU's buffers are pooled by size, so that every batch should have the same.
    const rows = tf.getBackend() === 'webgpu' ? this.#batchSize : part.length;
    const { shape } = this.executor.network.input;
    return inputTensor(shape, this.images, part, this.preprocessing, rows);
  }
}

/** The class given to each image of one batch, and how far its probabilities diverge. */
interface ComparedBatch {
  readonly original: Int32Array;
  readonly changed: Int32Array;
  readonly distances: Float64Array;
}

/** A network with one layer cut to a rank, and what was counted of it. */
interface Cut {
  readonly rank: number;
  readonly executor: Executor;
  readonly tally: Tally;
}

/** Counts over images. */
class Tally {
  readonly #divergences: Float64Array;
  #images = 0;
  #correct = 0;
  #correctUncut = 0;

  constructor(images: number) {
    this.#divergences = new Float64Array(images);
  }

  add(isRight: boolean, isUncutRight: boolean, divergence: number): void {
    this.#divergences[this.#images++] = divergence;
    if (isRight) this.#correct++;
    if (isUncutRight) this.#correctUncut++;
  }

  summary() {
    const images = this.#images;
    // Rounding of probabilities that float32 stores can push a divergence of nothing below 0.
    const divergence = Math.max(0, this.#divergences.reduce((sum, value) => sum + value, 0) / images);
    const squares = this.#divergences.reduce((sum, value) => sum + (value - divergence) ** 2, 0);
    return {
      images,
      correct: this.#correct,
      correctUncut: this.#correctUncut,
      divergence,
      divergenceDeviation: Math.sqrt(squares / images),
    };
  }
}
