import { mapCosts, type Budget } from './costs';
import { jointSearch } from './jointSearch';
import { isWithin, planOfChoices, type Method, type Plan } from './plan';
import { costOfChoices, type SelectionProblem } from './problem';

/** A plan under several budgets. */
export interface JointPlan extends Plan {
  /**
   * No plan within the budgets has a sum of values greater by more than this: 0 where everything was looked at, else
   * what is left to a Lagrangian bound, which is greater than what any plan reaches by the part of a choice.
   */
  readonly gap: number;
}

/**
 * The best plans within several budgets, by a sum of values over layers.
 *
 * @param budgets at least two; of more, all but the first are searched as one, and each is kept
 * @param values of every choice of every layer; they never fall within a layer
 * @returns best first; none where nothing that was looked at keeps every budget
 */
export function plansWithinAll(
  problem: SelectionProblem,
  method: Method,
  budgets: readonly Budget[],
  values: readonly Float64Array[],
  count: number,
): readonly JointPlan[] {
  const [first, ...others] = budgets;
  const allowed = (budget: Budget) =>
    budget.share * problem.totals[budget.cost] * (1 + 1e-12) - problem.keptCosts[budget.cost];
  const second = others.length === 1 ? others[0] : null;
  const weights = others.map((budget) => (second ? 1 : 1 / Math.max(allowed(budget), Number.MIN_VALUE)));
  const sum = (of: (budget: Budget) => number) =>
    others.reduce((total, budget, index) => total + weights[index] * of(budget), 0);
  const ofOthers = (costs: (cost: string) => Float64Array) =>
    second
      ? costs(second.cost)
      : costs(first.cost).map((_, choice) => sum(({ cost }) => costs(cost)[choice]));
  const isKept = (choices: Int32Array) => {
    const costs = costOfChoices(problem, choices);
    return budgets.every((budget) => isWithin(problem, costs, budget));
  };
  const { answers, bound } = jointSearch(
    {
      values,
      costs: [
        problem.layers.map(({ costs }) => costs[first.cost]),
        problem.layers.map(({ costs }) => ofOthers((cost) => costs[cost])),
      ],
      limits: [allowed(first), sum(allowed)],
    },
    count,
    isKept,
  );
  return answers.map(({ choices, value }) => ({
    ...planOfChoices(problem, method, first, choices, others),
    gap: Math.max(0, bound - value),
  }));
}

/** A problem of some of another one's choices. */
export interface Part {
  readonly problem: SelectionProblem;
  /** Position of each layer's first choice in the whole problem. */
  readonly low: Int32Array;
}

/** The part of a problem between two choices of every layer, in whichever order they are. */
export function partBetween(problem: SelectionProblem, one: Int32Array, other: Int32Array): Part {
  const low = one.map((choice, layer) => Math.min(choice, other[layer]));
  const layers = problem.layers.map((layer, index) => {
    const end = Math.max(one[index], other[index]) + 1;
    return {
      ...layer,
      ranks: layer.ranks.slice(low[index], end),
      costs: mapCosts(layer.costs, (own) => own.slice(low[index], end)),
    };
  });
  return { problem: { ...problem, layers }, low };
}
