import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { networkCost } from '../../network/cost';
import { factoriseLayer, type LayerFactors } from '../../network/factors';
import { FailureError } from '../../network/failure';
import type { Network } from '../../network/graph';
import { defaultFactorisation, requireLayer } from '../../network/layerNodes';
import type { Ranks } from '../../network/layers';
import { rewriteNetwork } from '../../network/rewrite';
import { smallResidualNetwork } from '../../network/testing/builders';
import { evaluate } from '../evaluate';
import { createExecutor } from '../executor';
import { meanDivergence } from '../../answers/divergence';
import { centredRgb, noiseImages } from '../testing/images';
import { startNodeBackend } from '../testing/nodeBackend';
import { fitFromOriginal, originalMoments } from './fromOriginal';
import { repairNetwork, type RepairRequest } from './repairNetwork';
import { rewriteFitted } from '../../network/fittedLayers';

const network = smallResidualNetwork(4);
const images = noiseImages(400, 12, 12);
const ranks: Ranks = { down: 5, project: 4, grouped: 4, hidden: 6, stem: null };
const calibration = Uint32Array.from({ length: 200 }, (_, index) => index);
const others = Uint32Array.from({ length: 200 }, (_, index) => 200 + index);

function factorsOf(layer: string): LayerFactors {
  const node = requireLayer(network.nodes.find(({ name }) => name === layer)!);
  return factoriseLayer(node, defaultFactorisation(node.operator));
}

const request: RepairRequest = {
  network,
  ranks,
  factorsOf,
  images,
  preprocessing: centredRgb,
  indices: calibration,
  seed: 3,
};

async function divergence(changed: Network): Promise<number> {
  const answers = async (of: Network) => {
    const executor = createExecutor(of);
    const predictions = await evaluate(executor, images, centredRgb, { indices: others });
    executor.dispose();
    return predictions;
  };
  return meanDivergence(await answers(network), await answers(changed));
}

describe('repairNetwork', () => {
  let tensors = 0;
  beforeAll(() => startNodeBackend('wasm'));
  beforeEach(() => {
    tensors = tf.memory().numTensors;
  });
  afterEach(() => {
    expect(tf.memory().numTensors).toBe(tensors);
  });

  test('brings a network with strides, groups, a projection and dense layers closer to the original on other images', async () => {
    const truncated = rewriteNetwork(network, ranks, factorsOf);
    const result = await repairNetwork(request);
    expect(result.isRepaired).toBe(true);
    expect(await divergence(result.network)).toBeLessThan(0.5 * (await divergence(truncated)));
    expect(networkCost(result.network).macs).toBe(networkCost(truncated).macs);
    expect(result.network.outputs).toEqual(network.outputs);
    for (const { errorBefore, errorAfter } of result.layers)
      expect(errorAfter).toBeLessThanOrEqual(errorBefore);
    expect(rewriteFitted(network, result.fitted)).toEqual(result.network);
  });

  test('re-fits what follows a cut layer and leaves alone what does not, and depthwise layers', async () => {
    const { layers } = await repairNetwork(request);
    expect(layers.map(({ layer }) => layer)).toEqual(['down', 'project', 'grouped', 'hidden', 'classes']);
  });

  test('gives the same network for the same seed', async () => {
    const [first, second] = [await repairNetwork(request), await repairNetwork(request)];
    expect(second.fitted).toEqual(first.fitted);
  });

  test.each([2, 3, 8])('does not get worse than truncation by much with %d images', async (count) => {
    const few = await repairNetwork({ ...request, indices: calibration.subarray(0, count) });
    const truncated = rewriteNetwork(network, ranks, factorsOf);
    expect(await divergence(few.network)).toBeLessThan(1.1 * (await divergence(truncated)));
  });

  test('changes nothing that matters at full rank', async () => {
    const full = { down: 24, project: 8 };
    const result = await repairNetwork({ ...request, ranks: full });
    expect(await divergence(result.network)).toBeLessThan(1e-5);
  });

  test('reports progress per layer', async () => {
    const seen: (string | null)[] = [];
    await repairNetwork({
      ...request,
      onProgress: ({ done, total, layer }) => (
        seen.push(layer),
        expect([done, total]).toEqual([seen.length - 1, 5])
      ),
    });
    expect(seen).toEqual(['down', 'project', 'grouped', 'hidden', 'classes', null]);
  });

  test('stops where it is cancelled and leaves no tensor behind', async () => {
    let layers = 0;
    const cancelled = repairNetwork({
      ...request,
      onProgress: () => layers++,
      isCancelled: () => layers > 2,
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(layers).toBe(3);
  });

  test('asks for at least two images', async () => {
    await expect(repairNetwork({ ...request, indices: calibration.subarray(0, 1) })).rejects.toThrow(
      FailureError,
    );
  });
});

describe('fitFromOriginal', () => {
  beforeAll(() => startNodeBackend('wasm'));

  test('costs less divergence than truncation at every rank, one layer cut at a time', async () => {
    const tensors = tf.memory().numTensors;
    const factors = ['grouped', 'hidden', 'down'].map(factorsOf);
    const seen: string[] = [];
    for await (const moments of originalMoments({ ...request, factors })) {
      const { name } = moments.step.target.node;
      seen.push(name);
      const own = factors.find(({ layer }) => layer === name)!;
      const fits = fitFromOriginal(moments, own, [2, 4]);
      for (const [index, rank] of [2, 4].entries()) {
        const truncated = await divergence(rewriteNetwork(network, { [name]: rank }, () => own));
        expect(await divergence(rewriteFitted(network, [fits[index]!]))).toBeLessThan(truncated);
      }
    }
    expect(seen).toEqual(['down', 'grouped', 'hidden']);
    expect(tf.memory().numTensors).toBe(tensors);
  });
});
