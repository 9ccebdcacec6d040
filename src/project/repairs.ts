import { recipeKey, type Recipe } from '../compression/recipe';
import type { BackgroundTask } from './background';
import type { RepairNote } from './document';
import { statusOf, type JobStatus } from './jobStatus';
import { repairing } from './kinds';
import { repairedRecipe } from './measurements';
import type { ProjectState } from './state';

/** A plan to repair, and to measure then. */
export interface RepairTask extends BackgroundTask {
  /** Ends in the repair. */
  readonly recipe: Recipe;
  readonly method: string;
  /** Share of the original MACs. */
  readonly achieved: number;
}

/** A method's plan as something to repair; null where nothing is cut or there is nothing to repair it on. */
export function repairTaskOf(state: ProjectState, method: string): RepairTask | null {
  const planned = state.completed?.plans[method];
  if (!planned || planned.isOriginal) return null;
  const recipe = repairedRecipe(state, planned.recipe);
  return (
    recipe && { key: recipeKey(recipe), recipe, method, achieved: planned.plan.costs.macs / macsOf(state) }
  );
}

function macsOf({ network }: ProjectState): number {
  return network?.summary.macs ?? 1;
}

/** How the repair of a recipe stands. */
export function repairStatus(state: ProjectState, recipe: Recipe | null): JobStatus | null {
  return (recipe && statusOf(state.jobs, repairing, recipeKey(recipe))) ?? null;
}

/** What the present repair made of a recipe, if it was done. */
export function repairOf(state: ProjectState, recipe: Recipe): RepairNote | null {
  const after = repairedRecipe(state, recipe);
  return (after && state.document.repairs[recipeKey(after)]) ?? null;
}
