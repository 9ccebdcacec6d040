import { methods } from '../../src/compression/methods';
import type { SelectionMethod } from '../../src/compression/methods/method';
import { predictedQualities } from '../../src/compression/planning';
import type { Recipe } from '../../src/compression/recipe';
import { partition } from '../../src/enc/sweep/partition';
import { wilsonInterval } from '../../src/linalg/intervals';
import { fail } from '../../src/network/failure';
import { imageParts } from '../../src/project/images';
import { countAgreement } from '../../src/project/measurement';
import { original } from '../../src/project/measurements';
import { plansOf } from '../../src/project/plans';
import { withPresentPlans } from '../../src/project/presentPlans';
import { withSettings } from '../../src/project/transitions';
import { takeCurves } from '../curvesFile';
import { figureSvg, type FigurePoint } from '../figureSvg';
import { figureText } from '../figureText';
import { doShard, type DoneUnits } from '../sharing/doShard';
import {
  figureKey,
  figureOf,
  figureStatement,
  figureStatementOf,
  figureUnit,
  figureUnits,
  type FigureFrame,
} from '../sharing/figureStatement';
import type { SharedOptions } from '../sharing/options';
import type { ResultsFolder } from '../sharing/resultsFolder';
import { firstOf } from '../images';
import { note, percent, printAnswer } from '../output';
import { askFor, type CurveOptions, type RequestOptions } from '../planning';
import { openRaceImages, racedPlan, type RaceOptions } from '../racing';
import type { CommonOptions } from '../commonOptions';
import { Workspace, type ImageOptions } from '../workspace';
import { requireWritable, writeWhole } from '../writing';

export interface FigureOptions
  extends CommonOptions, RequestOptions, CurveOptions, Omit<ImageOptions, 'data'> {
  readonly data: readonly string[];
  readonly targets: readonly number[];
  readonly methods: readonly SelectionMethod[];
  /** For methods whose plans are raced. */
  readonly race: RaceOptions;
  readonly out: string | null;
  readonly svg: string | null;
  /** Do only a part, for enc merge to join; null does all. */
  readonly shared: SharedOptions | null;
}

/**
 * Targets from text: "0.2:0.9:0.1" for a range with its step, or "0.3,0.5".
 *
 * @throws FailureError `invalid-request` where it is neither, or out of range
 */
export function parseTargets(text: string): number[] {
  const bad = (): never =>
    fail(
      'invalid-request',
      `--targets: expected first:last:step or shares with commas, found "${text}"; write 0.2:0.9:0.1, for instance.`,
    );
  const numbers = text.split(/[:,]/).map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (numbers.some((number) => !(number > 0 && number <= 1))) return bad();
  if (!text.includes(':')) return numbers;
  const [first = 0, last = 0, step = 0, ...rest] = numbers;
  if (numbers.length < 3 || rest.length > 0 || last < first) return bad();
  // Tenths add up to a little less or more than they should.
  const count = Math.floor((last - first) / step + 1e-9) + 1;
  return Array.from({ length: count }, (_, index) => Number((first + index * step).toFixed(6)));
}

/** Measures every method at every target, and writes the figure as JSON and as SVG; or a part of it. */
export async function figure(model: readonly string[], options: FigureOptions): Promise<void> {
  const { shared } = options;
  if (shared) {
    await doShard(model, shared, async (workspace, folder, counts) => {
      await shareFigure(workspace, folder, await openFigure(workspace, options), { options, shared, counts });
    });
    return;
  }
  for (const path of [options.out, options.svg]) if (path !== null) await requireWritable(path);
  await Workspace.with(model, options, async (workspace) => {
    const open = await openFigure(workspace, options);
    const points: FigurePoint[] = [];
    for (const target of options.targets)
      for (const method of options.methods) points.push(await pointOf(workspace, method, target));
    const uncut = await measured(workspace, original(workspace.state)!, []);
    const result = figureOf(open, uncut, points);
    if (options.out !== null) await writeWhole(options.out, `${JSON.stringify(result)}\n`);
    if (options.svg !== null) await writeWhole(options.svg, figureSvg(result));
    printAnswer(options.json, result, () => figureText(result));
  });
}

/** Opens the images of a figure and takes its curves. */
async function openFigure(workspace: Workspace, options: FigureOptions): Promise<FigureFrame> {
  askFor(workspace, options);
  const images = await workspace.open(options);
  const report = firstOf(images, options.images ?? Infinity);
  workspace.use({ report });
  await workspace.factoriseIncluded();
  await takeCurves(workspace, options);
  const raced = options.methods.find(({ needs }) => needs.images);
  if (raced) await openRaceImages(workspace, raced, options.race, options);
  return {
    network: workspace.network.name,
    metric: workspace.planner.inputs.metric,
    isAgreement: images.summary.labels === null,
    images: imageParts(workspace.state)!.report.indices.length,
  };
}

/** Does a part of a figure's points, those that nobody has done. */
async function shareFigure(
  workspace: Workspace,
  folder: ResultsFolder,
  frame: FigureFrame,
  { options, shared, counts }: { options: FigureOptions; shared: SharedOptions; counts: DoneUnits },
): Promise<void> {
  const statement = figureStatementOf(workspace, frame, { ...options, ...shared });
  await folder.begin(figureStatement, statement);
  const units = figureUnits(statement);
  const costs = units.map(({ target, method }) => {
    const raced = method !== null && methods.get(method).needs.images;
    const candidates = raced ? workspace.state.document.settings.candidates * options.race.count : 0;
    return { own: (target ?? 1) * (frame.images + candidates), start: 0, step: 0 };
  });
  const { from, to } = partition(costs, shared.shard.count)[shared.shard.index - 1]!;
  const of = figureKey(statement);
  for (const item of units.slice(from, to)) {
    if (await folder.find(figureUnit, of, item)) {
      counts.found++;
      continue;
    }
    const { target, method } = item;
    const found =
      target === null || method === null
        ? await measured(workspace, original(workspace.state)!, [])
        : await pointOf(workspace, methods.get(method), target);
    await folder.save(figureUnit, { of, item, found, backend: workspace.backend.backend });
    counts.done++;
  }
}

/** One method at one target: planned, raced where it needs that, and measured. */
async function pointOf(workspace: Workspace, method: SelectionMethod, target: number): Promise<FigurePoint> {
  workspace.update((state) => withPresentPlans(withSettings(state, { target, method: method.id })));
  const { plan, recipe } = method.needs.images
    ? (await racedPlan(workspace, method)).planned
    : plansOf(workspace.planner, method.id, target, 1)[0]!;
  const { achieved, reached, ranks } = plan;
  const { problem, inputs } = workspace.planner;
  const predicted = predictedQualities(plan, problem, inputs);
  const seen = await measured(workspace, recipe, [method.id]);
  note(`${method.id} at ${percent(target)}: ${percent(seen.accuracy)}`);
  return { method: method.id, target, achieved, reached, ranks, predicted, measured: seen };
}

/** What a recipe reaches on the report images: right answers, or answers like the original's without labels. */
async function measured(
  workspace: Workspace,
  recipe: Recipe,
  proposing: readonly string[],
): Promise<FigurePoint['measured']> {
  const own = await workspace.measure(recipe, proposing);
  const { count } = own;
  const uncut = () => workspace.measure(original(workspace.state)!);
  const correct = own.top1 ?? countAgreement(own, await uncut());
  return { correct, accuracy: correct / count, interval: wilsonInterval(correct, count) };
}
