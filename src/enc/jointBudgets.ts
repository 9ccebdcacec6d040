import { mapCosts, risingChoices, type Budget } from './costs';
import { lagrangeBound } from './lagrangeBound';
import { planOfChoices, type Plan } from './plan';
import { costOfChoices, type SelectionProblem } from './problem';

/** Name of the cost that stands for several. */
const joint = 'joint';
/** Weights are counted in as many steps. */
const weightSum = 64;
/** Plans that are looked through, best first. */
const mostPlans = 2000;

/** Finds the best plans of a problem within one budget, best first. */
type SearchWithin = (problem: SelectionProblem, budget: Budget, count: number) => readonly Plan[];

/** A plan under several budgets. */
export interface JointPlan extends Plan {
  /**
   * No plan within the budgets has a sum of values greater by more than this: a Lagrangian bound on the weighted sum of
   * the budgets, which is greater than what any plan reaches by the part of a choice.
   */
  readonly gap: number;
}

/**
 * The best plans within several budgets, by a sum of values over layers.
 *
 * Whatever is within every budget is within their weighted sum (a surrogate constraint), so the best plans within the
 * sum are looked through in their order, and the first that keep every budget are the best of all, where each cost
 * rises from choice to choice. The weights that leave least to look through are found by bisection: where what is
 * worth most under the sum exceeds one budget by more than the other, that one's weight is too small. Two budgets have
 * one weight; of more, all but the first share theirs.
 *
 * @param budgets at least two
 * @param values of every choice of every layer
 * @param search finds the best plans of a problem within one budget, best first
 * @returns in their order; none where nothing that was looked through keeps every budget
 */
export function plansWithinAll(
  problem: SelectionProblem,
  budgets: readonly Budget[],
  values: readonly Float64Array[],
  count: number,
  search: SearchWithin,
): readonly JointPlan[] {
  const { weight, bound } = bestWeight(problem, budgets, values);
  const at = (own: number, some: number) => {
    const stated = jointProblem(problem, budgets, own);
    return search(stated.problem, stated.budget, some).map(({ choices, method }) =>
      planOfChoices(problem, method, budgets[0], choices, budgets.slice(1)),
    );
  };
  const withGap = (plan: Plan): JointPlan => {
    const value = values.reduce((sum, own, layer) => sum + own[plan.choices[layer]], 0);
    return { ...plan, gap: Math.max(0, bound - value) };
  };
  for (let some = Math.max(16, count); ; some = Math.min(mostPlans, 8 * some)) {
    const plans = at(weight, some);
    const kept = plans.filter(({ reached }) => reached).slice(0, count);
    if (kept.length < count && plans.length === some && some < mostPlans) continue;
    return (kept.length > 0 ? kept : elsewhere(at)).map(withGap);
  }
}

/** The first plan that keeps every budget under any weight: one choice of a large layer may leave none near the best. */
function elsewhere(at: (weight: number, some: number) => readonly Plan[]): readonly Plan[] {
  for (let weight = 0; weight <= weightSum; weight += 4) {
    const found = at(weight, 64).find(({ reached }) => reached);
    if (found) return [found];
  }
  return [];
}

/** The weight of the first budget, 0 to `weightSum`, and the least of the bounds that were drawn on the way there. */
function bestWeight(
  problem: SelectionProblem,
  budgets: readonly Budget[],
  values: readonly Float64Array[],
): { readonly weight: number; readonly bound: number } {
  let [low, high, bound] = [0, weightSum, Infinity];
  while (low < high) {
    const middle = (low + high) >> 1;
    const own = boundAt(jointProblem(problem, budgets, middle), values);
    bound = Math.min(bound, own.value);
    const costs = costOfChoices(problem, own.favourites);
    const [first, ...others] = budgets.map(({ cost, share }) => costs[cost] / (share * problem.totals[cost]));
    if (others.some((other) => other > first)) high = middle;
    else low = middle + 1;
  }
  return { weight: low, bound: Math.min(bound, boundAt(jointProblem(problem, budgets, low), values).value) };
}

/** What no plan within the weighted sum is worth more than, and the choices that are worth most at its price. */
function boundAt(
  { problem, budget }: { readonly problem: SelectionProblem; readonly budget: Budget },
  values: readonly Float64Array[],
): { readonly value: number; readonly favourites: Int32Array } {
  const { layers, totals, keptCosts } = problem;
  const rising = layers.map(({ costs }) => risingChoices(costs[joint]));
  const picked = (own: Float64Array, layer: number) =>
    Float64Array.from(rising[layer], (choice) => own[choice]);
  const bound = lagrangeBound(
    layers.map(({ costs }, layer) => picked(costs[joint], layer)),
    values.map(picked),
    budget.share * totals[joint] * (1 + 1e-12) - keptCosts[joint],
  );
  return { value: bound.value, favourites: bound.favourites.map((choice, layer) => rising[layer][choice]) };
}

/** The problem with one cost more: every budget's, each as a share of what it allows, weighted. */
function jointProblem(
  problem: SelectionProblem,
  budgets: readonly Budget[],
  weight: number,
): { readonly problem: SelectionProblem; readonly budget: Budget } {
  const weights = wholeWeights(
    budgets.map(({ cost, share }, index) => {
      const own = index === 0 ? weight : (weightSum - weight) / (budgets.length - 1);
      return own / Math.max(share * problem.totals[cost], Number.MIN_VALUE);
    }),
  );
  const sum = (value: (cost: string) => number) =>
    budgets.reduce((total, { cost }, index) => total + weights[index] * value(cost), 0);
  const layers = problem.layers.map((layer) => {
    const own = Float64Array.from(layer.ranks, (_, choice) => sum((cost) => layer.costs[cost][choice]));
    return { ...layer, costs: { ...layer.costs, [joint]: own } };
  });
  const total = sum((cost) => problem.totals[cost]);
  const allowed = budgets.reduce(
    (all, { cost, share }, index) => all + weights[index] * share * problem.totals[cost],
    0,
  );
  return {
    problem: {
      ...problem,
      layers,
      keptCosts: { ...problem.keptCosts, [joint]: sum((cost) => problem.keptCosts[cost]) },
      totals: { ...problem.totals, [joint]: total },
    },
    budget: { cost: joint, share: allowed / total },
  };
}

/** Weights in nearly the same proportion that are whole numbers, so that sums of whole costs are exact. */
function wholeWeights(weights: readonly number[]): readonly number[] {
  const least = weights.reduce((min, weight) => (weight > 0 ? Math.min(min, weight) : min), Infinity);
  return weights.map((weight) => Math.round((4 * weight) / least));
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
