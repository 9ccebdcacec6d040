import { choiceQualities, wholeQuality, type Curve, type Metric } from '../src/enc/curve';
import { encMapLadder } from '../src/enc/encMap';
import { combinedPlans } from '../src/enc/combined';
import { encModelPlans, paperSpace, wholeSpace, type ModelSpace } from '../src/enc/encModel';
import { planAtTarget } from '../src/enc/levels';
import type { Plan } from '../src/enc/plan';
import { selectionProblem, type SelectionProblem } from '../src/enc/problem';
import { uniformLadder } from '../src/enc/uniform';
import { fail } from '../src/network/failure';
import { parseNumber } from './inputs';
import type { LayerDescription } from '../src/network/layers';
import type { NetworkSummary } from '../workers/protocol/service';

/** Methods that the command line offers. */
export const methods = ['uniform', 'map', 'model', 'inf'] as const;
export type MethodName = (typeof methods)[number];
/** Methods that look at curves alone; ENC-Inf runs candidates on images. */
export type CurveMethod = Exclude<MethodName, 'inf'>;

/** What drives a plan: a curve, or A_c, which takes the energy and the measured curves together. */
export type PlanMetric = Metric | 'combined';

/** The curves that methods choose ranks by. */
export interface PlanCurves {
  readonly metric: PlanMetric;
  /** Of the metric; the measured ones for `combined`. */
  readonly curves: ReadonlyMap<string, Curve>;
  readonly energy: ReadonlyMap<string, Curve>;
}

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
/** Metrics that plans can be made by. */
export const planMetrics = [...metrics, 'combined'] as const satisfies readonly PlanMetric[];

/** @throws FailureError `invalid-request` for a name that is no metric's */
export function parsePlanMetric(text: string): PlanMetric {
  return (
    planMetrics.find((metric) => metric === text) ??
    fail('invalid-request', `--metric: expected ${planMetrics.join(', ')}, found "${text}".`)
  );
}

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
  readonly metric: PlanMetric | null;
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

/** The space that ENC-Model searches, where it is not the default. */
export type SpaceOption = ModelSpace | null;

/**
 * The space that ENC-Model searches, from the command line.
 *
 * @param kind `all` for every rank, `box` for the paper's; absent takes every rank with divergence, else the box
 * @param spread δs as a share of the original MACs
 * @param slack δm as a share of the target
 * @throws FailureError `invalid-request` for anything else
 */
export function parseSpace(
  kind: string | undefined,
  spread: string | undefined,
  slack: string | undefined,
): SpaceOption {
  if (kind === undefined && spread === undefined && slack === undefined) return null;
  if (kind !== undefined && kind !== 'all' && kind !== 'box')
    return fail('invalid-request', `--search: expected all or box, found "${kind}".`);
  if (kind === 'all' && spread !== undefined)
    return fail('invalid-request', '--delta-s: expected --search box beside it, found all.');
  const defaults = kind === 'all' ? wholeSpace : paperSpace;
  return {
    spread: spread === undefined ? defaults.spread : parseNumber('--delta-s', spread, 0, 1),
    slack: slack === undefined ? defaults.slack : parseNumber('--delta-m', slack, 0, 1),
  };
}

/** The plan of a method at a target. */
export function planFor(
  method: CurveMethod,
  target: number,
  problem: SelectionProblem,
  given: PlanCurves,
  space: SpaceOption = null,
): Plan {
  switch (method) {
    case 'uniform':
      return planAtTarget(uniformLadder(problem), 'uniform', target);
    case 'map':
      return planAtTarget(encMapLadder(problem, given.curves), 'map', target);
    case 'model':
      return modelPlans(target, problem, given, space, 1)[0]!;
  }
}

/** The best plans of a method: ENC-Model's in order; the other methods have one answer. */
export function bestPlans(
  method: CurveMethod,
  target: number,
  problem: SelectionProblem,
  given: PlanCurves,
  space: SpaceOption,
  count: number,
): readonly Plan[] {
  return method === 'model'
    ? modelPlans(target, problem, given, space, count)
    : [planFor(method, target, problem, given)];
}

/**
 * The best plans of ENC-Model, best first; at least one.
 *
 * @param space null searches every rank with divergence, whose sum means the same far from ENC-Map, and the
 * paper's box otherwise
 */
export function modelPlans(
  target: number,
  problem: SelectionProblem,
  { metric, curves, energy }: PlanCurves,
  space: SpaceOption,
  count: number,
): Plan[] {
  const ladder = encMapLadder(problem, curves);
  const searched = space ?? (metric === 'divergence' ? wholeSpace : paperSpace);
  const qualities = choiceQualities(problem, curves);
  const plans =
    metric === 'combined'
      ? combinedPlans(ladder, choiceQualities(problem, energy), qualities, target, searched, count)
      : encModelPlans(ladder, qualities, target, searched, count);
  // Where nothing costs as little as the target, ENC-Map's plan is the least there is, and says so.
  return plans.length > 0 ? plans : [{ ...planAtTarget(ladder, 'map', target), method: 'model' }];
}

/** Qualities of the whole network that curves predict for a plan: A_p, and A_m, A_d and A_c where known. */
export interface Predicted {
  readonly energy: number;
  readonly measured?: number;
  readonly divergence?: number;
  readonly combined?: number;
}

/** What the curves predict for a plan. */
export function predictedQuality(plan: Plan, problem: SelectionProblem, given: PlanCurves): Predicted {
  const energy = wholeQuality(choiceQualities(problem, given.energy), plan.choices);
  if (given.metric === 'energy') return { energy };
  const own = wholeQuality(choiceQualities(problem, given.curves), plan.choices);
  if (given.metric === 'divergence') return { energy, divergence: own };
  return { energy, measured: own, combined: energy * plan.achieved + own };
}

/** A plan as the command line prints it. */
export interface PrintedPlan {
  readonly method: string;
  /** What the curves were drawn by; null where the method looks at none of ours. */
  readonly metric: PlanMetric | null;
  readonly target: number;
  readonly achieved: number;
  readonly parametersShare: number;
  readonly reached: boolean;
  /** Qualities of the whole network that the curves or tables predict. */
  readonly predicted?: Predicted;
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
  metric: PlanMetric | null = null,
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
