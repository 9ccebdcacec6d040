import { recipeKey } from '../../compression/recipe';
import { plannerOf } from '../../project/planning';
import type { Plans } from '../../project/plans';
import * as project from '../../project/transitions';
import type { NetworkSummary } from '../../../workers/protocol/summaries';
import type { StudioState } from './state';

/*
 * What events change on the page beside what they change of the project.
 */

/** A newly opened network takes the place of the former one; files written of that one are no longer spoken of. */
export function withNetwork(state: StudioState, title: string, summary: NetworkSummary): StudioState {
  const next = { ...project.withNetwork(state, title, summary), exports: {} };
  const selectedLayer = plannerOf(next)?.problem.layers[0]?.name ?? null;
  return { ...next, ui: { ...state.ui, focusedLayer: null, selectedLayer } };
}

/** Plans that were worked out; a file written from another recipe is no longer spoken of. */
export function withPlans(state: StudioState, target: number, plans: Plans): StudioState {
  const still = Object.entries(state.exports).filter(([method, note]) => {
    const recipe = plans[method]?.recipe;
    return recipe !== undefined && recipeKey(recipe) === note.recipe;
  });
  const isSame = still.length === Object.keys(state.exports).length;
  const exports = isSame ? state.exports : Object.fromEntries(still);
  return { ...project.withPlans(state, target, plans), exports };
}
