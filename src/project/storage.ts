import type { DrawnImages } from '../compression/draw';
import { withStep, type Recipe } from '../compression/recipe';
import { quantiseStep, storageOf, type Storage } from '../compression/steps/quantise';
import { fail } from '../network/failure';
import type { ProjectState } from './state';

/**
 * How the present settings have networks stored; null for float32 all through.
 *
 * @throws FailureError `invalid-request` where they do not go together
 */
export function presentStorage({ document }: ProjectState): Storage | null {
  const { weights, activations } = document.settings;
  const storage = storageOf({ weights, activations });
  if (!storage)
    return fail(
      'invalid-request',
      `activations: expected float32, or int8 with int8 weights, found ${activations} with ${weights} weights; store the weights in int8, too.`,
    );
  return weights === 'float32' ? null : storage;
}

/**
 * A recipe whose network is stored as the present settings say, last of all; the same recipe where that is float32.
 *
 * @param calibration images that roundings are chosen on; null where there are none
 * @throws FailureError `invalid-request` where ranges of values are to be found and there are no images
 */
export function storedRecipe(state: ProjectState, recipe: Recipe, calibration: DrawnImages | null): Recipe {
  const storage = presentStorage(state);
  if (!storage) return recipe;
  const images = storage.weights === 'float16' ? null : calibration;
  return withStep(recipe, quantiseStep(storage, images, state.document.settings.seed));
}
