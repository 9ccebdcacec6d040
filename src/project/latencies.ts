import { isOriginal, originalRecipe, recipeKey, withoutSteps, type Recipe } from '../compression/recipe';
import type { LatencyReport, LatencySpec } from '../../workers/protocol/latency';
import { statusOf, type JobStatus } from './jobStatus';
import { timing } from './kinds';
import { resultsOf } from './results';
import type { ProjectState } from './state';

/** Times of plans beside the original. They hold for this machine, so they last for the session only. */
export const latencies = resultsOf<LatencyReport>(timing);

/** Rounds that are enough to tell a tenth of a difference, at half of the wait. */
const rounds = 7;
/** On a machine that is busy with something else it takes more of them. */
const mostRounds = 25;

/** What times a recipe beside the original: a single image, and as many as accuracy is measured with at a time. */
export function latencyTask(recipe: Recipe): LatencySpec['task'] {
  return {
    recipes: [originalRecipe(recipe.network), withoutSteps(recipe)],
    runtime: 'own',
    batches: [1, 'evaluation'],
    rounds,
    mostRounds,
  };
}

/**
 * Names the time of a recipe on the backend that runs; null before one does, and where nothing is cut. Steps change
 * weights and leave every size as it is, so they take no part in it.
 */
export function latencyKey({ backend }: ProjectState, recipe: Recipe): string | null {
  if (!backend || isOriginal(recipe)) return null;
  return `${recipeKey(withoutSteps(recipe))}@${backend.backend}`;
}

/** The time of a recipe beside the original's, if it was measured. */
export function latencyOf(state: ProjectState, recipe: Recipe): LatencyReport | null {
  const key = latencyKey(state, recipe);
  return (key !== null && latencies.of(state, key)) || null;
}

/** The time of the chosen method's plan beside the original's, if it was measured. */
export function chosenLatency(state: ProjectState): LatencyReport | null {
  const planned = state.completed?.plans[state.document.settings.method];
  return planned ? latencyOf(state, planned.recipe) : null;
}

/** How the timing of a recipe stands. */
export function timingStatus(
  state: ProjectState,
  recipe: Recipe,
): { readonly key: string; readonly status: JobStatus | null } | null {
  const key = latencyKey(state, recipe);
  return key === null ? null : { key, status: statusOf(state.jobs, timing, key) ?? null };
}
