import * as tf from '@tensorflow/tfjs-core';
import type { DistilSettings } from '../compression/steps/distil';
import { evaluationBatchSize } from '../engine/batchSize';
import { createExecutor, type Executor, type Pause } from '../engine/executor';
import { assertImagesFit, preprocess } from '../engine/preprocess';
import { readBack } from '../engine/readback';
import { trainable, type LoadedNetwork, type TrainableNetwork } from '../engine/training';
import { trainedNodes } from '../engine/training/parameters';
import { joined } from '../linalg/joined';
import type { Network } from '../network/graph';
import type { ImageSet, Preprocessing } from '../network/images';
import { inferShapes, sizeOf } from '../network/shapes';
import { applyPatch, type Patch } from '../network/patch';
import { augmented, blend } from './augment';
import { blockLoss, blockOutputs } from './blocks';
import type { PartGradient } from './course';
import { logitsOf, ofClasses, ofValues } from './logits';
import { distillationLoss, sameAnswers, softenedDivergences, type Judgement } from './loss';
import type { ChangedImage, DrawnImage, PlacedImage } from './schedule';

/** What a network is distilled from, and on what. */
export interface DistilTask {
  /** The original. */
  readonly teacher: Network;
  /** The cut network, repaired or not, under the same names. */
  readonly student: Network;
  readonly images: ImageSet;
  readonly preprocessing: Preprocessing;
  readonly settings: DistilSettings;
}

/** Bytes that the values of a student may take on their way forward, all of which are wanted on the way back. */
const budget = 384 * 2 ** 20;

/** One thread's share of a distillation: both networks on the backend, gradients and judgements of given weights. */
export class Distiller {
  readonly student: TrainableNetwork;
  readonly #teacher: Executor;
  readonly #logits: string;
  /** Values in between that are to come out as the original's do. */
  readonly #blocks: readonly string[];
  /** Teacher's logits of held-back images as they are, by index, and of the same as they judge. */
  readonly #known = new Map<number, Float32Array>();
  readonly #knownChanged = new Map<number, Float32Array>();
  readonly #together: number;
  #loaded: { readonly step: number; readonly network: LoadedNetwork } | null = null;

  /** @throws FailureError 'images-do-not-fit', 'unsupported-operator' */
  constructor(private readonly task: DistilTask) {
    const { teacher, student, images, preprocessing } = task;
    assertImagesFit(student.input.shape, images, preprocessing);
    this.#logits = logitsOf(student);
    const blocks = task.settings.blocks > 0 ? blockOutputs(teacher, student) : [];
    this.#blocks = blocks.filter((name) => name !== this.#logits);
    const looked = [this.#logits, ...this.#blocks];
    this.student = trainable(student, looked);
    this.#teacher = createExecutor(teacher, { keep: looked });
    this.#together = Math.max(1, Math.floor(budget / bytesPerImage(student)));
  }

  /**
   * Sums over some images: of the loss, and of its gradient by all parameters.
   *
   * @param step names the weights
   * @param known the original's logits of these images, images × classes, where they are known
   */
  async gradient(
    weights: Float32Array,
    step: number,
    images: readonly DrawnImage[],
    known: Float32Array | null,
    pause: Pause,
  ): Promise<PartGradient> {
    const gradient = new Float32Array(weights.length);
    const network = this.#present(weights, step);
    const answers: Float32Array[] = [];
    let loss = 0;
    for (let from = 0; from < images.length; from += this.#together) {
      const part = images.slice(from, from + this.#together);
      const classes = known ? known.length / images.length : 0;
      const own = known?.subarray(from * classes, (from + part.length) * classes) ?? null;
      const found = await this.#addGradient(network, part, own, gradient, pause);
      loss += found.loss;
      answers.push(found.expected);
    }
    return { loss, gradient, answers: known ? null : joined(answers) };
  }

  async #addGradient(
    network: LoadedNetwork,
    images: readonly DrawnImage[],
    known: Float32Array | null,
    total: Float32Array,
    pause: Pause,
  ): Promise<{ readonly loss: number; readonly expected: Float32Array }> {
    const { settings, images: set } = this.task;
    const input = this.#input(images);
    let loss = 0;
    let theirs: ReadonlyMap<string, tf.Tensor> = new Map();
    try {
      const given = new Map([[this.task.student.input.name, input]]);
      const isTeacherNeeded = known === null || this.#blocks.length > 0;
      if (isTeacherNeeded)
        theirs = await this.#teacher.computeWithPauses(given, [this.#logits, ...this.#blocks], pause);
      const expected = known ?? ofClasses(await readBack(theirs.get(this.#logits)!), images.length);
      const labels =
        settings.labels > 0 && set.labels ? images.map(({ index }) => set.labels![index]!) : null;
      const judge = async (own: ReadonlyMap<string, tf.Tensor>) => {
        const found = own.get(this.#logits)!;
        const logits = await readBack(found);
        const classes = ofClasses(logits, images.length);
        const { sum, gradient } = distillationLoss(
          classes,
          expected,
          classes.length / images.length,
          settings.temperature,
          labels,
          settings.labels,
        );
        loss = sum;
        const apart = await blockLoss(own, theirs, this.#blocks, images.length, settings.blocks);
        loss += apart.sum;
        return new Map([
          ...apart.gradients,
          [this.#logits, tf.tensor(ofValues(gradient, logits.length / images.length), found.shape)],
        ]);
      };
      await network.addGradient(input, judge, total, pause);
      return { loss, expected };
    } finally {
      tf.dispose([input, ...theirs.values()]);
    }
  }

  /**
   * Compares the network of some weights with the original on held-back images: how far its answers are, where the images
   * are changed as those trained on (what the original was itself trained on says little as it is: it is too sure of it),
   * and how many are the same where they are not.
   *
   * @param images the same ones for all weights
   */
  async judge(weights: Float32Array, images: readonly DrawnImage[], pause: Pause): Promise<Judgement> {
    const student = createExecutor(applyPatch(this.task.student, this.patch(weights)), {
      keep: [this.#logits],
    });
    const size = evaluationBatchSize(this.task.student);
    const divergences: number[] = [];
    let same = 0;
    try {
      for (let from = 0; from < images.length; from += size) {
        const part = images.slice(from, from + size);
        const [mine, theirs] = await this.#bothAnswers(student, part, this.#knownChanged, pause);
        const classes = mine.length / part.length;
        for (const value of softenedDivergences(mine, theirs, classes, this.task.settings.temperature))
          divergences.push(value);
        const still = part.map(({ index }) => ({
          ...{ index, down: 0, right: 0, pitch: 1 },
          isFlipped: false,
          blended: null,
        }));
        same += sameAnswers(...(await this.#bothAnswers(student, still, this.#known, pause)), classes);
      }
    } finally {
      student.dispose();
    }
    return { divergences: Float64Array.from(divergences), same };
  }

  /** @param known the original's answers, which are added where they are missing */
  async #bothAnswers(
    student: Executor,
    part: readonly ChangedImage[],
    known: Map<number, Float32Array>,
    pause: Pause,
  ): Promise<readonly [Float32Array, Float32Array]> {
    const input = this.#input(part);
    try {
      const mine = ofClasses(await this.#answers(student, input, pause), part.length);
      const classes = mine.length / part.length;
      if (part.some(({ index }) => !known.has(index))) {
        const theirs = ofClasses(await this.#answers(this.#teacher, input, pause), part.length);
        part.forEach(({ index }, at) => known.set(index, theirs.slice(at * classes, (at + 1) * classes)));
      }
      const theirs = new Float32Array(mine.length);
      part.forEach(({ index }, at) => theirs.set(known.get(index)!, at * classes));
      return [mine, theirs];
    } finally {
      input.dispose();
    }
  }

  /** What gives the student's parameters these values. */
  patch(weights: Float32Array): Patch {
    const nodes = trainedNodes(this.task.student, this.student.parameters, weights);
    return { replacements: nodes.map((node) => ({ node: node.name, nodes: [node] })) };
  }

  dispose(): void {
    this.#loaded?.network.dispose();
    this.#loaded = null;
    this.#teacher.dispose();
  }

  /** Puts weights on the backend unless they are there. */
  #present(weights: Float32Array, step: number): LoadedNetwork {
    if (this.#loaded?.step === step) return this.#loaded.network;
    this.#loaded?.network.dispose();
    this.#loaded = null;
    const network = this.student.load(weights);
    this.#loaded = { step, network };
    return network;
  }

  #input(images: readonly ChangedImage[]): tf.Tensor {
    const values = this.#placed(images);
    const others = images.flatMap(({ blended }) => (blended ? [blended.other] : []));
    if (others.length > 0) blend(values, this.#placed(others), this.#extents(values, images), images);
    return tf.tensor(values, [images.length, ...this.task.student.input.shape]);
  }

  #placed(images: readonly PlacedImage[]): Float32Array {
    const { images: set, preprocessing } = this.task;
    const indices = Uint32Array.from(images, ({ index }) => index);
    const values = preprocess(set, indices, preprocessing);
    return augmented(values, this.#extents(values, images), images);
  }

  /** Height, width and channels of the images that these values are. */
  #extents(values: Float32Array, images: readonly PlacedImage[]): readonly number[] {
    const { height, width } = this.task.images;
    return [height, width, values.length / (images.length * height * width)];
  }

  async #answers(executor: Executor, input: tf.Tensor, pause: Pause): Promise<Float32Array> {
    const given = new Map([[this.task.student.input.name, input]]);
    const values = await executor.computeWithPauses(given, [this.#logits], pause);
    const answer = values.get(this.#logits)!;
    try {
      return await readBack(answer);
    } finally {
      answer.dispose();
    }
  }
}

/** All values of one image. */
function bytesPerImage(network: Network): number {
  const { shapes } = inferShapes(network);
  return network.nodes.reduce((sum, { output }) => sum + 4 * sizeOf(shapes.get(output) ?? []), 0);
}
