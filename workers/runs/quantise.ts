import { recipeKey, type Recipe } from '../../src/compression/recipe';
import { storageOf, type Storage } from '../../src/compression/steps/quantise';
import { fail } from '../../src/network/failure';
import { chainedPatches } from '../../src/network/patch';
import { quantiseNetwork } from '../../src/quantise/quantiseNetwork';
import { quantiseRunKind } from '../protocol/quantise';
import { defineRun } from './run';

/** Stores a network in fewer bits, whatever steps came before. */
export const quantiseRun = defineRun(quantiseRunKind, async (context, { recipe }, tools) => {
  const { storage, images, seed } = quantiseStepOf(recipe);
  const before = { ...recipe, steps: recipe.steps.slice(0, -1) };
  const { patch, report } = await quantiseNetwork({
    network: context.network(before),
    ...storage,
    calibration: images && context.drawn(recipe.network, images),
    seed,
    pause: tools.pause,
    onProgress: (done, total) => tools.onProgress({ stage: 'quantising', done, total, unit: 'layers' }),
  });
  return { patch: chainedPatches(context.patch(before), patch), report };
});

/** @throws FailureError `invalid-request` where the last step is none, or says a storage that there is not */
function quantiseStepOf(recipe: Recipe) {
  const step = recipe.steps.at(-1);
  const storage = step?.kind === 'quantise' ? storageOf(step.settings) : null;
  if (!step || !storage)
    return fail(
      'invalid-request',
      `recipe ${recipeKey(recipe)}: expected a storage of float32, float16, int8, uint8 or uint16 weights, and int8 or dynamic activations with int8 weights alone, found ${JSON.stringify(step?.settings ?? null)}; choose the storage anew.`,
    );
  if (storage.activations === 'int8' && !step.images)
    return fail(
      'invalid-request',
      'Expected calibration images to find the ranges of values on, found none; give some, or leave activations in float32.',
    );
  return { storage: storage satisfies Storage, images: step.images, seed: step.seed };
}
