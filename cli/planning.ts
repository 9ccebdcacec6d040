import { paperSpace, wholeSpace, type ModelSpace } from '../src/enc/encModel';
import type { Plan } from '../src/enc/plan';
import type { SelectionProblem } from '../src/enc/problem';
import { curveMethods, methods } from '../src/compression/methods';
import type { SelectionInputs } from '../src/compression/methods/inputs';
import type { SelectionMethod } from '../src/compression/methods/method';
import { metrics } from '../src/compression/metrics';
import type { QualityMetric } from '../src/compression/metrics/metric';
import { problemOf } from '../src/compression/planning';
import { fail } from '../src/network/failure';
import type { NetworkSummary } from '../workers/protocol/summaries';
import { parseNumber } from './inputs';

/** The curves that methods choose ranks by. */
export type PlanCurves = Pick<SelectionInputs, 'metric' | 'curves' | 'energy'>;

/** Which layers to cut beside or against the defaults. */
export interface LayerOptions {
  /** Layers kept by default that may be cut all the same. */
  readonly include: readonly string[];
  /** Layers to keep. */
  readonly keep: readonly string[];
}

/** @throws FailureError `invalid-request` for a name that is no method's */
export function parseMethod(text: string): SelectionMethod {
  return (
    methods.find(text) ??
    fail('invalid-request', `--method: expected ${idsOf(methods.all, ' or ')}, found "${text}".`)
  );
}

/** Metrics that curves can be drawn by: those that have their own, re-fitting being an option beside them. */
export function curveMetrics(): readonly QualityMetric[] {
  return planMetrics().filter(({ needs }) => !needs.energy);
}

/** Metrics that plans can be made by. */
export function planMetrics(): readonly QualityMetric[] {
  return metrics.all.filter(({ needs }) => !needs.refit);
}

/** Metrics that the authors' tables hold. */
export function tableMetrics(): readonly QualityMetric[] {
  return metrics.all.filter(({ table }) => table !== null);
}

/** Names as help and failures list them. */
export function idsOf(entries: readonly { readonly id: string }[], separator = ', '): string {
  return entries.map(({ id }) => id).join(separator);
}

/** Methods that need no images. */
export function defaultMethods(): string {
  return idsOf(curveMethods(), ',');
}

/**
 * @param offered the metrics that the option takes
 * @throws FailureError `invalid-request` for a name that is none of theirs
 */
export function parseMetric(
  text: string,
  offered: readonly QualityMetric[],
  option = '--metric',
): QualityMetric {
  return (
    offered.find(({ id }) => id === text) ??
    fail('invalid-request', `${option}: expected ${idsOf(offered)}, found "${text}".`)
  );
}

/** Which curves drive a plan. */
export interface CurveOptions {
  /** A file that `enc curves --out` wrote, or null for the energy curves. */
  readonly curves: string | null;
  /** null takes the file's. */
  readonly metric: QualityMetric | null;
}

/**
 * The selection problem of a network, with the defaults changed as asked.
 *
 * @throws FailureError `invalid-request` for a name that is no layer's
 */
export function askedProblem(network: NetworkSummary, { include, keep }: LayerOptions): SelectionProblem {
  const names = new Set(network.layers.map((layer) => layer.name));
  for (const name of [...include, ...keep]) {
    if (!names.has(name))
      fail('invalid-request', `${name}: the network has no layer of this name; see enc inspect.`);
  }
  const decided = (isCut: boolean) => (name: string) => [name, isCut] as const;
  return problemOf(network, Object.fromEntries([...include.map(decided(true)), ...keep.map(decided(false))]));
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

/** Qualities of the whole network that curves or tables predict, by metric. */
export type Predicted = Readonly<Record<string, number>>;

/** A plan as the command line prints it. */
export interface PrintedPlan {
  readonly method: string;
  /** What drives the methods. */
  readonly metric: string;
  readonly target: number;
  readonly achieved: number;
  readonly parametersShare: number;
  readonly reached: boolean;
  readonly predicted: Predicted;
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
  metric: string,
  predicted: Predicted,
): PrintedPlan {
  return {
    method: plan.method,
    metric,
    target: plan.budget.share,
    achieved: plan.achieved,
    parametersShare: plan.costs.parameters / problem.totals.parameters,
    reached: plan.reached,
    layers: layers.map(({ name, rankMax }) => ({ name, rank: plan.ranks[name] ?? null, rankMax })),
    predicted,
  };
}
