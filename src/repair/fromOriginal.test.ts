import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { centredRgb } from '../engine/testing/images';
import { startNodeBackend } from '../engine/testing/nodeBackend';
import { applyPatch } from '../network/patch';
import { rewriteNetwork } from '../network/rewrite';
import { fitFromOriginal, originalMoments, refit } from './fromOriginal';
import { groupKernel, joinGroups, unrepairedGroup } from './layerGroups';
import { improveModel, kernelOf } from './regression/model';
import { bestBias } from './regression/regression';
import { withRidge } from './regression/ridge';
import { calibration, divergence, factorsOf, images, network } from './testing/smallNetwork';

const request = { network, images, preprocessing: centredRgb, indices: calibration, seed: 3 };

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
      const patches = fitFromOriginal(moments, own, [2, 4]);
      for (const [index, rank] of [2, 4].entries()) {
        const truncated = rewriteNetwork(network, { [name]: rank }, () => own);
        const fitted = applyPatch(truncated, patches[index]!);
        expect(await divergence(fitted)).toBeLessThan(await divergence(truncated));
      }
    }
    expect(seen).toEqual(['down', 'grouped', 'hidden']);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  test('fits a layer alike whichever other layers are fitted with it', async () => {
    const fits = async (layers: readonly string[]) => {
      const factors = layers.map(factorsOf);
      const patches = new Map<string, unknown>();
      for await (const moments of originalMoments({ ...request, factors })) {
        const { name } = moments.step.target.node;
        patches.set(name, fitFromOriginal(moments, factors[layers.indexOf(name)]!, [3])[0]);
      }
      return patches;
    };
    const together = await fits(['down', 'grouped', 'hidden']);
    for (const layer of ['down', 'grouped', 'hidden']) {
      expect((await fits([layer])).get(layer)).toEqual(together.get(layer));
    }
  });

  test('does as many rounds as it says', async () => {
    const own = factorsOf('down');
    for await (const moments of originalMoments({ ...request, factors: [own] })) {
      const { target: whole, geometry, use } = moments.step;
      const target = { ...whole, cut: { factors: own, rank: 4 } };
      const kernel = groupKernel(target, 0, use);
      const start = unrepairedGroup(target, 0, use).model;
      const regression = withRidge(moments.groups[0]!, kernel, refit.ridge);
      const models = improveModel(regression, geometry.layout, kernel, start);
      const model = Array.from({ length: refit.rounds }, () => models.next().value!).at(-1)!;
      const bias = bestBias(moments.groups[0]!, kernelOf(geometry.layout, model));
      const { nodes } = rewriteNetwork(network, { down: 4 }, () => own);
      const place = nodes.filter(({ name }) => name.startsWith('down/'));
      const [patch] = fitFromOriginal(moments, own, [4]);
      expect(patch!.replacements.flatMap((replacement) => replacement.nodes)).toEqual(
        joinGroups(target, place, [{ model, bias }], use),
      );
    }
  });
});
