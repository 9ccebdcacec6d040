import { risingChoices, type Budget, type CostName } from './costs';
import { planOfChoices, type Method, type Plan } from './plan';
import { costOfChoices, type SelectionProblem } from './problem';

/**
 * A ladder of all upgrades in the order in which a common quality level rises. Building it once per set of
 * curves and cost makes a plan for any target one walk over the ladder.
 */
export interface LevelLadder {
  readonly problem: SelectionProblem;
  /** What plans are held to. */
  readonly cost: CostName;
  /** Cheapest choice of every layer. */
  readonly first: Int32Array;
  /** Layer that each step upgrades, in the order of rising level. */
  readonly layerOfStep: Int32Array;
  /** The choice that each step takes its layer to. */
  readonly choiceOfStep: Int32Array;
  /** What each step adds to the cost. */
  readonly costOfStep: Float64Array;
  /** What the network costs with every layer at its first choice. */
  readonly minCost: number;
}

/**
 * The levels at which each layer leaves its choices, when the curve is inverted between the choices and the
 * answer rounded to the nearest: half-way between the qualities of a choice and of the next.
 *
 * @param qualities of every choice of every layer, never falling within a layer
 */
export function leavingLevels(qualities: readonly Float64Array[]): readonly Float64Array[] {
  return qualities.map((quality) =>
    quality.map((value, choice) => (value + (quality[choice + 1] ?? value)) / 2),
  );
}

/** Ranks below this share of r_max are given out last, as in the authors' programs. */
const minShare = 0.1;

/**
 * Levels under which no layer falls below a tenth of its r_max while others have ranks to lose: quality says
 * little there, since errors of several layers no longer add up. Only where the target asks for still less do
 * all layers go further down, in the order of their levels.
 *
 * @param levels at least −1 each, per layer and choice, never falling within a layer
 */
export function withRankFloor(
  { layers }: SelectionProblem,
  levels: readonly Float64Array[],
): readonly Float64Array[] {
  return layers.map(({ ranks, rankMax }, index) =>
    levels[index].map((level, choice) => {
      const rank = ranks[choice];
      const isBelow = rank !== null && rank < minShare * rankMax;
      return isBelow ? level - belowFloor : level;
    }),
  );
}

/** Farther than any two levels lie apart, so that steps below the floor come before all others. */
const belowFloor = 4;

/**
 * @param cost the cost that plans are held to; choices that it makes pointless are passed over
 * @param levels per layer and choice, the level above which the layer needs its next choice; never falling
 */
export function levelLadder(
  problem: SelectionProblem,
  cost: CostName,
  levels: readonly Float64Array[],
): LevelLadder {
  const rising = problem.layers.map(({ costs }) => risingChoices(costs[cost]));
  const steps = problem.layers.flatMap((layer, index) =>
    stepsOf(layer.costs[cost], rising[index], levels[index], index),
  );
  // Array.prototype.sort is stable: ties keep the network's order, and choices of a layer stay in sequence.
  steps.sort((a, b) => a.level - b.level);
  const first = Int32Array.from(rising, (choices) => choices[0]);
  return {
    problem,
    cost,
    first,
    layerOfStep: Int32Array.from(steps, (step) => step.layer),
    choiceOfStep: Int32Array.from(steps, (step) => step.choice),
    costOfStep: Float64Array.from(steps, (step) => step.cost),
    minCost: costOfChoices(problem, first)[cost],
  };
}

interface LadderStep {
  readonly level: number;
  readonly layer: number;
  readonly choice: number;
  readonly cost: number;
}

/** The upgrades of one layer, from each choice that is worth its cost to the next. */
function stepsOf(
  cost: Float64Array,
  rising: Int32Array,
  levels: Float64Array,
  layer: number,
): readonly LadderStep[] {
  return Array.from(rising.subarray(1), (choice, index) => ({
    level: levels[rising[index]],
    layer,
    choice,
    cost: cost[choice] - cost[rising[index]],
  }));
}

/**
 * The plan at the highest common level whose cost meets the target; what rounding left over then goes to the
 * layers whose turn would come next, as long as their step fits.
 *
 * @param target share of what the original network costs by the ladder's cost, 0 to 1
 * @param others budgets on other costs that no step may exceed
 */
export function planAtTarget(
  ladder: LevelLadder,
  method: Method,
  target: number,
  others: readonly Budget[] = [],
): Plan {
  const { problem, cost, layerOfStep, choiceOfStep, costOfStep } = ladder;
  const choices = ladder.first.slice();
  const isStuck = new Uint8Array(problem.layers.length);
  // Sums of whole costs are exact in float64; the tolerance covers target · total only.
  let left = target * problem.totals[cost] * (1 + 1e-12) - ladder.minCost;
  const further = others.map((budget) => new BudgetLeft(problem, budget, choices));
  for (let step = 0; step < layerOfStep.length; step++) {
    const layer = layerOfStep[step];
    const [from, to] = [choices[layer], choiceOfStep[step]];
    if (isStuck[layer]) continue;
    if (costOfStep[step] > left || further.some((own) => !own.allows(layer, from, to))) {
      isStuck[layer] = 1;
      continue;
    }
    choices[layer] = to;
    left -= costOfStep[step];
    for (const own of further) own.spend(layer, from, to);
  }
  return planOfChoices(problem, method, { cost, share: target }, choices, others);
}

/** What a walk over a ladder may still spend of a budget that the ladder was not built for. */
class BudgetLeft {
  private left: number;

  constructor(
    private readonly problem: SelectionProblem,
    private readonly budget: Budget,
    first: Int32Array,
  ) {
    const { cost, share } = budget;
    this.left = share * problem.totals[cost] * (1 + 1e-12) - costOfChoices(problem, first)[cost];
  }

  /** A step that costs nothing is taken even where the first choices spend too much. */
  allows(layer: number, from: number, to: number): boolean {
    const cost = this.costOf(layer, from, to);
    return cost <= 0 || cost <= this.left;
  }

  spend(layer: number, from: number, to: number): void {
    this.left -= this.costOf(layer, from, to);
  }

  private costOf(layer: number, from: number, to: number): number {
    const costs = this.problem.layers[layer].costs[this.budget.cost];
    return costs[to] - costs[from];
  }
}

/**
 * The plan at the highest common level at which every budget is kept. What one budget makes pointless another may ask
 * for, so the walk is tried with each budget's ladder in turn until one of them keeps all.
 *
 * @param ladderOf the ladder of a cost
 * @param budgets at least one
 */
export function planWithin(
  ladderOf: (cost: CostName) => LevelLadder,
  method: Method,
  budgets: readonly Budget[],
): Plan {
  const [asked] = budgets;
  let last: Plan | null = null;
  for (const budget of budgets) {
    const rest = budgets.filter((own) => own !== budget);
    const ladder = ladderOf(budget.cost);
    const { choices } = planAtTarget(ladder, method, budget.share, rest);
    const plan = planOfChoices(ladder.problem, method, asked, choices, budgets.slice(1));
    if (plan.reached) return plan;
    last ??= plan;
  }
  return last!;
}
