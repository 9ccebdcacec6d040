import { recipeKey, type Recipe } from '../compression/recipe';
import type { BackgroundTask } from './background';
import type { RepairNote } from './document';
import { statusOf, type JobStatus } from './jobStatus';
import { repairing } from './kinds';
import { repairedMeasurement, repairedRecipe } from './measurements';
import { resultsOf } from './results';
import type { PairSide } from './settings';
import type { ProjectState } from './state';
import { inOrderOfWaiting, planOfSide, waitedFor } from './waiting';

/** A plan to repair, and to measure then. */
export interface RepairTask extends BackgroundTask {
  /** Ends in the repair. */
  readonly recipe: Recipe;
  /** Whose plan it is. */
  readonly side: PairSide;
  /** The method that proposed it. */
  readonly method: string;
  /** Share of the original MACs. */
  readonly achieved: number;
}

/** A side's plan as something to repair; null where nothing is cut or there is nothing to repair it on. */
export function repairTaskOf(state: ProjectState, side: PairSide): RepairTask | null {
  const planned = planOfSide(state, side);
  if (!planned || planned.isOriginal) return null;
  const recipe = repairedRecipe(state, planned.recipe);
  const { method, achieved } = planned;
  return recipe && { key: recipeKey(recipe), recipe, side, method, achieved };
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

/**
 * The plans that are to be repaired: those that people wait for, and every other where somebody has asked for all of
 * this target. Sides with the same plan share one task.
 */
export function plansToRepair(state: ProjectState): readonly RepairTask[] {
  const isAll = state.allRepairedAt === state.document.settings.target;
  return unrepaired(state, isAll ? inOrderOfWaiting(state) : waitedFor(state));
}

/** Every plan of the present target that is not repaired yet. */
export function allUnrepaired(state: ProjectState): readonly RepairTask[] {
  return unrepaired(state, inOrderOfWaiting(state));
}

function unrepaired(state: ProjectState, sides: readonly PairSide[]): readonly RepairTask[] {
  const byKey = new Map<string, RepairTask>();
  for (const side of sides) {
    const task = repairTaskOf(state, side);
    const planned = planOfSide(state, side);
    const isDone = planned && repairedMeasurement(state, planned.recipe) !== null;
    if (task && !isDone && !byKey.has(task.key)) byKey.set(task.key, task);
  }
  return [...byKey.values()];
}

/** Seconds that the last repair of a network took, with its measurement, by {@link paceKey}: of this machine. */
export const repairSeconds = resultsOf<number>('repair-seconds');

/** Names what the pace of repair depends on. */
export function paceKey({ network, backend }: ProjectState): string {
  return `${network?.summary.fingerprint}@${backend?.backend}`;
}
