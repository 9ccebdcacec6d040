import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { MeasuredPoint, SweepLayer } from '../../enc/sweep/points';
import { smallResidualNetwork } from '../../network/testing/builders';
import { createExecutor } from '../executor';
import { centredRgb, noiseImages } from '../testing/images';
import { startNodeBackend } from '../testing/nodeBackend';
import {
  endsAndMiddle,
  layersOf,
  measureBothWays,
  PlainLoop,
  variantsOf,
  withSweep,
  type SweepSetting,
} from '../testing/plainSweep';
import { randomResNet } from '../testing/resnet';
import { pauseUnlessCancelled } from '../yielding';
import type { Sweep } from './sweep';

/** Measures a layer both ways; the points must be equal, divergences to the last bit. */
async function expectPlain(
  setting: SweepSetting,
  layer: SweepLayer,
  ranks: readonly number[],
  sweep: Sweep,
): Promise<void> {
  const { swept, plain } = await measureBothWays(setting, layer, ranks, sweep);
  expect(swept).toEqual(plain);
}

const indices = Uint32Array.of(9, 3, 3, 0, 1, 14, 7, 8, 2, 5, 6, 11, 4);
const small: SweepSetting = {
  network: smallResidualNetwork(3),
  images: noiseImages(15, 12, 12),
  preprocessing: centredRgb,
  indices,
};

describe('a sweep on WebAssembly', () => {
  let before: tf.MemoryInfo;
  beforeAll(() => startNodeBackend('wasm'));
  beforeEach(() => {
    before = tf.memory();
  });
  afterEach(() => {
    const { numTensors, numBytes } = tf.memory();
    expect({ numTensors, numBytes }).toEqual({ numTensors: before.numTensors, numBytes: before.numBytes });
  });

  test.each([
    ['in network order', (layers: SweepLayer[]) => layers, 2 ** 20],
    ['backwards', (layers: SweepLayer[]) => [...layers].reverse(), 2 ** 20],
    ['without room to keep activations', (layers: SweepLayer[]) => layers, 0],
    ['with room for one batch', (layers: SweepLayer[]) => layers, 12 * 12 * 8 * 4 * 5],
  ])('gives what plain evaluation gives, %s', async (_, order, budget) => {
    await withSweep(small, { batchSize: 4, budget }, async (sweep) => {
      const layers = order(layersOf(small.network));
      expect(layers.length).toBeGreaterThanOrEqual(5);
      for (const layer of layers) {
        await expectPlain(small, layer, endsAndMiddle(layer), sweep);
        expect(sweep.keptBytes).toBeLessThanOrEqual(budget);
      }
    });
  });

  test('gives what plain evaluation gives on other residual networks', async () => {
    const setting = { ...small, network: randomResNet(1, 5), images: noiseImages(15, 32, 32) };
    await withSweep(setting, { batchSize: 6 }, async (sweep) => {
      for (const layer of layersOf(setting.network).slice(0, 6)) {
        await expectPlain(setting, layer, [Math.ceil(layer.rankMax / 3)], sweep);
      }
    });
  });

  test('counts agreement where the images carry no labels', async () => {
    const setting = { ...small, images: { ...small.images, labels: null } };
    await withSweep(setting, {}, async (sweep) => {
      const [layer] = layersOf(setting.network);
      await expectPlain(setting, layer!, [1, 2], sweep);
      const [point] = await sweep.measure({
        layer: layer!,
        variants: variantsOf(setting.network, layer!, [1]),
        from: 0,
        to: indices.length,
      });
      expect([point!.basis, point!.correctUncut]).toEqual(['agreement', indices.length]);
    });
  });

  test('measures parts of the list that need not fall on batches', async () => {
    const layer = layersOf(small.network)[2]!;
    const variants = variantsOf(small.network, layer, [2]);
    await withSweep(small, { batchSize: 4 }, async (sweep) => {
      for (const [from, to] of [
        [0, 6],
        [6, 7],
        [7, 13],
      ] as const) {
        const [point] = await sweep.measure({ layer, variants, from, to });
        const part = { ...small, indices: indices.subarray(from, to) };
        const plain = await new PlainLoop(part).point(variants.get(2)!);
        expect(point!.correct).toBe(plain.correct);
        expect(point!.divergence).toBeCloseTo(plain.divergence, 12);
      }
    });
  });

  test('finds no divergence of the original from itself', async () => {
    await withSweep(small, {}, async (sweep) => {
      const layer = layersOf(small.network)[1]!;
      const variants = new Map([[layer.rankMax, small.network]]);
      const [point] = await sweep.measure({ layer, variants, from: 0, to: indices.length });
      expect(point!.divergence).toBe(0);
      expect(point!.divergenceDeviation).toBe(0);
      expect(point!.correct).toBe(point!.correctUncut);
    });
  });

  test('tells each point as it returns them, by rank', async () => {
    await withSweep(small, {}, async (sweep) => {
      const told: MeasuredPoint[] = [];
      const layer = layersOf(small.network)[1]!;
      const points = await sweep.measure({
        layer,
        variants: variantsOf(small.network, layer, [3, 1]),
        from: 0,
        to: indices.length,
        onPoint: (point) => told.push(point),
      });
      expect(told).toEqual(points);
      expect(points.map(({ rank }) => rank)).toEqual([3, 1]);
    });
  });

  test('holds no tensor more between layers than the activations it says it keeps', async () => {
    const executor = createExecutor(small.network);
    const idle = tf.memory();
    await withSweep(small, { batchSize: 4 }, async (sweep) => {
      const own = tf.memory().numBytes - idle.numBytes;
      for (const layer of layersOf(small.network)) {
        const variants = variantsOf(small.network, layer, endsAndMiddle(layer));
        await sweep.measure({ layer, variants, from: 0, to: indices.length });
        expect(tf.memory().numBytes - idle.numBytes - own).toBe(sweep.keptBytes);
      }
    });
    expect([tf.memory().numTensors, tf.memory().numBytes]).toEqual([idle.numTensors, idle.numBytes]);
    executor.dispose();
  });

  test('leaves nothing behind when it is cancelled, wherever that is', async () => {
    for (const allowed of [0, 1, 5, 20, 47]) {
      await withSweep(small, { batchSize: 4 }, async (sweep) => {
        let asked = 0;
        const layer = layersOf(small.network)[3]!;
        const work = sweep.measure({
          layer,
          variants: variantsOf(small.network, layer, [1, 3]),
          from: 0,
          to: indices.length,
          pause: pauseUnlessCancelled(() => asked++ >= allowed),
        });
        await expect(work).rejects.toMatchObject({ code: 'cancelled' });
        // What was kept is still good.
        await expectPlain(small, layer, [2], sweep);
      });
    }
  });
});
