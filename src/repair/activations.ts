import * as tf from '@tensorflow/tfjs-core';
import type { Executor, Pause } from '../engine/executor';
import { readBack } from '../engine/readback';

/** A value of a batch held outside of the engine. */
export interface HeldValue {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type HeldValues = ReadonlyMap<string, HeldValue>;

/** Bytes that the values between two layers may take, for both networks together. */
const budget = 512 * 2 ** 20;

/**
 * How far a network has been computed on each batch: the values from which it can go on. Steps forward are
 * remembered where they fit in memory; where they do not, the next step starts again from the last that did,
 * at the latest from the images.
 */
export class Frontier {
  readonly #held: (HeldValues | null)[];

  /** @param inputs makes the input of a batch; the tensor becomes the caller's */
  constructor(
    private readonly inputName: string,
    private readonly inputs: readonly (() => tf.Tensor)[],
    private readonly imagesPerBatch: number,
  ) {
    this.#held = inputs.map(() => null);
  }

  /**
   * Computes values of one batch and moves its frontier to just before a node, if all batches' frontiers there
   * fit in memory.
   *
   * @param before name of the node
   * @param wanted names of values to answer
   */
  async advance(
    executor: Executor,
    batch: number,
    before: string,
    wanted: readonly string[],
    pause: Pause,
  ): Promise<HeldValues> {
    const frontier = executor.frontier(before);
    const given = this.#given(batch);
    try {
      const values = await executor.computeWithPauses(given, [...new Set([...wanted, ...frontier])], pause);
      const held = await holdAndDispose(values);
      if (this.#fits(held, frontier)) this.#held[batch] = pick(held, frontier);
      return pick(held, wanted);
    } finally {
      tf.dispose([...given.values()]);
    }
  }

  #given(batch: number): Map<string, tf.Tensor> {
    const held = this.#held[batch];
    if (!held) return new Map([[this.inputName, this.inputs[batch]!()]]);
    return new Map([...held].map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]));
  }

  /** Whether all batches can hold their values at this place, judged by one; the same answer for each batch. */
  #fits(held: HeldValues, frontier: readonly string[]): boolean {
    const perImage = frontier.reduce((sum, name) => {
      const { data, shape } = held.get(name)!;
      return sum + (4 * data.length) / shape[0]!;
    }, 0);
    return perImage * this.imagesPerBatch * this.inputs.length <= budget / 2;
  }
}

function pick(held: HeldValues, names: readonly string[]): HeldValues {
  return new Map(names.map((name) => [name, held.get(name)!]));
}

async function holdAndDispose(values: ReadonlyMap<string, tf.Tensor>): Promise<HeldValues> {
  try {
    const held = new Map<string, HeldValue>();
    for (const [name, tensor] of values) {
      held.set(name, { shape: tensor.shape, data: await readBack(tensor) });
    }
    return held;
  } finally {
    tf.dispose([...values.values()]);
  }
}
