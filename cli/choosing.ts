import type { SelectionMethod } from '../src/compression/methods/method';
import {
  isOriginal,
  lowRankRecipe,
  ranksOf,
  recipeKey,
  withoutSteps,
  type Recipe,
} from '../src/compression/recipe';
import { storageOf } from '../src/compression/steps/quantise';
import { ranksKey } from '../src/enc/plan';
import { fail } from '../src/network/failure';
import type { LayerDescription, Ranks } from '../src/network/layers';
import type { RepairNote } from '../src/project/document';
import type { PlanFile } from '../src/project/planFiles';
import { plansOf, type PlannedMethod } from '../src/project/plans';
import { withPresentPlans } from '../src/project/presentPlans';
import { withSettings } from '../src/project/transitions';
import type { DistilReport } from '../workers/protocol/distil';
import type { AskedBudget } from './budgets';
import { takeCurves } from './curvesFile';
import { timeLayersOfBudget } from './timing';
import { firstOf, runOf } from './images';
import { measureCurves } from './measuring';
import { sayUnmet, type CurveOptions, type RequestOptions } from './planning';
import { openRaceImages, racedPlan, type PrintedStanding, type RaceOptions } from './racing';
import type { ImageOptions, Workspace } from './workspace';

/** Repair on calibration images. */
export interface RepairOptions {
  /** Files of the calibration images; null takes them from the images of --data, which then do not count. */
  readonly calibration: readonly string[] | null;
  readonly count: number;
}

/** What decides the ranks of a compression. */
export interface ChoiceOptions extends RequestOptions, CurveOptions, Omit<ImageOptions, 'data'> {
  readonly budget: AskedBudget | null;
  readonly method: SelectionMethod;
  /** For methods whose plans are raced, and for metrics whose curves are measured now. */
  readonly race: RaceOptions;
  readonly repair: RepairOptions | null;
}

/** The ranks that were chosen, and what chose them. */
export interface Chosen {
  /** The recipe before its steps. */
  readonly cut: Recipe;
  /** With the steps that it says itself; null leaves them to the options. */
  readonly stated: Recipe | null;
  readonly ranks: Ranks;
  readonly method: string;
  /** What drove the method; null where ranks were given. */
  readonly metric: string | null;
  /** Id of the cost that target and achieved are shares of; null where ranks were given. */
  readonly cost: string | null;
  readonly target: number | null;
  readonly achieved: number | null;
  /** The race. */
  readonly standings?: readonly PrintedStanding[];
}

/** Chooses the ranks by a method, or takes those of a file. Their layers are factorised then. */
export async function choose(
  workspace: Workspace,
  options: ChoiceOptions,
  file: PlanFile | null,
): Promise<Chosen> {
  if (file) return fromFile(workspace, file);
  const budget =
    options.budget ??
    fail('invalid-request', 'Expected --target, --budget or --ranks, found none; give one of them.');
  const { target } = budget;
  workspace.update((state) => withSettings(state, { ...budget, method: options.method.id }));
  await timeLayersOfBudget(workspace);
  await workspace.factoriseIncluded();
  await curvesFor(workspace, options);
  const { planned, standings } = await planFor(workspace, options, target);
  const { plan, recipe } = planned;
  sayUnmet(workspace, plan);
  const { ranks, method, achieved } = plan;
  const { metric } = workspace.planner.inputs;
  const { cost } = plan.budget;
  const chosen = { cut: recipe, stated: null, ranks, method, metric, cost, target, achieved };
  return { ...chosen, ...(standings ? { standings } : {}) };
}

async function fromFile(workspace: Workspace, { ranks, recipe }: PlanFile): Promise<Chosen> {
  const { fingerprint } = workspace.network;
  const whole = recipe ?? lowRankRecipe(fingerprint, ranks, (layer) => workspace.layer(layer).factorisation);
  const layers = Object.entries(whole.layers).flatMap(([name, choice]): LayerDescription[] =>
    choice.kind === 'low-rank' ? [{ ...workspace.layer(name), factorisation: choice.factorisation }] : [],
  );
  await workspace.factorise(layers, ranksOf(whole));
  const stated = whole.steps.length > 0 ? whole : null;
  const cut = withoutSteps(whole);
  return { cut, stated, ranks, method: 'ranks', metric: null, cost: null, target: null, achieved: null };
}

async function planFor(
  workspace: Workspace,
  { method, race, ...given }: ChoiceOptions,
  target: number,
): Promise<{ readonly planned: PlannedMethod; readonly standings?: readonly PrintedStanding[] }> {
  if (!method.needs.images) return { planned: plansOf(workspace.planner, method.id, target, 1)[0]! };
  await openRaceImages(workspace, method, race, given);
  workspace.update(withPresentPlans);
  return racedPlan(workspace, method);
}

/** Curves of the metric asked for: from a file, or measured now, with repair in place where there will be repair. */
async function curvesFor(workspace: Workspace, options: ChoiceOptions): Promise<void> {
  const { metric } = options;
  if (options.curves !== null || !metric?.needs.images) return takeCurves(workspace, options);
  await openSelection(workspace, options, metric.id);
  const isRefitted = options.repair !== null;
  await measureCurves(workspace, metric, { ranks: null, exhaustive: false, isRefitted });
}

async function openSelection(workspace: Workspace, options: ChoiceOptions, metric: string): Promise<void> {
  const { race, repair } = options;
  const open = (data: readonly string[]) => workspace.open({ ...options, data }, 'calibration');
  if (race.selection) {
    workspace.use({ selection: firstOf(await open(race.selection), race.count) });
    return;
  }
  if (!repair?.calibration) {
    return fail(
      'invalid-request',
      `--metric ${metric}: expected --curves, or --selection with images to measure curves on, found neither; give one of them.`,
    );
  }
  const all = await open(repair.calibration);
  workspace.use({ selection: runOf(all, repair.count, race.count, 'to select ranks by') });
}

/** What steps said of themselves; null of those that were not taken. */
export interface StepNotes {
  readonly note: RepairNote | null;
  readonly distilled: DistilReport | null;
}

/** What the written file says of itself. */
export function metadataOf(
  { cut, ranks, method, metric, cost, target, achieved }: Chosen,
  recipe: Recipe,
  { note: repaired, distilled }: StepNotes,
): Record<string, string> {
  const storage = storageOf(recipe.steps.at(-1)?.settings ?? {});
  const isAsBefore = repaired?.isRepaired === false && distilled?.isDistilled !== true;
  const isAsCut = !storage && (isOriginal(cut) || isAsBefore);
  return {
    'enc.method': method,
    ...(metric === null ? {} : { 'enc.metric': metric }),
    ...(cost === null || cost === 'macs' ? {} : { 'enc.cost': cost }),
    ...(target === null ? {} : { 'enc.target': String(target) }),
    ...(achieved === null ? {} : { 'enc.achieved': String(achieved) }),
    'enc.ranks': ranksKey(ranks),
    'enc.recipe': recipeKey(isAsCut ? cut : recipe),
    ...(repaired ? { 'enc.repaired': String(repaired.isRepaired) } : {}),
    ...(distilled ? { 'enc.distilled': String(distilled.isDistilled) } : {}),
    ...(storage ? { 'enc.weights': storage.weights, 'enc.activations': storage.activations } : {}),
  };
}
