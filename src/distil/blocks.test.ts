import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { defaultDistil } from '../compression/steps/distil';
import { noiseImages } from '../engine/testing/images';
import { startNodeBackend } from '../engine/testing/nodeBackend';
import { factoriseLayer } from '../network/factors';
import type { Operator } from '../network/graph';
import { requireLayer } from '../network/layerNodes';
import { rewriteNetwork } from '../network/rewrite';
import {
  activation,
  chainOf,
  evenPadding,
  randomConvolution,
  seededNumbers,
  smallResidualNetwork,
  square,
} from '../network/testing/builders';
import { blockLoss, blockOutputs } from './blocks';
import { Distiller } from './distiller';

beforeAll(() => startNodeBackend('wasm'));

const none = () => undefined;
const teacher = smallResidualNetwork(2);
const student = rewriteNetwork(teacher, { down: 3 }, (name) =>
  factoriseLayer(requireLayer(teacher.nodes.find((node) => node.name === name)!), 'spatial', 12),
);

test('blocks end behind the activation of a sum, or with pools where there are no sums', () => {
  const sums = teacher.nodes.filter(({ operator }) => operator.kind === 'add');
  const ends = blockOutputs(teacher, student);
  expect(ends).toHaveLength(sums.length);
  for (const end of ends) {
    const from = teacher.nodes.find(({ output }) => output === end)!;
    expect(['add', 'activation', 'batchNorm']).toContain(from.operator.kind);
  }
  const numbers = seededNumbers(1);
  const pool: Operator = {
    ...{ kind: 'pool', reduce: 'max', window: square(2), stride: square(2), padding: evenPadding(0) },
    ...{ roundUp: false, includePadding: false },
  };
  const plain = chainOf(
    [8, 8, 3],
    [randomConvolution(numbers, { kernel: square(3), inputs: 3, outputs: 4 }), activation('relu'), pool],
  );
  expect(blockOutputs(plain, plain)).toEqual([plain.nodes.at(-1)!.output]);
});

test('values that are half as large are a quarter of their square apart, each block counting alike', async () => {
  const expected = new Map([
    ['a', tf.tensor([1, 2, 3, 4], [2, 2])],
    ['b', tf.tensor([5, 0, 0, 5], [2, 2])],
  ]);
  const found = new Map([
    ['a', tf.tensor([0.5, 1, 1.5, 2], [2, 2])],
    ['b', tf.tensor([5, 0, 0, 5], [2, 2])],
  ]);
  // Two images: a quarter of each one's share of the mean square, of one of two values, three times.
  const { sum, gradients } = await blockLoss(found, expected, ['a', 'b'], 2, 3);
  expect(sum).toBeCloseTo((3 / 2) * 2 * 0.25, 5);
  expect([...gradients.get('b')!.dataSync()]).toEqual([0, 0, 0, 0]);
  // 2 · 3/2 · (half − whole) / (30/2)
  [...gradients.get('a')!.dataSync()].forEach((slope, at) => expect(slope).toBeCloseTo(-0.1 * (at + 1), 5));
  tf.dispose([...expected.values(), ...found.values(), ...gradients.values()]);
});

test('the gradient by the weights is that of the loss, and nothing stays in memory', async () => {
  const before = tf.memory().numTensors;
  const images = noiseImages(4, 12, 12);
  const preprocessing = { channels: 'rgb', mean: [128], scale: [1 / 64] } as const;
  const settings = { ...defaultDistil, blocks: 2 };
  const distiller = new Distiller({ teacher, student, images, preprocessing, settings });
  const part = [1, 3].map((index) => ({
    index,
    view: 1,
    down: 0,
    right: 0,
    pitch: 1,
    isFlipped: false,
    blended: null,
  }));
  const { initial } = distiller.student;
  let step = 0;
  const lossAt = async (weights: Float32Array) =>
    (await distiller.gradient(weights, step++, part, null, none)).loss;
  const { gradient } = await distiller.gradient(initial, step++, part, null, none);
  const length = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0));
  // Along the gradient, where a step changes the loss most.
  const [up, down] = [1, -1].map((sign) =>
    initial.map((value, at) => value + (sign * 1e-3 * gradient[at]!) / length),
  );
  const slope = ((await lossAt(up!)) - (await lossAt(down!))) / 2e-3;
  expect(slope / length).toBeGreaterThan(0.98);
  expect(slope / length).toBeLessThan(1.02);
  distiller.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
