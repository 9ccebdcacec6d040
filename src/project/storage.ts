import type { DrawnImages } from '../compression/draw';
import { withStep, type Recipe } from '../compression/recipe';
import { quantiseStep, storageOf, type Storage } from '../compression/steps/quantise';
import { fail } from '../network/failure';
import type { ProjectState } from './state';

/** How networks are to be stored: as the settings say, or where they leave it open, as the network's own files are. */
export function chosenStorage({ document, network }: Pick<ProjectState, 'document' | 'network'>): Storage {
  const { weights, activations } = document.settings;
  const own = network?.summary.holding;
  const chosen = weights === 'auto' ? (own?.weights ?? 'float32') : weights;
  const computed = chosen === 'int8' ? (own?.activations ?? 'float32') : 'float32';
  return { weights: chosen, activations: activations === 'auto' ? computed : activations };
}

/**
 * How the present settings have networks stored; null for float32 all through, which leaves a network as it is unless
 * its own files round values as they run.
 *
 * @throws FailureError `invalid-request` where they do not go together
 */
export function presentStorage(state: ProjectState): Storage | null {
  const chosen = chosenStorage(state);
  const storage = storageOf({ ...chosen });
  if (!storage)
    return fail(
      'invalid-request',
      `activations: expected float32, or int8 or dynamic with int8 weights, found ${chosen.activations} with ${chosen.weights} weights; store the weights in int8, too.`,
    );
  const isPlain = storage.weights === 'float32' && state.network?.summary.holding?.activations !== 'dynamic';
  return isPlain ? null : storage;
}

/** Weights that there is nothing to choose by images for. */
const hasOneRounding: ReadonlySet<string> = new Set(['float32', 'float16']);

/**
 * A recipe whose network is stored as the present settings say, last of all; the same recipe where that is float32.
 *
 * @param calibration images that roundings are chosen on; null where there are none: values are rounded then only where
 *   that was asked for
 * @throws FailureError `invalid-request` where ranges of values are to be found and there are no images
 */
export function storedRecipe(state: ProjectState, recipe: Recipe, calibration: DrawnImages | null): Recipe {
  const storage = presentStorage(state);
  if (!storage) return recipe;
  const { seed, activations } = state.document.settings;
  const isLeft = activations === 'auto' && storage.activations === 'int8' && calibration === null;
  const images = hasOneRounding.has(storage.weights) ? null : calibration;
  return withStep(
    recipe,
    quantiseStep(isLeft ? { ...storage, activations: 'float32' } : storage, images, seed),
  );
}
