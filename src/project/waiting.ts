import { methods, racedMethods } from '../compression/methods';
import { isOriginal, type Recipe } from '../compression/recipe';
import type { PairSide } from './settings';
import type { ProjectState } from './state';

/** The plan of one side: what is measured and repaired of it. */
export interface SidePlan {
  readonly recipe: Recipe;
  readonly isOriginal: boolean;
  /** Share of the original MACs. */
  readonly achieved: number;
  /** The method that proposed it. */
  readonly method: string;
}

/**
 * Whose plans people wait for, in this order: the chosen method, the two that are compared, and the winners of races.
 * Their plans are repaired without being asked for.
 */
export function waitedFor({ document }: ProjectState): readonly PairSide[] {
  const { method, pair } = document.settings;
  return [...new Set([method, ...pair, ...racedMethods().map(({ id }) => id)])];
}

/** Every side that there is, those that people wait for first: what is done with plans is done in this order. */
export function inOrderOfWaiting(state: ProjectState): readonly PairSide[] {
  return [...new Set([...waitedFor(state), ...methods.all.map(({ id }) => id)])];
}

/** The plan of a side at the present target, or the one that was saved; null where there is none. */
export function planOfSide({ completed, document, network }: ProjectState, side: PairSide): SidePlan | null {
  const macs = network?.summary.macs ?? 1;
  if (side === 'saved') {
    const { saved } = document;
    if (!saved) return null;
    const { recipe, method, costs } = saved;
    return { recipe, method, achieved: costs.macs / macs, isOriginal: isOriginal(recipe) };
  }
  const planned = completed?.plans[side];
  if (!planned) return null;
  const { recipe, plan } = planned;
  return { recipe, method: side, achieved: plan.costs.macs / macs, isOriginal: planned.isOriginal };
}

/** How a side is called. */
export function nameOfSide(side: PairSide): string {
  return side === 'saved' ? 'the saved plan' : methods.get(side).label;
}
