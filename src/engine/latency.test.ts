import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import {
  activation,
  chainOf,
  evenPadding,
  randomConvolution,
  seededNumbers,
  square,
} from '../network/testing/builders';
import { createExecutor } from './executor';
import { compareLatency, compareRuns } from './latency';
import { startNodeBackend } from './testing/nodeBackend';

beforeAll(() => startNodeBackend('wasm'));

/** Computations that take as long as is said, on a clock of their own, and note who ran when. */
function onOwnClock(durations: readonly ((call: number) => number)[]) {
  let now = 0;
  const order: number[] = [];
  const calls = durations.map(() => 0);
  const runs = durations.map((duration, index) => () => {
    order.push(index);
    now += duration(calls[index]!++);
    return Promise.resolve();
  });
  return { runs, order, clock: () => now };
}

test('computations take turns, in reversed order every other round, once they have run for a while', async () => {
  const { runs, order, clock } = onOwnClock([() => 200, () => 100, () => 50]);
  const done: number[] = [];
  const timings = await compareRuns(runs, { rounds: 3, clock, onRound: (round) => done.push(round.done) });
  // Two seconds of the first, and twenty runs of each of the others.
  const warm = ['0'.repeat(10), '1'.repeat(20), '2'.repeat(20)];
  expect(order.join('')).toBe([...warm, '012', '210', '012'].join(''));
  expect(done).toEqual([1, 2, 3]);
  expect(timings.map(({ time }) => time.median)).toEqual([200, 100, 50]);
  expect(timings.map(({ speedUp }) => speedUp.median)).toEqual([1, 2, 4]);
});

test('a machine that slows down in the middle changes times, and no ratio', async () => {
  const slowing = (own: number) => (call: number) => own * (call > 22 ? 7 : 1);
  const { runs, clock } = onOwnClock([slowing(90), slowing(36)]);
  const [, second] = await compareRuns(runs, { rounds: 6, clock });
  expect(second!.time.upperQuartile).toBeGreaterThan(second!.time.lowerQuartile);
  expect(second!.speedUp).toEqual({ median: 2.5, lowerQuartile: 2.5, upperQuartile: 2.5 });
});

test('rounds that disagree are followed by more, up to as many as are allowed', async () => {
  const disturbed = (from: number, to: number) => (call: number) =>
    call >= 20 + from && call < 20 + to && call % 2 === 0 ? 300 : 60;
  const roundsOf = async (from: number, to: number) => {
    const { runs, clock } = onOwnClock([() => 60, disturbed(from, to)]);
    let rounds = 0;
    await compareRuns(runs, { rounds: 4, mostRounds: 12, clock, onRound: ({ done }) => (rounds = done) });
    return rounds;
  };
  expect(await roundsOf(0, 0)).toBe(4);
  expect(await roundsOf(0, 4)).toBeGreaterThan(4);
  expect(await roundsOf(0, 4)).toBeLessThan(12);
  expect(await roundsOf(0, 99)).toBe(12);
});

test('what is too quick for a clock is run several times, and its time is still that of one run', async () => {
  const { runs, order, clock } = onOwnClock([() => 0.5, () => 60]);
  const [quick] = await compareRuns(runs, { rounds: 1, clock });
  expect(quick!.time.median).toBeCloseTo(0.5, 12);
  // A quarter of a second at first, then as many as last 25 ms.
  expect(order.filter((index) => index === 0)).toHaveLength(500 + 50);
});

test('a network of a hundredth of the work is timed as faster, and nothing stays in memory', async () => {
  const numbers = seededNumbers(3);
  const of = (channels: number) => {
    const options = { kernel: square(3), padding: evenPadding(1) };
    const first = randomConvolution(numbers, { ...options, inputs: 3, outputs: channels });
    const second = randomConvolution(numbers, { ...options, inputs: channels, outputs: channels });
    return chainOf([24, 24, 3], [first, activation('relu'), second]);
  };
  const executors = [of(96), of(4)].map((network) => createExecutor(network));
  const tensors = tf.memory().numTensors;
  const [large, small] = await compareLatency(executors, 2, { rounds: 3 });
  expect(small!.speedUp.median).toBeGreaterThan(2);
  expect(large!.time.median).toBeGreaterThan(small!.time.median);
  const cancelled = compareLatency(executors, 1, { rounds: 3, isCancelled: () => true });
  await expect(cancelled).rejects.toMatchObject({ code: 'cancelled', message: 'The timing was cancelled.' });
  expect(tf.memory().numTensors).toBe(tensors);
  executors.forEach((executor) => executor.dispose());
});
