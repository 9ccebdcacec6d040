import * as tf from '@tensorflow/tfjs-core';
import { fail } from '../network/failure';
import { createRandom } from '../linalg/random';
import { spreadOf, type Spread } from '../linalg/spread';
import type { Executor } from './executor';
import { readBack } from './readback';
import { nextTurn } from './yielding';

export interface TurnOptions {
  /** Timed rounds: each takes every computation once. */
  readonly rounds: number;
  /** Rounds to go on to where half of them do not agree to within a tenth; no more than `rounds` unless given. */
  readonly mostRounds?: number;
  /** Told after each round. */
  onRound?(progress: { readonly done: number; readonly total: number }): void;
  isCancelled?(): boolean;
  /** Milliseconds; the machine's own clock unless given. */
  clock?(): number;
}

/** One computation's wall time beside the others'. */
export interface Timing {
  /** Of one run, in milliseconds. */
  readonly time: Spread;
  /** How many times faster than the first computation: the ratio of both in the same round, over the rounds. */
  readonly speedUp: Spread;
}

/**
 * What is run before the clock counts, until one of both is enough: weights are packed on first use, and engines
 * translate WebAssembly well only where it has run for a while (ResNet-56 takes a third of its first runs' time then).
 */
const warmUp = { milliseconds: 250, runs: 20, mostMilliseconds: 2000 };
/** What takes less is run several times in its turn: clocks of browsers are coarse, and a moment's other load is long. */
const leastMilliseconds = 25;
const mostRepeats = 200;

/**
 * Times computations against each other. They take turns, in reversed order every other round, so that whatever
 * else the machine does hits all of them alike.
 *
 * @returns one result per computation, in their order
 * @throws FailureError 'cancelled' and whatever the computations throw
 */
export async function compareRuns(
  runs: readonly (() => Promise<unknown>)[],
  options: TurnOptions,
): Promise<readonly Timing[]> {
  const times = runs.map((): number[] => []);
  await takeTurns(runs, options, {
    turn: async (index, run) => void times[index]!.push(await run()),
    doAgree: () => doAgree(timingsOf(times)),
  });
  return timingsOf(times);
}

/** What {@link takeTurns} tells. */
export interface Turns {
  /** A computation's turn, once it is warm: to be run once. @param run answers milliseconds of one run */
  turn(index: number, run: () => Promise<number>): Promise<void>;
  /** Whether the rounds so far say the same, so that no more are needed; taken for granted unless given. */
  doAgree?(): boolean;
}

/**
 * Lets computations take turns as {@link compareRuns} does, one round after the other.
 *
 * @throws FailureError 'cancelled' and whatever the computations throw
 */
export async function takeTurns(
  runs: readonly (() => Promise<unknown>)[],
  options: TurnOptions,
  { turn, doAgree: isEnough = () => true }: Turns,
): Promise<void> {
  const { rounds, mostRounds = rounds, clock = () => performance.now() } = options;
  const step = async (index: number, repeats: number) => {
    if (options.isCancelled?.()) fail('cancelled', 'The timing was cancelled.');
    const time = await timeOf(runs[index]!, repeats, clock);
    await nextTurn();
    return time;
  };
  const repeats: number[] = [];
  for (const index of runs.keys()) repeats.push(repeatsFor(await warmedUp(() => step(index, 1))));
  let total = rounds;
  for (let round = 0; round < total; round++) {
    for (const index of turns(runs.length, round)) await turn(index, () => step(index, repeats[index]!));
    if (round + 1 === total && total < mostRounds && !isEnough()) total++;
    options.onRound?.({ done: round + 1, total });
  }
}

/** Runs something until it runs as it will. @returns milliseconds of the last run */
async function warmedUp(run: () => Promise<number>): Promise<number> {
  const { milliseconds, runs, mostMilliseconds } = warmUp;
  let [done, spent] = [0, 0];
  for (;;) {
    const time = await run();
    done++;
    spent += time;
    if (spent >= mostMilliseconds || (spent >= milliseconds && done >= runs)) return time;
  }
}

function timingsOf(times: readonly (readonly number[])[]): readonly Timing[] {
  return times.map((own) => ({
    time: spreadOf(own),
    speedUp: spreadOf(own.map((time, round) => times[0]![round]! / time)),
  }));
}

/** Whether half of the rounds say of each computation the same to within a tenth. */
function doAgree(timings: readonly Timing[]): boolean {
  return timings.every(({ speedUp }) => speedUp.upperQuartile <= 1.1 * speedUp.lowerQuartile);
}

function turns(count: number, round: number): readonly number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  return round % 2 === 0 ? order : order.reverse();
}

async function timeOf(run: () => Promise<unknown>, repeats: number, clock: () => number): Promise<number> {
  const start = clock();
  for (let repeat = 0; repeat < repeats; repeat++) await run();
  return (clock() - start) / repeats;
}

function repeatsFor(milliseconds: number): number {
  return Math.max(1, Math.min(mostRepeats, Math.ceil(leastMilliseconds / Math.max(milliseconds, 1e-3))));
}

/**
 * Times networks against each other, readback of the scores included. The input is noise.
 *
 * @param batchSize images per run
 * @returns one result per executor, in their order
 * @throws FailureError 'cancelled' and the backend's faults
 */
export async function compareLatency(
  executors: readonly Executor[],
  batchSize: number,
  options: TurnOptions,
): Promise<readonly Timing[]> {
  const inputs = noiseInputs(executors, batchSize);
  try {
    return await compareRuns(
      executors.map((executor, index) => () => runOnce(executor, inputs[index]!)),
      options,
    );
  } finally {
    tf.dispose([...inputs]);
  }
}

/** Noise as each network's input; the tensors become the caller's. */
export function noiseInputs(executors: readonly Executor[], batchSize: number): readonly tf.Tensor[] {
  return executors.map(({ network }) => {
    const shape = [batchSize, ...network.input.shape];
    return tf.tensor(noise(shape), shape);
  });
}

async function runOnce(executor: Executor, input: tf.Tensor): Promise<void> {
  const output = executor.run(input);
  try {
    await readBack(output);
  } finally {
    output.dispose();
  }
}

/** Seeded values of mean 0 and spread 1, what networks are trained on. */
export function noise(shape: readonly number[]): Float32Array {
  const random = createRandom(1);
  const size = shape.reduce((product, extent) => product * extent, 1);
  return Float32Array.from({ length: size }, () => random.normal());
}
