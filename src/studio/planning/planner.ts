import { choiceQualities, wholeQuality, type Curve } from '../../enc/curve';
import { encMapLadder } from '../../enc/encMap';
import { planAtTarget, type LevelLadder } from '../../enc/levels';
import { ranksKey, type Method, type Plan } from '../../enc/plan';
import { selectionProblem, type SelectionProblem } from '../../enc/problem';
import { uniformLadder } from '../../enc/uniform';
import type { NetworkSummary } from '../../../workers/protocol/service';
import type { LayerDescription } from '../../network/layers';

/** What a person decided about single layers: true cuts it, false keeps it; absent means the default. */
export type LayerOverrides = Readonly<Record<string, boolean>>;

/** Everything that plans need and that no target changes; built once per set of curves and overrides. */
export interface Planner {
  readonly problem: SelectionProblem;
  /** Quality of every choice of every layer; null until the last curve is there. */
  readonly qualities: readonly Float64Array[] | null;
  readonly ladders: Readonly<Partial<Record<Method, LevelLadder>>>;
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
): Planner {
  const problem = selectionProblem(network.layers, network, (layer) => isIncluded(layer, overrides));
  const uniform = uniformLadder(problem);
  if (!problem.layers.every((layer) => curves.has(layer.name))) {
    return { problem, qualities: null, ladders: { uniform } };
  }
  const qualities = choiceQualities(problem, curves);
  return { problem, qualities, ladders: { uniform, map: encMapLadder(problem, curves) } };
}

/** Every method's plan at one target: cheap enough for every frame of a drag. */
export function plansAt(planner: Planner, target: number): Plans {
  const plans: Partial<Record<Method, PlannedMethod>> = {};
  for (const [method, ladder] of Object.entries(planner.ladders) as [Method, LevelLadder][]) {
    const plan = planAtTarget(ladder, method, target);
    const predicted = planner.qualities && wholeQuality(planner.qualities, plan.choices);
    plans[method] = { plan, key: ranksKey(plan.ranks), predicted };
  }
  return plans;
}
