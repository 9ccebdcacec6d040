import type { Ranks } from '../network/layers';
import type { Budget, PerCost } from './costs';
import { costOfChoices, ranksOfChoices, type SelectionProblem } from './problem';

/** Id of a selection method (see src/compression/methods). */
export type Method = string;

/** A method's answer to one budget. */
export interface Plan {
  readonly method: Method;
  /** What was asked for. */
  readonly budget: Budget;
  /** Share of the budget's cost that the chosen ranks take. */
  readonly achieved: number;
  /** What the network costs under the chosen ranks. */
  readonly costs: PerCost<number>;
  /** Whether the budget was met; false where even the cheapest choice of every layer costs more. */
  readonly reached: boolean;
  /** A rank, or null for "keep original", for every layer that may be cut, in network order. */
  readonly ranks: Ranks;
  /** The choice per layer of the problem, for predictions. */
  readonly choices: Int32Array;
}

/** Turns one choice per layer into a plan. */
export function planOfChoices(
  problem: SelectionProblem,
  method: Method,
  budget: Budget,
  choices: Int32Array,
): Plan {
  const costs = costOfChoices(problem, choices);
  const [spent, total] = [costs[budget.cost], problem.totals[budget.cost]];
  return {
    method,
    budget,
    achieved: spent / total,
    costs,
    reached: spent <= budget.share * total * (1 + 1e-12),
    ranks: ranksOfChoices(problem, choices),
    choices,
  };
}

/** A text that two sets of ranks share exactly where they describe the same network. */
export function ranksKey(ranks: Ranks): string {
  return Object.entries(ranks)
    .filter(([, rank]) => rank !== null)
    .map(([layer, rank]) => `${layer}=${rank}`)
    .sort()
    .join(';');
}
