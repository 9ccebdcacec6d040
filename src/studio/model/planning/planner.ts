import { choiceQualities, wholeQuality, type Curve } from '../../../enc/curve';
import { encMapLadder } from '../../../enc/encMap';
import { encModelPlans, paperSpace, type ModelSpace } from '../../../enc/encModel';
import { planAtTarget, type LevelLadder } from '../../../enc/levels';
import { ranksKey, type Method, type Plan } from '../../../enc/plan';
import { selectionProblem, type SelectionProblem } from '../../../enc/problem';
import { uniformLadder } from '../../../enc/uniform';
import type { NetworkSummary } from '../../../../workers/protocol/service';
import type { LayerDescription } from '../../../network/layers';

/** What a person decided about single layers: true cuts it, false keeps it; absent means the default. */
export type LayerOverrides = Readonly<Record<string, boolean>>;

/** Everything that plans need and that no target changes; built once per set of curves and overrides. */
export interface Planner {
  readonly problem: SelectionProblem;
  /** Quality of every choice of every layer; null until the last curve is there. */
  readonly qualities: readonly Float64Array[] | null;
  readonly ladders: Readonly<Partial<Record<'uniform' | 'map', LevelLadder>>>;
  /** Where ENC-Model looks. */
  readonly space: ModelSpace;
}

/** A plan with what the page says about it before anything is measured. */
export interface PlannedMethod {
  readonly plan: Plan;
  /** A text shared by plans that describe the same network. */
  readonly key: string;
  /** Predicted quality A_p of the whole network, 0 to 1; null while curves are missing. */
  readonly predicted: number | null;
}

export type Plans = Readonly<Partial<Record<Method, PlannedMethod>>>;

/** Whether rank selection may cut the layer. */
export function isIncluded(layer: LayerDescription, overrides: LayerOverrides): boolean {
  return layer.kept === null && (overrides[layer.name] ?? layer.keptByDefault === null);
}

/**
 * Builds the ladders that the curves allow: Uniform needs none, ENC-Map those of every layer that may be cut.
 */
export function createPlanner(
  network: NetworkSummary,
  curves: ReadonlyMap<string, Curve>,
  overrides: LayerOverrides,
  space: ModelSpace = paperSpace,
): Planner {
  const problem = selectionProblem(network.layers, network, (layer) => isIncluded(layer, overrides));
  const uniform = uniformLadder(problem);
  if (!problem.layers.every((layer) => curves.has(layer.name))) {
    return { problem, qualities: null, ladders: { uniform }, space };
  }
  const qualities = choiceQualities(problem, curves);
  return { problem, qualities, ladders: { uniform, map: encMapLadder(problem, curves) }, space };
}

/** Every method's plan at one target: cheap enough for every frame of a drag. */
export function plansAt(planner: Planner, target: number): Plans {
  const plans: Partial<Record<Method, PlannedMethod>> = {};
  const { uniform, map } = planner.ladders;
  if (uniform) plans.uniform = plannedOf(planner, planAtTarget(uniform, 'uniform', target));
  if (map) {
    const plan = planAtTarget(map, 'map', target);
    plans.map = plannedOf(planner, plan);
    // Where nothing costs as little as the target, ENC-Map's plan is the least there is, and says so.
    plans.model = plannedOf(planner, bestPlans(planner, target, 1)[0] ?? { ...plan, method: 'model' });
  }
  return plans;
}

/** The best plans of ENC-Model, best first; none where nothing costs as little as the target. */
export function bestPlans({ ladders, qualities, space }: Planner, target: number, count: number): Plan[] {
  return ladders.map && qualities ? encModelPlans(ladders.map, qualities, target, space, count) : [];
}

/** A plan with its key and what is predicted of it. */
export function plannedOf({ qualities }: Planner, plan: Plan): PlannedMethod {
  return { plan, key: ranksKey(plan.ranks), predicted: qualities && wholeQuality(qualities, plan.choices) };
}
