import type { Budget } from '../enc/costs';
import type { Curve } from '../enc/curve';
import { encMapLadder } from '../enc/encMap';
import { planAtTarget } from '../enc/levels';
import type { SelectionProblem } from '../enc/problem';
import type { MeasuredPoint, SweepLayer } from '../enc/sweep/points';
import type { NearRanks } from '../enc/sweep/timed';
import { metrics } from './metrics';

/** The budget that plans are made for while their curves are measured. */
export interface PlannedFor {
  readonly problem: SelectionProblem;
  readonly budget: Budget;
  /** Id of the metric that the curves are drawn by. */
  readonly metric: string;
  /** Energy curves of all layers. */
  readonly energy: ReadonlyMap<string, Curve>;
}

/**
 * The ranks that plans give the layers by what is measured so far, those of ENC-Map: other methods look around them.
 *
 * @param layers that are measured
 */
export function ranksNear(
  { problem, budget, metric, energy }: PlannedFor,
  layers: readonly SweepLayer[],
  points: Iterable<MeasuredPoint>,
): NearRanks {
  const { curves } = metrics.get(metric).curves(layers, points, energy);
  const plan = planAtTarget(encMapLadder(problem, budget.cost, curves), 'map', budget.share);
  return new Map(Object.entries(plan.ranks));
}
