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
import { createExecutor, type Executor } from './executor';
import { compareSteps } from './stepTimes';
import { startNodeBackend } from './testing/nodeBackend';

beforeAll(() => startNodeBackend('wasm'));

const numbers = seededNumbers(5);
const convolution = (inputs: number, outputs: number) =>
  randomConvolution(numbers, { kernel: square(3), padding: evenPadding(1), inputs, outputs });

/** Two convolutions, the second with so many times the products of the first. */
function lopsided(times: number): Executor {
  const layers = [convolution(4, 8), activation('relu'), convolution(8, 4 * times)];
  return createExecutor(chainOf([24, 24, 4], layers));
}

test('a step of most of the work takes most of the time, the steps add up to the run, and nothing stays', async () => {
  // So many times that whatever else takes the processor mostly takes it from this step.
  const executor = lopsided(256);
  const before = tf.memory().numTensors;
  const [{ total, steps }] = (await compareSteps([executor], 2, { rounds: 9 })) as [
    Awaited<ReturnType<typeof compareSteps>>[number],
  ];
  const sum = steps.reduce((all, time) => all + time, 0);
  expect(steps).toHaveLength(executor.steps.length);
  expect(steps.at(-1)!).toBeGreaterThan(0.6 * sum);
  expect(sum).toBeLessThanOrEqual(total);
  expect(tf.memory().numTensors).toBe(before);
  executor.dispose();
});

test('each step is told by its nodes, in the order in which it is computed', () => {
  const executor = lopsided(1);
  const input = tf.zeros([1, 24, 24, 4]);
  const told: number[] = [];
  const output = executor.runWatched(input, (step) => told.push(step));
  expect(told).toEqual(executor.steps.map((_, step) => step));
  expect(executor.steps.flat()).toEqual(executor.network.nodes.map(({ name }) => name));
  const plain = executor.run(input);
  expect(output.dataSync()).toEqual(plain.dataSync());
  tf.dispose([input, output, plain]);
  executor.dispose();
});

test('runs that something else made slow do not count', async () => {
  const executor = lopsided(1);
  const steps = executor.steps.length;
  // Every call of the clock is a millisecond after the last; one step of every third run takes a second.
  let [now, calls] = [0, 0];
  const clock = () => {
    const place = calls++ % (3 * (steps + 2));
    return (now += place === 2 ? 1000 : 1);
  };
  // What takes turns asks the clock, too, so that the slow step is another one each time.
  const [only] = await compareSteps([executor], 1, { rounds: 5, clock });
  expect(only!.steps.every((time) => time === 1)).toBe(true);
  expect(only!.total).toBe(steps + 1);
  executor.dispose();
});

test('can be cancelled', async () => {
  const executor = lopsided(1);
  const cancelled = compareSteps([executor], 1, { rounds: 3, isCancelled: () => true });
  await expect(cancelled).rejects.toMatchObject({ failure: { code: 'cancelled' } });
  executor.dispose();
});
