import * as tf from '@tensorflow/tfjs-core';
import { fail } from '../network/failure';
import { createRandom } from '../linalg/random';
import type { Executor } from './executor';
import { readBack } from './readback';
import { nextTurn } from './yielding';

export interface LatencyOptions {
  /** Images per run. */
  readonly batchSize: number;
  /** Timed runs of each network. */
  readonly repeats?: number;
  /** Told after each round. */
  onRound?(progress: { readonly done: number; readonly total: number }): void;
  isCancelled?(): boolean;
}

/** Wall time of a run of one batch, readback of the scores included, in milliseconds. */
export interface Latency {
  readonly batchSize: number;
  readonly median: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
}

const defaultRepeats = 15;
/** Runs before the clock starts: kernels are compiled and weights packed on first use. */
const warmUps = 2;

/**
 * Times networks against each other. They take turns, in reversed order every other round, so that whatever
 * else the machine does hits all of them alike. The input is noise.
 *
 * @returns one result per executor, in their order
 * @throws FailureError 'cancelled' and the backend's faults
 */
export async function compareLatency(
  executors: readonly Executor[],
  options: LatencyOptions,
): Promise<readonly Latency[]> {
  const repeats = options.repeats ?? defaultRepeats;
  const times = executors.map((): number[] => []);
  const inputs = executors.map((executor) => noiseBatch(executor, options.batchSize));
  try {
    for (let round = -warmUps; round < repeats; round++) {
      for (const index of turns(executors.length, round)) {
        if (options.isCancelled?.()) fail('cancelled', 'The timing was cancelled.');
        const time = await timeRun(executors[index]!, inputs[index]!);
        if (round >= 0) times[index]!.push(time);
        await nextTurn();
      }
      if (round >= 0) options.onRound?.({ done: round + 1, total: repeats });
    }
  } finally {
    tf.dispose(inputs);
  }
  return times.map((list) => latencyOf(list, options.batchSize));
}

function turns(count: number, round: number): readonly number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  return round % 2 === 0 ? order : order.reverse();
}

async function timeRun(executor: Executor, input: tf.Tensor): Promise<number> {
  const start = performance.now();
  const output = executor.run(input);
  try {
    await readBack(output);
    return performance.now() - start;
  } finally {
    output.dispose();
  }
}

function noiseBatch(executor: Executor, batchSize: number): tf.Tensor {
  const shape = [batchSize, ...executor.network.input.shape];
  const random = createRandom(1);
  const size = shape.reduce((product, extent) => product * extent, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => random.normal()),
    shape,
  );
}

function latencyOf(times: readonly number[], batchSize: number): Latency {
  const sorted = [...times].sort((a, b) => a - b);
  const quantile = (share: number) => {
    const place = share * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(place)] ?? NaN, sorted[Math.ceil(place)] ?? NaN];
    return low + (high - low) * (place - Math.floor(place));
  };
  return { batchSize, median: quantile(0.5), lowerQuartile: quantile(0.25), upperQuartile: quantile(0.75) };
}
