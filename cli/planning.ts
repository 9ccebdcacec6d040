import { choiceQualities, type Curve, type Metric } from '../src/enc/curve';
import { encMapLadder } from '../src/enc/encMap';
import { encModelPlans, paperSpace, wholeSpace } from '../src/enc/encModel';
import { planAtTarget } from '../src/enc/levels';
import type { Plan } from '../src/enc/plan';
import { selectionProblem, type SelectionProblem } from '../src/enc/problem';
import { uniformLadder } from '../src/enc/uniform';
import { fail } from '../src/network/failure';
import type { LayerDescription } from '../src/network/layers';
import type { NetworkSummary } from '../workers/protocol/service';

/** Methods that the command line offers. */
export const methods = ['uniform', 'map', 'model'] as const;
export type MethodName = (typeof methods)[number];

/** Which layers to cut beside or against the defaults. */
export interface LayerOptions {
  /** Layers kept by default that may be cut all the same. */
  readonly include: readonly string[];
  /** Layers to keep. */
  readonly keep: readonly string[];
}

/** @throws FailureError `invalid-request` for a name that is no method's */
export function parseMethod(text: string): MethodName {
  return (
    methods.find((method) => method === text) ??
    fail('invalid-request', `--method: expected ${methods.join(' or ')}, found "${text}".`)
  );
}

/** Metrics that curves can be drawn by. */
export const metrics = ['energy', 'measured', 'divergence'] as const satisfies readonly Metric[];

/** @throws FailureError `invalid-request` for a name that is no metric's */
export function parseMetric(text: string): Metric {
  return (
    metrics.find((metric) => metric === text) ??
    fail('invalid-request', `--metric: expected ${metrics.join(', ')}, found "${text}".`)
  );
}

/** Which curves drive a plan. */
export interface CurveOptions {
  /** A file that `enc curves --out` wrote, or null for the energy curves. */
  readonly curves: string | null;
  /** null takes the file's. */
  readonly metric: Metric | null;
}

/** The selection problem of a network, with the defaults changed as asked. */
export function problemOf(network: NetworkSummary, { include, keep }: LayerOptions): SelectionProblem {
  const names = new Set(network.layers.map((layer) => layer.name));
  for (const name of [...include, ...keep]) {
    if (!names.has(name))
      fail('invalid-request', `${name}: the network has no layer of this name; see enc inspect.`);
  }
  const isIncluded = (layer: LayerDescription) =>
    !keep.includes(layer.name) && (layer.keptByDefault === null || include.includes(layer.name));
  return selectionProblem(network.layers, network, isIncluded);
}

/**
 * The plan of a method at a target.
 *
 * @param metric what the curves were drawn by: with divergence, ENC-Model searches every rank
 */
export function planFor(
  method: MethodName,
  target: number,
  problem: SelectionProblem,
  curves: ReadonlyMap<string, Curve>,
  metric: Metric,
): Plan {
  switch (method) {
    case 'uniform':
      return planAtTarget(uniformLadder(problem), 'uniform', target);
    case 'map':
      return planAtTarget(encMapLadder(problem, curves), 'map', target);
    case 'model':
      return modelPlans(target, problem, curves, metric, 1)[0]!;
  }
}

/** The best plans of ENC-Model, best first; at least one. */
export function modelPlans(
  target: number,
  problem: SelectionProblem,
  curves: ReadonlyMap<string, Curve>,
  metric: Metric,
  count: number,
): Plan[] {
  const ladder = encMapLadder(problem, curves);
  const space = metric === 'divergence' ? wholeSpace : paperSpace;
  const plans = encModelPlans(ladder, choiceQualities(problem, curves), target, space, count);
  // Where nothing costs as little as the target, ENC-Map's plan is the least there is, and says so.
  return plans.length > 0 ? plans : [{ ...planAtTarget(ladder, 'map', target), method: 'model' }];
}

/** A plan as the command line prints it. */
export interface PrintedPlan {
  readonly method: string;
  /** What the curves were drawn by; null where the method looks at none of ours. */
  readonly metric: Metric | null;
  readonly target: number;
  readonly achieved: number;
  readonly parametersShare: number;
  readonly reached: boolean;
  /** Qualities of the whole network, predicted from the authors' tables: A_p, A_m and A_c. */
  readonly predicted?: { readonly energy: number; readonly measured: number; readonly combined: number };
  readonly layers: readonly {
    readonly name: string;
    readonly rank: number | null;
    readonly rankMax: number;
  }[];
}

/** @param layers every layer to list, in network order; those the plan does not cut have rank null */
export function printedPlan(
  plan: Plan,
  problem: SelectionProblem,
  layers: readonly { readonly name: string; readonly rankMax: number }[],
  metric: Metric | null = null,
): PrintedPlan {
  return {
    method: plan.method,
    metric,
    target: plan.target,
    achieved: plan.achieved,
    parametersShare: plan.parameters / problem.totalParameters,
    reached: plan.reached,
    layers: layers.map(({ name, rankMax }) => ({ name, rank: plan.ranks[name] ?? null, rankMax })),
  };
}
