import type { LayerOverrides } from '../../../compression/inclusion';
import { hasCurves, qualitiesOf, type SelectionInputs } from '../../../compression/methods/inputs';
import { macsBudget, plansAt as allPlansAt, problemOf } from '../../../compression/planning';
import { wholeQuality } from '../../../enc/curve';
import { ranksKey, type Method, type Plan } from '../../../enc/plan';
import type { SelectionProblem } from '../../../enc/problem';
import type { NetworkSummary } from '../../../../workers/protocol/summaries';

/** Everything that plans need and that no target changes; built once per set of curves and overrides. */
export interface Planner {
  readonly problem: SelectionProblem;
  readonly inputs: SelectionInputs;
  /** Quality of every choice of every layer; null until the last curve is there. */
  readonly qualities: readonly Float64Array[] | null;
}

/** A plan with what the page says about it before anything is measured. */
export interface PlannedMethod {
  readonly plan: Plan;
  /** A text shared by plans that describe the same network. */
  readonly key: string;
  /** Predicted quality A_p of the whole network, 0 to 1; null while curves are missing. */
  readonly predicted: number | null;
}

export type Plans = Readonly<Record<Method, PlannedMethod>>;

/** States the problem and, once every layer that may be cut has its curve, the qualities of its choices. */
export function createPlanner(
  network: NetworkSummary,
  inputs: SelectionInputs,
  overrides: LayerOverrides,
): Planner {
  const problem = problemOf(network, overrides);
  const { cost } = macsBudget(1);
  const qualities = hasCurves(problem, inputs, cost) ? qualitiesOf(problem, inputs, cost) : null;
  return { problem, inputs, qualities };
}

/** Every method's plan at one target that needs no images: cheap enough for every frame of a drag. */
export function plansAt(planner: Planner, target: number): Plans {
  const plans = allPlansAt(planner.problem, planner.inputs, macsBudget(target));
  return Object.fromEntries(
    Object.entries(plans).map(([method, plan]) => [method, plannedOf(planner, plan)]),
  );
}

/** A plan with its key and what is predicted of it. */
export function plannedOf({ qualities }: Planner, plan: Plan): PlannedMethod {
  return { plan, key: ranksKey(plan.ranks), predicted: qualities && wholeQuality(qualities, plan.choices) };
}
