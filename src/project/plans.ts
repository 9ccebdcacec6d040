import { methods } from '../compression/methods';
import { hasCurves, qualitiesOf, type SelectionInputs } from '../compression/methods/inputs';
import { plansAt as curvePlansAt } from '../compression/planning';
import { isOriginal, lowRankRecipe, type Recipe } from '../compression/recipe';
import type { Budget, CostName } from '../enc/costs';
import { wholeQuality, type Curve } from '../enc/curve';
import { isWithin, type Plan } from '../enc/plan';
import { costOfChoices, type SelectionProblem } from '../enc/problem';
import type { Factorisation } from '../network/layers';
import type { NetworkSummary } from '../../workers/protocol/summaries';
import { ownValue } from '../network/ownValue';

/** The curves that plans are made from and charts draw. */
export interface ShownCurves {
  /** Id of the metric that they are drawn by in the end. */
  readonly metric: string;
  readonly curves: ReadonlyMap<string, Curve>;
  /** Layers that went into it with points of their own; the others are carried over from energy. */
  readonly measured: ReadonlySet<string>;
}

/** Everything that plans need and that no target changes. */
export interface Planner {
  readonly problem: SelectionProblem;
  readonly inputs: SelectionInputs;
  /** Name of the cost that targets are shares of. */
  readonly cost: CostName;
  /** Budgets on other costs that every plan keeps. */
  readonly others: readonly Budget[];
  /** Whether every layer that may be cut has its curve, so that methods which go by curves can plan. */
  readonly isComplete: boolean;
  readonly network: string;
  readonly factorisationOf: (layer: string) => Factorisation;
}

/** A plan with what is said about it before anything is measured. */
export interface PlannedMethod {
  readonly plan: Plan;
  /** The compressed network that it states, truncated; `recipeKey` names it. */
  readonly recipe: Recipe;
  /** Whether it cuts nothing. */
  readonly isOriginal: boolean;
  /** Predicted quality of the whole network by the metric's curves, 0 to 1; null while curves are missing. */
  readonly predicted: number | null;
}

/** By the method's id. */
export type Plans = Readonly<Record<string, PlannedMethod>>;

/** @param given the problem, and the curves that methods go by */
export function createPlanner(
  { fingerprint, layers }: Pick<NetworkSummary, 'fingerprint' | 'layers'>,
  { problem, inputs, cost, others }: Pick<Planner, 'problem' | 'inputs' | 'cost' | 'others'>,
): Planner {
  const factorisations = new Map(layers.map(({ name, factorisation }) => [name, factorisation]));
  return {
    problem,
    inputs,
    cost,
    others,
    isComplete: hasCurves(problem, inputs, cost),
    network: fingerprint,
    factorisationOf: (layer) => factorisations.get(layer) ?? 'spatial',
  };
}

/** The plan of every method that goes by curves alone, at one target: cheap enough for every frame of a drag. */
export function plansAt(planner: Planner, target: number): Plans {
  const { problem, inputs } = planner;
  const plans = curvePlansAt(problem, inputs, budgetsAt(planner, target));
  return Object.fromEntries(Object.entries(plans).map(([id, plan]) => [id, plannedOf(planner, plan)]));
}

/** What plans are held to at a target. */
export function budgetsAt({ cost, others }: Planner, target: number): readonly Budget[] {
  return [{ cost, share: target }, ...others];
}

/** The best plans of a method at a target, best first; none before it can plan. */
export function plansOf(
  planner: Planner,
  method: string,
  target: number,
  count: number,
): readonly PlannedMethod[] {
  const { problem, inputs, isComplete } = planner;
  const entry = methods.get(method);
  if (entry.needs.curves && !isComplete) return [];
  return entry
    .plans(problem, inputs, budgetsAt(planner, target), count)
    .map((plan) => plannedOf(planner, plan));
}

/** A plan with the recipe that it states and what is predicted of it. */
export function plannedOf(
  { problem, inputs, isComplete, network, factorisationOf }: Planner,
  plan: Plan,
): PlannedMethod {
  const recipe = lowRankRecipe(network, plan.ranks, factorisationOf);
  const predicted = isComplete
    ? wholeQuality(qualitiesOf(problem, inputs, plan.budget.cost), plan.choices)
    : null;
  return { plan, recipe, isOriginal: isOriginal(recipe), predicted };
}

/** The choices that a recipe is of a planner's problem; null where it cuts otherwise than that can. */
export function choicesOfRecipe(
  { problem: { layers }, factorisationOf }: Planner,
  recipe: Recipe,
): Int32Array | null {
  const names = new Set(layers.map(({ name }) => name));
  if (Object.keys(recipe.layers).some((name) => !names.has(name))) return null;
  const choices = Int32Array.from(layers, ({ name, ranks }) => {
    const choice = ownValue(recipe.layers, name);
    if (choice?.kind !== 'low-rank') return ranks.indexOf(null);
    return choice.factorisation === factorisationOf(name) ? ranks.indexOf(choice.rank) : -1;
  });
  return choices.every((choice) => choice >= 0) ? choices : null;
}

/** Whether a plan that was made before is one that the planner could make at a target: within every limit and budget. */
export function isAllowed(planner: Planner, target: number, { recipe, plan }: PlannedMethod): boolean {
  const { problem } = planner;
  const choices = choicesOfRecipe(planner, recipe);
  if (!choices) return false;
  // Of a plan that met nothing it is known that there was nothing better.
  if (!plan.reached) return true;
  const costs = costOfChoices(problem, choices);
  return budgetsAt(planner, target).every((budget) => isWithin(problem, costs, budget));
}
