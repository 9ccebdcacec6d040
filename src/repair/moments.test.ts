import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { seededNumbers } from '../network/testing/builders';
import { startNodeBackend } from '../engine/testing/nodeBackend';
import { momentsOfRows, momentsOfTargets } from './moments';
import type { Rows } from './rows';

const size = 5;
const outputs = 3;
const ready = () => Promise.resolve();

/** Rows with means far from 0 compared with their spread. */
function rowsOf(seed: number, count: number, mean: number): Rows {
  const numbers = seededNumbers(seed);
  const around = (length: number) => numbers.values(length).map((value) => value + mean);
  return { count, patches: around(count * size), targets: around(count * outputs) };
}

/** Covariance of two columns by the definition, in double precision. */
function covariance(blocks: readonly Rows[], a: (rows: Rows, row: number) => number, b: typeof a): number {
  const all = (value: typeof a) =>
    blocks.flatMap((rows) => Array.from({ length: rows.count }, (_, row) => value(rows, row)));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [all(a), all(b)];
  const [meanX, meanY] = [mean(x), mean(y)];
  return mean(x.map((value, index) => (value - meanX) * (y[index]! - meanY)));
}

describe.each(['cpu', 'wasm'] as const)('momentsOfRows on %s', (backend) => {
  beforeAll(() => startNodeBackend(backend));

  test.each([0, 1000])('are those of the definition with means about %d', async (mean) => {
    const blocks = [rowsOf(1, 300, mean), rowsOf(2, 5000, mean), rowsOf(3, 7, mean)];
    const tensors = tf.memory().numTensors;
    const moments = await momentsOfRows(blocks, size, outputs, ready);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(moments.samples).toBe(5307);
    const patch = (column: number) => (rows: Rows, row: number) => rows.patches[row * size + column]!;
    const target = (column: number) => (rows: Rows, row: number) => rows.targets[row * outputs + column]!;
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++)
        expect(moments.gram[i * size + j]).toBeCloseTo(covariance(blocks, patch(i), patch(j)), 4);
      for (let o = 0; o < outputs; o++)
        expect(moments.cross[i * outputs + o]).toBeCloseTo(covariance(blocks, patch(i), target(o)), 4);
    }
    for (let o = 0; o < outputs; o++)
      expect(moments.targetVariance[o]).toBeCloseTo(covariance(blocks, target(o), target(o)), 4);
  });

  test('are found for other targets without the Gram matrix', async () => {
    const blocks = [rowsOf(1, 200, 3), rowsOf(2, 100, 3)];
    const others = blocks.map((rows, index) => ({
      ...rows,
      targets: rowsOf(9 + index, rows.count, -2).targets,
    }));
    const direct = await momentsOfRows(others, size, outputs, ready);
    const { patchMean } = await momentsOfRows(blocks, size, outputs, ready);
    const derived = await momentsOfTargets(patchMean, outputs, others, ready);
    derived.cross.forEach((value, index) => expect(value).toBeCloseTo(direct.cross[index]!, 5));
    derived.patchMean.forEach((value, index) => expect(value).toBeCloseTo(direct.patchMean[index]!, 5));
    derived.targetVariance.forEach((value, o) => expect(value).toBeCloseTo(direct.targetVariance[o]!, 5));
    expect(derived.gram).toHaveLength(0);
  });
});
