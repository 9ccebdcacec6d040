import * as tf from '@tensorflow/tfjs-core';
import type { Network } from '../network/graph';
import { scoreOutput } from '../network/outputs';
import { frontierBefore, scheduleSteps, type Schedule } from './schedule';
import { groupNodes, sameGroup, type FusionOptions, type NodeGroup } from './fusion';
import { compileGroup } from './operators';
import { assertAllocated, assertRoom, namedAbort } from './room';

/** Values of a batch by name, the batch in front of the NHWC shape. */
export type Values = ReadonlyMap<string, tf.Tensor>;

/** Runs between steps of a long computation; may throw to stop it. */
export type Pause = () => Promise<void> | undefined;

/**
 * A network compiled for the current backend, weights uploaded.
 *
 * Tensors handed in stay the caller's, tensors handed out become the caller's. Whatever else a call makes is
 * gone when it returns or throws. All numbers of an image are independent of the other images of its batch.
 */
export interface Executor {
  readonly network: Network;
  /** Names of the values that exist after fusing, in the order in which they are computed. */
  readonly values: readonly string[];
  /** Names of the nodes that each value's step computes, in the order of {@link values}. */
  readonly steps: readonly (readonly string[])[];
  /** The first output (class scores) of a batch of inputs [n, ...network.input.shape]. */
  run(input: tf.Tensor): tf.Tensor;
  /** The same; told the place in {@link steps} of each step that was computed. */
  runWatched(input: tf.Tensor, onStep: (step: number) => void): tf.Tensor;
  /**
   * Computes some values from others, running only the steps between them; what is given is never computed.
   * Give the input to run from the start, or a {@link frontier} to go on from a layer.
   *
   * @throws Error where a wanted value was fused away (name it in `keep`) or does not depend on what is given
   */
  compute(given: Values, wanted: readonly string[]): Map<string, tf.Tensor>;
  /** The same with a pause after every step, so that messages get through and the work can be cancelled. */
  computeWithPauses(given: Values, wanted: readonly string[], pause: Pause): Promise<Map<string, tf.Tensor>>;
  /** The values that suffice to compute everything from the step that holds node `name` onwards. */
  frontier(name: string): readonly string[];
  /**
   * An executor of a variant of this network, in which some layers were replaced. Steps whose nodes are the
   * same share their uploaded weights, so a variant costs only what differs. Independent of this one's life.
   */
  derive(network: Network): Executor;
  /** Releases the weights that no derived executor uses. */
  dispose(): void;
}

/**
 * Compiles a network for the current backend.
 *
 * @param options `fuse: false` computes node by node; `keep` names values that must not be fused away
 * @throws FailureError 'unsupported-operator' naming the first node that cannot be computed
 */
export function createExecutor(network: Network, options: FusionOptions = {}): Executor {
  return new GraphExecutor(network, { ...options, keep: [...(options.keep ?? [])] }, []);
}

/** A group with its compiled kernel, shared by executors that contain the same group. */
class Step {
  #users = 1;
  readonly #kernel;

  constructor(readonly group: NodeGroup) {
    this.#kernel = compileGroup(group);
  }

  run(inputs: readonly tf.Tensor[]): tf.Tensor {
    try {
      assertRoom();
      return tf.tidy(() => {
        const output = this.#kernel.run(inputs);
        assertAllocated(output);
        return output;
      });
    } catch (error) {
      throw namedAbort(error);
    }
  }

  share(): this {
    this.#users++;
    return this;
  }

  release(): void {
    this.#users--;
    if (this.#users === 0) this.#kernel.dispose();
  }
}

/** Schedules are kept per pair of given and wanted names; sweeps ask for few different ones. */
const scheduleLimit = 64;

class GraphExecutor implements Executor {
  readonly values: readonly string[];
  readonly steps: readonly (readonly string[])[];
  readonly #steps: readonly Step[];
  readonly #groups: readonly NodeGroup[];
  readonly #schedules = new Map<string, Schedule>();
  #disposed = false;

  constructor(
    readonly network: Network,
    readonly options: FusionOptions,
    shared: readonly Step[],
  ) {
    this.#groups = groupNodes(network, options);
    this.#steps = compileSteps(this.#groups, shared);
    this.values = this.#groups.map((group) => group.output);
    this.steps = this.#groups.map((group) => group.nodes.map(({ name }) => name));
  }

  run(input: tf.Tensor): tf.Tensor {
    const output = scoreOutput(this.network);
    return this.compute(new Map([[this.network.input.name, input]]), [output]).get(output)!;
  }

  runWatched(input: tf.Tensor, onStep: (step: number) => void): tf.Tensor {
    const output = scoreOutput(this.network);
    const work = this.#execute(new Map([[this.network.input.name, input]]), [output]);
    let state = work.next();
    while (!state.done) {
      onStep(state.value);
      state = work.next();
    }
    return state.value.get(output)!;
  }

  compute(given: Values, wanted: readonly string[]): Map<string, tf.Tensor> {
    const work = this.#execute(given, wanted);
    let state = work.next();
    while (!state.done) state = work.next();
    return state.value;
  }

  async computeWithPauses(
    given: Values,
    wanted: readonly string[],
    pause: Pause,
  ): Promise<Map<string, tf.Tensor>> {
    const work = this.#execute(given, wanted);
    let state = work.next();
    while (!state.done) {
      try {
        await pause();
      } catch (error) {
        state = work.throw(error);
        continue;
      }
      state = work.next();
    }
    return state.value;
  }

  frontier(name: string): readonly string[] {
    const step = this.#groups.findIndex((group) => group.nodes.some((node) => node.name === name));
    if (step < 0) throw new Error(`executor: expected a node of the network, got "${name}"`);
    return frontierBefore(this.#groups, step, this.network.outputs);
  }

  derive(network: Network): Executor {
    this.#assertAlive();
    return new GraphExecutor(network, this.options, this.#steps);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#steps.forEach((step) => step.release());
  }

  /** Computes step by step, each told when it is done; whoever drives it may stop between two by throwing into it. */
  *#execute(given: Values, wanted: readonly string[]): Generator<number, Map<string, tf.Tensor>, void> {
    this.#assertAlive();
    const { entries } = this.#schedule(given, wanted);
    const live = new Map<string, tf.Tensor>();
    try {
      for (const { step, release } of entries) {
        const { group } = this.#steps[step]!;
        const inputs = group.inputs.map((name) => given.get(name) ?? live.get(name)!);
        live.set(group.output, this.#steps[step]!.run(inputs));
        for (const name of release) discard(live, name);
        yield step;
      }
      return takeOut(given, live, wanted);
    } finally {
      tf.dispose([...live.values()]);
    }
  }

  #schedule(given: Values, wanted: readonly string[]): Schedule {
    const key = JSON.stringify([[...given.keys()], wanted]);
    const known = this.#schedules.get(key);
    if (known) return known;
    if (this.#schedules.size >= scheduleLimit) this.#schedules.clear();
    const schedule = scheduleSteps(this.#groups, new Set(given.keys()), wanted);
    this.#schedules.set(key, schedule);
    return schedule;
  }

  #assertAlive(): void {
    if (this.#disposed) throw new Error('executor: expected a live executor, this one was disposed');
  }
}

/** Compiles groups, taking over the steps of another executor where they are the same. */
function compileSteps(groups: readonly NodeGroup[], shared: readonly Step[]): Step[] {
  const known = new Map(shared.map((step) => [step.group.output, step]));
  const steps: Step[] = [];
  try {
    for (const group of groups) {
      const twin = known.get(group.output);
      steps.push(twin && sameGroup(twin.group, group) ? twin.share() : new Step(group));
    }
    return steps;
  } catch (error) {
    steps.forEach((step) => step.release());
    throw error;
  }
}

function discard(live: Map<string, tf.Tensor>, name: string): void {
  live.get(name)?.dispose();
  live.delete(name);
}

/** Moves the wanted values from the live ones to the caller; a given value is answered as a copy of its handle. */
function takeOut(
  given: Values,
  live: Map<string, tf.Tensor>,
  wanted: readonly string[],
): Map<string, tf.Tensor> {
  const results = new Map<string, tf.Tensor>();
  for (const name of new Set(wanted)) {
    const value = live.get(name) ?? given.get(name)!.clone();
    results.set(name, value);
    live.delete(name);
  }
  return results;
}
