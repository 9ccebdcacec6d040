import { readFile } from 'node:fs/promises';
import { withStep } from '../../src/compression/recipe';
import type { Curve } from '../../src/enc/curve';
import { ranksKey, type Plan } from '../../src/enc/plan';
import type { SelectionProblem } from '../../src/enc/problem';
import { splitImages } from '../../src/enc/split';
import type { SelectionMethod } from '../../src/compression/methods/method';
import { macsBudget } from '../../src/compression/planning';
import type { BackendRequest } from '../../src/engine/backend';
import { fail } from '../../src/network/failure';
import type { Ranks } from '../../src/network/layers';
import { chosenCurves } from '../curvesFile';
import { measureCurves, someImages, defaultCurveCalibration } from '../measuring';
import { outTarget, writeOut } from '../outFiles';
import { note, percent, printAnswer } from '../output';
import {
  askedProblem,
  type CurveOptions,
  type LayerOptions,
  type PlanCurves,
  type SpaceOption,
} from '../planning';
import { openRaceImages, racedPlan, standingsText, type PrintedStanding, type RaceOptions } from '../racing';
import { Workspace, type ImageOptions, type OpenImages } from '../workspace';
import type { Repaired } from '../../workers/protocol/repair';
import type { ExportedNetwork } from '../../workers/protocol/export';

export interface CompressOptions extends LayerOptions, CurveOptions, Omit<ImageOptions, 'data'> {
  readonly json: boolean;
  readonly backend: BackendRequest;
  readonly out: string;
  readonly data: readonly string[] | null;
  readonly target: number | null;
  readonly method: SelectionMethod;
  readonly space: SpaceOption;
  /** For methods whose plans are raced. */
  readonly race: RaceOptions;
  /** A JSON file from layer name to rank, instead of a target. */
  readonly ranks: string | null;
  readonly repair: RepairOptions | null;
  /** Images to measure curves on where the metric looks at images and no curves are given. */
  readonly selection: SelectionOptions;
}

/** Which images curves are measured on. */
export interface SelectionOptions {
  /** null takes those of --calibration that repair leaves. */
  readonly files: readonly string[] | null;
  readonly count: number;
}

/** Repair on calibration images. */
export interface RepairOptions {
  /** Files of the calibration images; null takes them from the images of --data, which then do not count. */
  readonly calibration: readonly string[] | null;
  readonly count: number;
  readonly seed: number;
}

/** Writes the smaller network, and with images measures it before and after. */
export async function compress(model: readonly string[], options: CompressOptions): Promise<void> {
  const target = outTarget(options.out);
  await Workspace.with(model, options.backend, async (workspace) => {
    const { images, calibration } = await openImages(workspace, options);
    const chosen = await chooseRanks(workspace, options, calibration);
    const cut = workspace.recipe(chosen.ranks);
    const recipe =
      options.repair && calibration
        ? withStep(cut, workspace.step('repair', calibration, options.repair.seed))
        : cut;
    const repaired = recipe === cut ? null : await workspace.repair(recipe);
    const exported = await workspace.export(target, recipe, metadataOf(chosen, repaired), images);
    const bytes = await writeOut(target, exported.files);
    const original = images && (await workspace.answers(images));
    const truncated = images && repaired && (await workspace.answers(images, cut));
    const changed = images && (await workspace.answers(images, recipe));
    const before = images && original && workspace.accuracy(images, original, null);
    const withoutRepair = images && truncated && workspace.accuracy(images, truncated, original);
    const after = images && changed && workspace.accuracy(images, changed, original);
    const answer = {
      method: chosen.method,
      metric: chosen.metric,
      target: chosen.target,
      achieved: exported.macs / workspace.network.macs,
      macs: exported.macs,
      parameters: exported.parameters,
      parametersShare: exported.parameters / workspace.network.parameters,
      out: options.out,
      bytes,
      comparison: exported.comparison,
      before,
      ...(repaired && calibration
        ? {
            repair: {
              calibrationImages: calibration.selection.indices.length,
              isRepaired: repaired.isRepaired,
              divergence: repaired.divergence,
            },
            withoutRepair,
          }
        : {}),
      after,
      backend: workspace.backend.backend,
      ranks: chosen.ranks,
      ...(chosen.standings ? { standings: chosen.standings } : {}),
    };
    printAnswer(options.json, answer, () =>
      [
        ...(chosen.standings ? [standingsText(chosen.standings), ''] : []),
        `${options.out}: ${percent(answer.achieved, 2)} of MACs, ${percent(answer.parametersShare)} of parameters, ${answer.bytes} bytes`,
        ...comparisonTexts(exported.comparison),
        ...(isNumber(before?.top1) && isNumber(after?.top1)
          ? [
              `top-1 before ${percent(before.top1)}, after ${percent(after.top1)}, ${after.images} images, ${answer.backend}`,
            ]
          : []),
        ...(isNumber(withoutRepair?.top1)
          ? [`with repair; without it top-1 would be ${percent(withoutRepair.top1)}`]
          : []),
        ...(isNumber(after?.agreement) ? [`same answer as the original: ${percent(after.agreement)}`] : []),
      ].join('\n'),
    );
  });
}

function comparisonTexts({ images, largestDifference, runtime }: ExportedNetwork['comparison']): string[] {
  const own = `read back and compared on ${images} images: largest difference ${largestDifference.toExponential(1)}`;
  if (runtime === null) return [own];
  return 'refusal' in runtime
    ? [own, `${runtime.name} could not run it: ${runtime.refusal}`]
    : [
        own,
        `run by ${runtime.name} on ${runtime.images} images: largest difference ${runtime.largestDifference.toExponential(1)}`,
      ];
}

/**
 * The images that accuracy is reported on, and those for repair. Where both come from the same files they are
 * split by seed, so that no image serves both.
 */
async function openImages(
  workspace: Workspace,
  options: CompressOptions,
): Promise<{ images: OpenImages | null; calibration: OpenImages | null }> {
  const { data, repair } = options;
  const images = data && (await workspace.openImages({ ...options, data }));
  if (!repair) return { images, calibration: null };
  if (repair.calibration) {
    const given = { ...options, data: repair.calibration, images: repair.count };
    return { images, calibration: await workspace.openImages(given, 'calibration') };
  }
  if (!images) return fail('invalid-request', '--repair: expected --calibration or --data, found neither.');
  const { selection } = images;
  if (repair.count >= selection.indices.length) {
    const found = selection.indices.length;
    fail(
      'invalid-request',
      `--calibration-images: expected fewer than the ${found} images of --data, found ${repair.count}.`,
    );
  }
  const split = splitImages(selection.indices.length, repair.seed, {
    calibration: repair.count,
    selection: 0,
  });
  const among = selection.indices.length;
  const part = (positions: Uint32Array, from: number): OpenImages => ({
    ...images,
    selection: { ...selection, indices: positions.map((position) => selection.indices[position]!) },
    draw: { kind: 'shuffled', seed: repair.seed, from, count: positions.length, among },
  });
  return { images: part(split.report, repair.count), calibration: part(split.calibration, 0) };
}

interface Chosen {
  readonly ranks: Ranks;
  readonly method: string;
  /** What drove the method; null where ranks were given. */
  readonly metric: string | null;
  readonly target: number | null;
  readonly achieved: number | null;
  /** The race. */
  readonly standings?: readonly PrintedStanding[];
}

async function chooseRanks(
  workspace: Workspace,
  options: CompressOptions,
  calibration: OpenImages | null,
): Promise<Chosen> {
  if (options.ranks !== null) {
    const ranks = await readRanks(options.ranks);
    const cut = Object.keys(ranks).filter((layer) => ranks[layer] !== null);
    await workspace.factorise(cut.map((layer) => workspace.layer(layer)));
    return { ranks, method: 'ranks', metric: null, target: null, achieved: null };
  }
  if (options.target === null) fail('invalid-request', 'Expected --target or --ranks, found neither.');
  const problem = askedProblem(workspace.network, options);
  const energy = await workspace.factorise(problem.layers.map(({ name }) => workspace.layer(name)));
  const given = await curvesFor(workspace, options, energy, calibration);
  const { plan, standings } = await chosenPlan(workspace, options, options.target, problem, given);
  if (!plan.reached) {
    note(
      `The target ${percent(plan.budget.share)} cannot be reached: rank 1 everywhere costs ${percent(plan.achieved)}.`,
    );
  }
  const { ranks, method, budget, achieved } = plan;
  const chosen = { ranks, method, metric: given.metric, target: budget.share, achieved };
  return { ...chosen, ...(standings ? { standings } : {}) };
}

async function chosenPlan(
  workspace: Workspace,
  options: CompressOptions,
  target: number,
  problem: SelectionProblem,
  given: PlanCurves,
): Promise<{ readonly plan: Plan; readonly standings?: readonly PrintedStanding[] }> {
  const { method, space, race } = options;
  const inputs = { ...given, space };
  if (!method.needs.images) return { plan: method.plans(problem, inputs, [macsBudget(target)], 1)[0]! };
  const images = await openRaceImages(workspace, method, race, options);
  return racedPlan(workspace, images, method, target, problem, inputs, race);
}

/** Curves of the metric asked for: from a file, or measured now, with repair in place where there will be repair. */
async function curvesFor(
  workspace: Workspace,
  options: CompressOptions,
  energy: ReadonlyMap<string, Curve>,
  calibration: OpenImages | null,
): Promise<PlanCurves> {
  const { metric } = options;
  if (options.curves !== null || !metric?.needs.images) {
    return chosenCurves(workspace.network, options, energy);
  }
  const images = await selectionImages(workspace, options);
  const layers = [...energy.keys()].map((name) => workspace.layer(name));
  const count = Math.min(defaultCurveCalibration, calibration?.selection.indices.length ?? 0);
  const { curves } = await measureCurves(workspace, metric, images, layers, energy, {
    ranks: null,
    exhaustive: false,
    calibration: calibration && someImages(calibration, 0, count, 'for calibration'),
    seed: options.repair?.seed ?? 0,
  });
  return { metric: metric.id, curves, energy };
}

async function selectionImages(workspace: Workspace, options: CompressOptions): Promise<OpenImages> {
  const { selection, repair } = options;
  if (selection.files) {
    const own = await workspace.openImages(
      { ...options, data: selection.files, images: Infinity },
      'calibration',
    );
    return someImages(own, 0, Math.min(selection.count, own.selection.indices.length), 'to select ranks by');
  }
  if (!repair?.calibration) {
    return fail(
      'invalid-request',
      `--metric ${options.metric}: expected --curves, or --selection with images to measure curves on, found neither.`,
    );
  }
  const all = await workspace.openImages(
    { ...options, data: repair.calibration, images: Infinity },
    'calibration',
  );
  return someImages(all, repair.count, selection.count, 'to select ranks by');
}

async function readRanks(path: string): Promise<Ranks> {
  const text = await readFile(path, 'utf8').catch(() =>
    fail('unreadable-file', `${path}: expected a JSON file, found none.`),
  );
  const file = parseJson(path, text);
  // A plan that the page wrote holds them beside other things.
  const parsed = isRecord(file) && isRecord(file.ranks) ? file.ranks : file;
  if (!isRecord(parsed) || !Object.values(parsed).every((rank) => rank === null || Number.isInteger(rank))) {
    return fail('unreadable-file', `${path}: expected an object from layer name to a whole rank or null.`);
  }
  return parsed as Ranks;
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    return fail(
      'unreadable-file',
      `${path}: expected JSON, found ${error instanceof Error ? error.message : 'other text'}.`,
    );
  }
}

/** What the written file says of itself. */
function metadataOf(
  { ranks, method, metric, target, achieved }: Chosen,
  repaired: Repaired | null,
): Record<string, string> {
  return {
    'enc.method': method,
    ...(metric === null ? {} : { 'enc.metric': metric }),
    ...(target === null ? {} : { 'enc.target': String(target) }),
    ...(achieved === null ? {} : { 'enc.achieved': String(achieved) }),
    'enc.ranks': ranksKey(ranks),
    ...(repaired ? { 'enc.repaired': String(repaired.isRepaired) } : {}),
  };
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === 'number';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
