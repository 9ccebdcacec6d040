import * as tf from '@tensorflow/tfjs-core';
import type { Executor, Pause, Values } from '../executor';

/** Values at hand before a layer, lent for as long as `use` runs. */
type Use<T> = (values: Values) => Promise<T>;

interface KeptState {
  /** Position of the node from which the values go on. */
  readonly position: number;
  readonly values: Map<string, tf.Tensor>;
  readonly bytes: number;
}

/**
 * The original network's activations before a layer, per batch of images. Each batch keeps the values of the
 * layer that was asked for last, and the next layer goes on from there; so a walk over the layers in network
 * order computes every step of the original once. Where the values of all batches do not fit, those beyond
 * the budget are not kept and are computed from the image again.
 */
export class PrefixCache {
  readonly #states = new Map<number, KeptState>();
  readonly #positions: ReadonlyMap<string, number>;
  #bytes = 0;

  /**
   * @param input makes the network's input of a batch; the tensor becomes the cache's
   * @param budget most bytes to keep between calls
   */
  constructor(
    private readonly executor: Executor,
    private readonly input: (batch: number) => tf.Tensor,
    private readonly budget: number,
  ) {
    this.#positions = new Map(executor.network.nodes.map(({ name }, index) => [name, index]));
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Runs `use` with the values that suffice to go on from node `name`; they stay the cache's. */
  async withFrontier<T>(batch: number, name: string, pause: Pause, use: Use<T>): Promise<T> {
    const values = await this.#advance(batch, name, pause);
    try {
      return await use(values);
    } finally {
      this.#keep(batch, { position: this.#position(name), values, bytes: bytesOf(values) });
    }
  }

  /** Drops everything. */
  dispose(): void {
    for (const batch of [...this.#states.keys()]) tf.dispose([...this.#take(batch)!.values.values()]);
  }

  async #advance(batch: number, name: string, pause: Pause): Promise<Map<string, tf.Tensor>> {
    const wanted = this.executor.frontier(name);
    const kept = this.#states.get(batch);
    const goesOn = kept !== undefined && kept.position <= this.#position(name);
    if (!goesOn && kept) tf.dispose([...this.#take(batch)!.values.values()]);
    const given = goesOn ? kept.values : new Map([[this.executor.network.input.name, this.input(batch)]]);
    try {
      return await this.executor.computeWithPauses(given, wanted, pause);
    } finally {
      if (goesOn) this.#take(batch);
      tf.dispose([...given.values()]);
    }
  }

  #keep(batch: number, state: KeptState): void {
    const replaced = this.#take(batch);
    if (replaced) tf.dispose([...replaced.values.values()]);
    this.#makeRoom(state);
    if (this.#bytes + state.bytes > this.budget) {
      tf.dispose([...state.values.values()]);
      return;
    }
    this.#states.set(batch, state);
    this.#bytes += state.bytes;
  }

  /** Drops states of batches that are behind a later layer, as far as it takes. */
  #makeRoom({ position, bytes }: KeptState): void {
    for (const [batch, other] of [...this.#states]) {
      if (this.#bytes + bytes <= this.budget) return;
      if (other.position > position) tf.dispose([...this.#take(batch)!.values.values()]);
    }
  }

  /** Takes a state out; its tensors become the caller's. */
  #take(batch: number): KeptState | undefined {
    const state = this.#states.get(batch);
    if (state) this.#bytes -= state.bytes;
    this.#states.delete(batch);
    return state;
  }

  #position(name: string): number {
    return this.#positions.get(name) ?? 0;
  }
}

function bytesOf(values: Values): number {
  return [...values.values()].reduce((sum, value) => sum + 4 * value.size, 0);
}
