import type { Ranks } from '../network/layers';
import type { Budget, PerCost } from './costs';
import { costOfChoices, ranksOfChoices, type SelectionProblem } from './problem';

/** Id of a selection method (see src/compression/methods). */
export type Method = string;

/** A method's answer to one budget. */
export interface Plan {
  readonly method: Method;
  /** What was asked for; the first where several budgets are held at once. */
  readonly budget: Budget;
  /** The other budgets that are held; absent for none. */
  readonly others?: readonly Budget[];
  /** Share of the budget's cost that the chosen ranks take. */
  readonly achieved: number;
  /** What the network costs under the chosen ranks. */
  readonly costs: PerCost<number>;
  /** Whether every budget was met; false where even the cheapest choices cost more. */
  readonly reached: boolean;
  /** A rank, or null for "keep original", for every layer that may be cut, in network order. */
  readonly ranks: Ranks;
  /** The choice per layer of the problem, for predictions. */
  readonly choices: Int32Array;
  /**
   * No plan within the budgets has a sum of values (logarithms of qualities) greater by more than this, as far as a
   * bound proves it; absent where nothing is better, or where nothing was searched for.
   */
  readonly gap?: number;
}

/** Whether costs are within a budget. */
export function isWithin(
  { totals }: SelectionProblem,
  costs: PerCost<number>,
  { cost, share }: Budget,
): boolean {
  return costs[cost] <= share * totals[cost] * (1 + 1e-12);
}

/** Turns one choice per layer into a plan. */
export function planOfChoices(
  problem: SelectionProblem,
  method: Method,
  budget: Budget,
  choices: Int32Array,
  others: readonly Budget[] = [],
): Plan {
  const costs = costOfChoices(problem, choices);
  return {
    method,
    budget,
    ...(others.length > 0 ? { others } : {}),
    achieved: costs[budget.cost] / problem.totals[budget.cost],
    costs,
    reached: [budget, ...others].every((own) => isWithin(problem, costs, own)),
    ranks: ranksOfChoices(problem, choices),
    choices,
  };
}

/** A text that two sets of ranks share exactly where they describe the same network. */
export function ranksKey(ranks: Ranks): string {
  return (
    Object.entries(ranks)
      .filter(([, rank]) => rank !== null)
      // As JSON writes it: a name may hold whatever stands between.
      .map(([layer, rank]) => `${JSON.stringify(layer)}=${rank}`)
      .sort()
      .join(';')
  );
}
