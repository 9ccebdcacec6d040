import * as tf from '@tensorflow/tfjs-core';
import { currentHeap } from '../engine/convolution/heap';
import type { Executor, Pause, Values } from '../engine/executor';
import { readBack } from '../engine/readback';

/** A value of a batch as it can be read. */
export interface HeldValue {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type HeldValues = ReadonlyMap<string, HeldValue>;

/** Bytes that the values between two layers may take, for both networks together, of all parts of the images. */
const budget = 512 * 2 ** 20;

/** Values between two layers: as tensors where these lie in the processor's memory, else outside of the engine. */
type Held =
  | { readonly kind: 'tensors'; readonly values: Values }
  | { readonly kind: 'read'; readonly values: HeldValues };

/**
 * How far a network has been computed on each batch: the values from which it can go on. Steps forward are
 * remembered where they fit in memory; where they do not, the next step starts again from the last that did,
 * at the latest from the images. Whoever makes it disposes of it.
 */
export class Frontier {
  readonly #held: (Held | null)[];

  /**
   * @param inputs makes the input of a batch; the tensor becomes the caller's
   * @param share of all images that these batches are
   */
  constructor(
    private readonly inputName: string,
    private readonly inputs: readonly (() => tf.Tensor)[],
    private readonly imagesPerBatch: number,
    private readonly share = 1,
  ) {
    this.#held = inputs.map(() => null);
  }

  /**
   * Computes values of one batch and moves its frontier to just before a node, if all batches' frontiers there
   * fit in memory.
   *
   * @param before name of the node
   * @param wanted names of values to use
   * @param use takes what it needs of them at once: afterwards their memory may be another's
   */
  async advance<T>(
    executor: Executor,
    batch: number,
    before: string,
    wanted: readonly string[],
    use: (values: HeldValues) => T,
    pause: Pause,
  ): Promise<T> {
    const frontier = executor.frontier(before);
    const given = this.#given(batch);
    let values: Values;
    try {
      values = await executor.computeWithPauses(given, [...new Set([...wanted, ...frontier])], pause);
    } finally {
      if (this.#held[batch]?.kind !== 'tensors') tf.dispose([...given.values()]);
    }
    const heap = currentHeap();
    if (!heap) {
      const held = await readAndDispose(values);
      const answer = use(pick(held, wanted));
      if (this.#fits(held, frontier)) this.#held[batch] = { kind: 'read', values: pick(held, frontier) };
      return answer;
    }
    let kept: Values = new Map();
    try {
      const readable = new Map(
        wanted.map((name) => {
          const tensor = values.get(name)!;
          return [name, { shape: tensor.shape, data: heap.valuesOf(tensor) }] as const;
        }),
      );
      const answer = use(readable);
      if (this.#fits(values, frontier)) {
        kept = pick(values, frontier);
        this.#letGo(batch);
        this.#held[batch] = { kind: 'tensors', values: kept };
      }
      return answer;
    } finally {
      tf.dispose([...values].flatMap(([name, tensor]) => (kept.has(name) ? [] : tensor)));
    }
  }

  dispose(): void {
    this.#held.forEach((_, batch) => this.#letGo(batch));
  }

  #letGo(batch: number): void {
    const held = this.#held[batch];
    if (held?.kind === 'tensors') tf.dispose([...held.values.values()]);
    this.#held[batch] = null;
  }

  #given(batch: number): Values {
    const held = this.#held[batch];
    if (!held) return new Map([[this.inputName, this.inputs[batch]!()]]);
    if (held.kind === 'tensors') return held.values;
    return new Map([...held.values].map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]));
  }

  /** Whether all batches can hold their values at this place, judged by one; the same answer for each batch. */
  #fits(
    values: ReadonlyMap<string, { readonly shape: readonly number[] }>,
    frontier: readonly string[],
  ): boolean {
    const perImage = frontier.reduce((sum, name) => {
      const [, ...shape] = values.get(name)!.shape;
      return sum + 4 * shape.reduce((product, side) => product * side, 1);
    }, 0);
    return perImage * this.imagesPerBatch * this.inputs.length <= (this.share * budget) / 2;
  }
}

function pick<T>(values: ReadonlyMap<string, T>, names: readonly string[]): ReadonlyMap<string, T> {
  return new Map(names.map((name) => [name, values.get(name)!]));
}

async function readAndDispose(values: Values): Promise<HeldValues> {
  try {
    const held = new Map<string, HeldValue>();
    for (const [name, tensor] of values)
      held.set(name, { shape: tensor.shape, data: await readBack(tensor) });
    return held;
  } finally {
    tf.dispose([...values.values()]);
  }
}
