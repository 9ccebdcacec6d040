import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { networkCost } from '../network/cost';
import { factoriseLayer } from '../network/factors';
import { FailureError } from '../network/failure';
import { defaultFactorisation, requireLayer } from '../network/layerNodes';
import type { Ranks } from '../network/layers';
import { applyPatch } from '../network/patch';
import { rewriteNetwork } from '../network/rewrite';
import { centredRgb } from '../engine/testing/images';
import { startNodeBackend } from '../engine/testing/nodeBackend';
import { repairNetwork, type LayerCheckpoint, type RepairRequest } from './repairNetwork';
import { calibration, divergence, factorsOf, images, network } from './testing/smallNetwork';

const ranks: Ranks = { down: 5, project: 4, grouped: 4, hidden: 6, stem: null };

const request: RepairRequest = {
  network,
  ranks,
  factorsOf,
  images,
  preprocessing: centredRgb,
  indices: calibration,
  seed: 3,
};

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
    expect(applyPatch(truncated, result.patch)).toEqual(result.network);
  });

  test('re-fits what follows a cut layer and leaves alone what does not, and depthwise layers', async () => {
    const { layers } = await repairNetwork(request);
    expect(layers.map(({ layer }) => layer)).toEqual(['down', 'project', 'grouped', 'hidden', 'classes']);
  });

  test('gives the same network for the same seed', async () => {
    const [first, second] = [await repairNetwork(request), await repairNetwork(request)];
    expect(second.patch).toEqual(first.patch);
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

  test('refuses one image, and checkpoints of other layers', async () => {
    await expect(repairNetwork({ ...request, indices: calibration.subarray(0, 1) })).rejects.toThrow(
      'Repair needs at least 2 images, found 1; give more for calibration.',
    );
    const layer = { layer: 'stem', choice: { kind: 'unchanged' }, errorBefore: 0, errorAfter: 0 } as const;
    await expect(repairNetwork({ ...request, resume: [{ layer, fits: null }] })).rejects.toThrow(
      'Repair cannot go on: expected down, found a checkpoint of stem; repair anew.',
    );
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

  test.each<[string, Partial<RepairRequest>]>([
    ['', {}],
    [', some of them unchanged', { ranks: { stem: 3, project: 2 }, indices: calibration.subarray(0, 8) }],
  ])('goes on from any layer to the same result, to the bit%s', async (_, changes) => {
    const again = { ...request, ...changes };
    const told: LayerCheckpoint[] = [];
    const whole = await repairNetwork({ ...again, onLayer: (checkpoint) => told.push(checkpoint) });
    expect(whole.isRepaired).toBe(true);
    expect(told.map(({ layer }) => layer)).toEqual(whole.layers);
    for (let done = 0; done <= told.length; done++) {
      // As they arrive from another thread.
      const resume = structuredClone(told.slice(0, done));
      const later: LayerCheckpoint[] = [];
      const resumed = await repairNetwork({
        ...again,
        resume,
        onLayer: (checkpoint) => later.push(checkpoint),
      });
      expect(later).toEqual(told.slice(done));
      expect(resumed).toEqual(whole);
    }
  });

  test('goes on from where it was stopped', async () => {
    const whole = await repairNetwork(request);
    const told: LayerCheckpoint[] = [];
    const stopped = repairNetwork({
      ...request,
      onLayer: (checkpoint) => told.push(checkpoint),
      isCancelled: () => told.length === 2,
    });
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    expect(told).toHaveLength(2);
    const fitted: (string | null)[] = [];
    const onProgress = ({ layer }: { layer: string | null }) => fitted.push(layer);
    expect(await repairNetwork({ ...request, resume: told, onProgress })).toEqual(whole);
    expect(fitted).toEqual(['grouped', 'hidden', 'classes', null]);
  });

  test('keeps the names of a network in which half of a layer is cut again', async () => {
    const once = rewriteNetwork(network, { down: 20 }, factorsOf);
    const cutAgain = { 'down/first': 6, project: 4 };
    const again = (layer: string) => {
      const node = requireLayer(once.nodes.find(({ name }) => name === layer)!);
      return factoriseLayer(node, defaultFactorisation(node.operator));
    };
    const result = await repairNetwork({ ...request, network: once, ranks: cutAgain, factorsOf: again });
    const truncated = rewriteNetwork(once, cutAgain, again);
    expect(result.isRepaired).toBe(true);
    expect(result.network.nodes.map(({ name }) => name)).toEqual(truncated.nodes.map(({ name }) => name));
    expect(applyPatch(truncated, result.patch)).toEqual(result.network);
  });

  test('answers an empty patch where there is nothing to repair', async () => {
    const result = await repairNetwork({ ...request, ranks: { stem: null } });
    expect(result.isRepaired).toBe(false);
    expect(result.patch.replacements).toEqual([]);
    expect(result.network).toEqual(network);
  });

  test.each([
    ['another order', [1, 0]],
    ['one more layer than there is', [0, 1, 2, 3, 4, 4]],
  ])('does not go on from checkpoints in %s', async (_, order) => {
    const told: LayerCheckpoint[] = [];
    await repairNetwork({
      ...request,
      indices: calibration.subarray(0, 8),
      onLayer: (checkpoint) => told.push(checkpoint),
    });
    const resumed = repairNetwork({ ...request, resume: order.map((index) => told[index]!) });
    await expect(resumed).rejects.toMatchObject({ code: 'invalid-request' });
  });

  test('asks for at least two images', async () => {
    await expect(repairNetwork({ ...request, indices: calibration.subarray(0, 1) })).rejects.toThrow(
      FailureError,
    );
  });
});
