import type { LayerOverrides } from '../src/compression/inclusion';
import { mapCosts, type Budget } from '../src/enc/costs';
import type { JointPlan } from '../src/enc/jointBudgets';
import type { Plan } from '../src/enc/plan';
import type { SelectionProblem } from '../src/enc/problem';
import { curveMethods, methods } from '../src/compression/methods';
import type { SelectionMethod } from '../src/compression/methods/method';
import { metrics } from '../src/compression/metrics';
import type { QualityMetric } from '../src/compression/metrics/metric';
import { predictedQualities } from '../src/compression/planning';
import { recipeKey } from '../src/compression/recipe';
import { fail } from '../src/network/failure';
import { layerNamed } from '../src/project/layerNames';
import type { PlannedMethod } from '../src/project/plans';
import type { Settings } from '../src/project/settings';
import { withSettings } from '../src/project/transitions';
import { nearBestText } from '../src/project/nearBest';
import { unmetText } from '../src/project/unmet';
import type { NetworkSummary } from '../workers/protocol/summaries';
import { parseNumber } from './inputs';
import { note } from './output';
import { limitsOf, splitsOf, type RankBound } from './rankBounds';
import type { Workspace } from './workspace';
import { ownValue } from '../src/network/ownValue';

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
    fail(
      'invalid-request',
      `--method: expected ${idsOf(methods.all, ' or ')}, found "${text}"; choose one of these.`,
    )
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

/** A metric that the authors' tables hold. */
export type TableMetric = QualityMetric & { readonly table: NonNullable<QualityMetric['table']> };

/** Metrics that the authors' tables hold. */
export function tableMetrics(): readonly TableMetric[] {
  return metrics.all.filter((metric): metric is TableMetric => metric.table !== null);
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
export function parseMetric<Metric extends QualityMetric>(
  text: string,
  offered: readonly Metric[],
  option = '--metric',
): Metric {
  return (
    offered.find(({ id }) => id === text) ??
    fail('invalid-request', `${option}: expected ${idsOf(offered)}, found "${text}"; choose one of these.`)
  );
}

/** Which curves drive a plan. */
export interface CurveOptions {
  /** A file that `enc curves --out` wrote, or null for the energy curves. */
  readonly curves: string | null;
  /** null takes the file's. */
  readonly metric: QualityMetric | null;
}

/** What decides a plan beside its target, its layers and its curves. */
export interface RequestOptions extends LayerOptions {
  /** For every choice of images. */
  readonly seed: number;
  readonly space: SearchSettings;
  /** Id of the cost that the target is a share of. */
  readonly cost?: string;
  /** Ranks are whole multiples of it. */
  readonly multiple?: number;
  /** Bounds of single layers' ranks, as they were given. */
  readonly bounds?: readonly RankBound[];
  /** How single convolutions are split, as it was given. */
  readonly splits?: readonly string[];
  /** Plans of ENC-Model that are raced beside those of the other methods. */
  readonly candidates?: number;
}

/**
 * States what is asked for as the project's settings.
 *
 * @throws FailureError `invalid-request` for a name that is no layer's
 */
export function askFor(
  workspace: Workspace,
  {
    include,
    keep,
    seed,
    space,
    candidates,
    cost = 'macs',
    multiple = 1,
    bounds = [],
    splits = [],
  }: RequestOptions,
  change: Partial<Settings> = {},
): void {
  // First how layers are split, because the ranks that are useful follow from it.
  const factorisations = splitsOf(workspace.network, splits);
  workspace.update((state) => withSettings(state, { factorisations }));
  const limits = limitsOf(workspace.network, bounds);
  const given = { seed, cost, multiple, limits, ...(candidates === undefined ? {} : { candidates }) };
  const bounded = Object.keys(limits);
  const overrides = askedOverrides(workspace.network, { include: [...include, ...bounded], keep });
  workspace.update((state) => withSettings(state, { overrides, ...given, ...space, ...change }));
}

/** @throws FailureError `invalid-request` for a name that is no layer's */
export function askedOverrides(
  { layers }: Pick<NetworkSummary, 'layers'>,
  { include, keep }: LayerOptions,
): LayerOverrides {
  const decided = (isCut: boolean) => (given: string) => {
    const layer =
      layerNamed(layers, given) ??
      fail(
        'invalid-request',
        `${given}: expected a layer of the network, found none of this name; see enc inspect.`,
      );
    return [layer.name, isCut] as const;
  };
  return Object.fromEntries([...include.map(decided(true)), ...keep.map(decided(false))]);
}

/** The settings that say where ENC-Model searches. */
export type SearchSettings = Pick<Settings, 'searchesAll' | 'searchSpread' | 'searchSlack'>;

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
): SearchSettings {
  if (kind !== undefined && kind !== 'all' && kind !== 'box')
    return fail('invalid-request', `--search: expected all or box, found "${kind}"; choose one of these.`);
  if (kind === 'all' && spread !== undefined)
    return fail(
      'invalid-request',
      '--delta-s: expected --search box beside it, found all; give both or neither.',
    );
  return {
    searchesAll: kind === undefined ? null : kind === 'all',
    searchSpread: spread === undefined ? null : parseNumber('--delta-s', spread, 0, 1),
    searchSlack: slack === undefined ? null : parseNumber('--delta-m', slack, 0, 1),
  };
}

/** Qualities of the whole network that curves or tables predict, by metric. */
export type Predicted = Readonly<Record<string, number>>;

/** A plan as the command line prints it. */
export interface PrintedPlan {
  readonly method: string;
  /** What drives the methods. */
  readonly metric: string;
  /** Id of the cost that target and achieved are shares of. */
  readonly cost: string;
  readonly target: number;
  readonly achieved: number;
  /** Another budget that is kept beside it; absent for none. */
  readonly others?: readonly Budget[];
  /** Of model under several budgets: no plan within them keeps a greater share more of the predicted quality. */
  readonly gap?: number;
  /** Shares of everything that the original costs. */
  readonly shares: Readonly<Record<string, number>>;
  readonly parametersShare: number;
  readonly reached: boolean;
  readonly predicted: Predicted;
  /** `recipeKey` of the compressed network that it states; absent in tables mode, where there is no network. */
  readonly recipe?: string;
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
    cost: plan.budget.cost,
    target: plan.budget.share,
    achieved: plan.achieved,
    ...(plan.others ? { others: plan.others } : {}),
    ...(isJoint(plan) ? { gap: 1 - Math.exp(-plan.gap) } : {}),
    shares: mapCosts(plan.costs, (spent, cost) => spent / problem.totals[cost]!),
    parametersShare: plan.costs.parameters / problem.totals.parameters,
    reached: plan.reached,
    layers: layers.map(({ name, rankMax }) => ({
      name,
      rank: ownValue(plan.ranks, name) ?? null,
      rankMax,
    })),
    predicted,
  };
}

function isJoint(plan: Plan): plan is JointPlan {
  return 'gap' in plan;
}

/** A plan of the present project, printed. */
export function printedPlanOf(workspace: Workspace, { plan, recipe }: PlannedMethod): PrintedPlan {
  const { problem, inputs } = workspace.planner;
  const predicted = predictedQualities(plan, problem, inputs);
  const printed = printedPlan(plan, problem, workspace.network.layers, inputs.metric, predicted);
  return { ...printed, recipe: recipeKey(recipe) };
}

/** Says where a plan does not keep its budgets, and what holds them up, or how far from the best it may be. */
export function sayUnmet({ state }: Workspace, plan: Plan): void {
  const text = unmetText(state, plan) ?? nearBestText(plan);
  if (text !== null) note(text);
}
