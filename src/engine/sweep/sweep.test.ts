import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { referencePath } from '../../../scripts/reference';
import type { MeasuredPoint, SweepLayer } from '../../enc/sweep/points';
import { readImages } from '../../formats/datasets';
import { readNetwork } from '../../formats/models';
import { describeLayers } from '../../network/describe';
import { factoriseLayer } from '../../network/factors';
import type { Network } from '../../network/graph';
import type { ImageSet, Preprocessing } from '../../network/images';
import { rewriteNetwork } from '../../network/rewrite';
import { smallResidualNetwork } from '../../network/testing/builders';
import { evaluate } from '../evaluate';
import { createExecutor } from '../executor';
import { countAgreement, countCorrect, labelsOf, meanDivergence } from '../metrics';
import { centredRgb, noiseImages } from '../testing/images';
import { startNodeBackend } from '../testing/nodeBackend';
import { randomResNet } from '../testing/resnet';
import { pauseUnlessCancelled } from '../yielding';
import { Sweep } from './sweep';

/** The layers that can be cut, and the network with one of them at some ranks. */
function layersOf(network: Network): SweepLayer[] {
  return describeLayers(network).filter(({ kept }) => kept === null);
}

function variantsOf(network: Network, layer: SweepLayer, ranks: readonly number[]): Map<number, Network> {
  const node = network.nodes.find(({ name }) => name === layer.name)!;
  const factors = factoriseLayer(node, layer.factorisation);
  return new Map(ranks.map((rank) => [rank, rewriteNetwork(network, { [layer.name]: rank }, () => factors)]));
}

interface Setting {
  readonly network: Network;
  readonly images: ImageSet;
  readonly preprocessing: Preprocessing;
  readonly indices: Uint32Array;
}

/** The same point by running both networks in full, in batches of another size. */
async function plainPoint(
  { network, images, preprocessing, indices }: Setting,
  variant: Network,
): Promise<Pick<MeasuredPoint, 'images' | 'correct' | 'correctUncut' | 'divergence'>> {
  const run = async (graph: Network) => {
    const executor = createExecutor(graph);
    try {
      return await evaluate(executor, images, preprocessing, { indices, batchSize: 5 });
    } finally {
      executor.dispose();
    }
  };
  const [uncut, cut] = [await run(network), await run(variant)];
  const labels = labelsOf(images, indices);
  return {
    images: indices.length,
    correct: labels ? countCorrect(cut, labels).top1 : countAgreement(uncut, cut),
    correctUncut: labels ? countCorrect(uncut, labels).top1 : indices.length,
    divergence: meanDivergence(uncut, cut),
  };
}

async function expectPlain(setting: Setting, layer: SweepLayer, ranks: readonly number[], sweep: Sweep) {
  const variants = variantsOf(setting.network, layer, ranks);
  const told: MeasuredPoint[] = [];
  const points = await sweep.measure({
    layer,
    variants,
    from: 0,
    to: setting.indices.length,
    onPoint: (point) => told.push(point),
  });
  expect(told).toEqual(points);
  for (const point of points) {
    const plain = await plainPoint(setting, variants.get(point.rank)!);
    const { images, correct, correctUncut } = point;
    expect({ images, correct, correctUncut }).toEqual({
      images: plain.images,
      correct: plain.correct,
      correctUncut: plain.correctUncut,
    });
    expect(Math.abs(point.divergence - plain.divergence)).toBeLessThanOrEqual(1e-9);
  }
}

function endsAndMiddle({ rankMax }: SweepLayer): number[] {
  return [...new Set([1, Math.ceil(rankMax / 2), rankMax])];
}

const indices = Uint32Array.of(9, 3, 3, 0, 1, 14, 7, 8, 2, 5, 6, 11, 4);
const small: Setting = {
  network: smallResidualNetwork(3),
  images: noiseImages(15, 12, 12),
  preprocessing: centredRgb,
  indices,
};

describe('a sweep on WebAssembly', () => {
  let tensors = 0;
  beforeAll(() => startNodeBackend('wasm'));
  beforeEach(() => {
    tensors = tf.memory().numTensors;
  });
  afterEach(() => {
    expect(tf.memory().numTensors).toBe(tensors);
  });

  async function withSweep<T>(
    setting: Setting,
    options: { batchSize?: number; budget?: number },
    work: (sweep: Sweep) => Promise<T>,
  ): Promise<T> {
    const executor = createExecutor(setting.network);
    const sweep = new Sweep(executor, setting.images, setting.preprocessing, setting.indices, options);
    try {
      return await work(sweep);
    } finally {
      sweep.dispose();
      executor.dispose();
    }
  }

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
        const plain = await plainPoint(part, variants.get(2)!);
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

  const resnet = referencePath('res56/res56.onnx');
  const train = referencePath('cifar10/train_2000.bin');
  test.skipIf(resnet === null || train === null)(
    'gives what plain evaluation gives for three layers of ResNet-56 (skipped without ../shared/reference)',
    async () => {
      const read = (path: string) => ({ name: path, bytes: new Uint8Array(readFileSync(path)) });
      const setting: Setting = {
        network: await readNetwork([read(resnet!)]),
        images: readImages([read(train!)]),
        preprocessing: { channels: 'rgb', mean: [128], scale: [0.0078125] },
        indices: Uint32Array.from({ length: 64 }, (_, index) => index),
      };
      const layers = layersOf(setting.network);
      const strided = describeLayers(setting.network).find(({ shape }) => /^3×3.*stride 2/.test(shape))!;
      await withSweep(setting, {}, async (sweep) => {
        for (const layer of [layers[4]!, strided, layers[layers.length - 3]!]) {
          await expectPlain(setting, layer, [Math.ceil(layer.rankMax / 4)], sweep);
        }
      });
    },
  );
});
