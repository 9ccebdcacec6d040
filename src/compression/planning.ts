import type { Budget, NetworkTotals } from '../enc/costs';
import { wholeQuality } from '../enc/curve';
import type { Plan } from '../enc/plan';
import { selectionProblem, type ProblemOptions, type SelectionProblem } from '../enc/problem';
import type { LayerDescription } from '../network/layers';
import { isIncluded, type LayerOverrides } from './inclusion';
import { curveMethods } from './methods';
import { energiesOf, hasCurves, qualitiesOf, type SelectionInputs } from './methods/inputs';
import type { SelectionMethod } from './methods/method';
import { firstMetric, metrics } from './metrics';

/** A share of the original's multiply-accumulates. */
export function macsBudget(share: number): Budget {
  return { cost: 'macs', share };
}

/** The selection problem of a network, with the defaults changed as a person decided. */
export function problemOf(
  network: NetworkTotals & { readonly layers: readonly LayerDescription[] },
  overrides: LayerOverrides,
  options: ProblemOptions = {},
): SelectionProblem {
  return selectionProblem(network.layers, network, (layer) => isIncluded(layer, overrides), options);
}

/** Whether a method can plan already: where it goes by curves, once the last one is there. */
export function canPlan(
  { needs }: SelectionMethod,
  problem: SelectionProblem,
  inputs: SelectionInputs,
  { cost }: Budget,
): boolean {
  return !needs.curves || hasCurves(problem, inputs, cost);
}

/**
 * The plan of every method that looks at curves alone and can plan already, by the method's id, in the order of the
 * registry: cheap enough for every frame of a drag.
 */
export function plansAt(
  problem: SelectionProblem,
  inputs: SelectionInputs,
  budgets: readonly Budget[],
): Readonly<Record<string, Plan>> {
  const able = curveMethods().filter((method) => canPlan(method, problem, inputs, budgets[0]));
  return Object.fromEntries(
    able.flatMap((method) => {
      const [plan] = method.plans(problem, inputs, budgets, 1);
      return plan ? [[method.id, plan]] : [];
    }),
  );
}

/**
 * Qualities of the whole network that curves predict for a plan, by the metric's id: energy, and all that go by the
 * same curves as the metric that drives the methods.
 */
export function predictedQualities(
  plan: Plan,
  problem: SelectionProblem,
  inputs: SelectionInputs,
): Readonly<Record<string, number>> {
  const { cost } = plan.budget;
  const { achieved, choices } = plan;
  const energy = wholeQuality(energiesOf(problem, inputs, cost), choices);
  const own = wholeQuality(qualitiesOf(problem, inputs, cost), choices);
  const { draws } = metrics.get(inputs.metric);
  const told = metrics.all.filter((metric) => metric.draws === draws && !metric.needs.refit);
  return Object.fromEntries([
    [firstMetric, energy],
    ...told.map((metric): [string, number] => [metric.id, metric.whole({ own, energy, achieved })]),
  ]);
}
