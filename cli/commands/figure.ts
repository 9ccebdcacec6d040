import type { SelectionMethod } from '../../src/compression/methods/method';
import { predictedQualities } from '../../src/compression/planning';
import type { Recipe } from '../../src/compression/recipe';
import { wilsonInterval, type Interval } from '../../src/linalg/intervals';
import { fail } from '../../src/network/failure';
import { countAgreement } from '../../src/project/measurement';
import { original } from '../../src/project/measurements';
import { plansOf } from '../../src/project/plans';
import { withPresentPlans } from '../../src/project/presentPlans';
import { withSettings } from '../../src/project/transitions';
import { takeCurves } from '../curvesFile';
import { figureSvg, type Figure, type FigurePoint } from '../figureSvg';
import { firstOf } from '../images';
import { note, percent, printAnswer, table } from '../output';
import { askFor, type CurveOptions, type RequestOptions } from '../planning';
import { openRaceImages, racedPlan, type RaceOptions } from '../racing';
import type { CommonOptions } from '../commonOptions';
import { Workspace, type ImageOptions } from '../workspace';
import { writeWhole } from '../writing';

export interface FigureOptions
  extends CommonOptions, RequestOptions, CurveOptions, Omit<ImageOptions, 'data'> {
  readonly data: readonly string[];
  readonly targets: readonly number[];
  readonly methods: readonly SelectionMethod[];
  /** For methods whose plans are raced. */
  readonly race: RaceOptions;
  readonly out: string | null;
  readonly svg: string | null;
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

/** Measures every method at every target, and writes the figure as JSON and as SVG. */
export async function figure(model: readonly string[], options: FigureOptions): Promise<void> {
  await Workspace.with(model, options, async (workspace) => {
    askFor(workspace, options);
    const images = await workspace.open(options);
    workspace.use({ report: firstOf(images, options.images ?? Infinity) });
    await workspace.factoriseIncluded();
    await takeCurves(workspace, options);
    const raced = options.methods.find(({ needs }) => needs.images);
    if (raced) await openRaceImages(workspace, raced, options.race, options);
    const points: FigurePoint[] = [];
    for (const target of options.targets)
      for (const method of options.methods) points.push(await pointOf(workspace, method, target));
    const uncut = await workspace.measure(original(workspace.state)!);
    const result: Figure = {
      network: workspace.network.name,
      metric: workspace.planner.inputs.metric,
      isAgreement: images.summary.labels === null,
      images: uncut.count,
      original: await measured(workspace, original(workspace.state)!, []),
      points,
    };
    if (options.out !== null) await writeWhole(options.out, `${JSON.stringify(result)}\n`);
    if (options.svg !== null) await writeWhole(options.svg, figureSvg(result));
    printAnswer(options.json, result, () => figureText(result));
  });
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
  methods: readonly string[],
): Promise<FigurePoint['measured']> {
  const uncut = await workspace.measure(original(workspace.state)!);
  const own = await workspace.measure(recipe, methods);
  const { count } = own;
  const correct = own.top1 ?? countAgreement(own, uncut);
  return { correct, accuracy: correct / count, interval: wilsonInterval(correct, count) };
}

function figureText({ original, points }: Figure): string {
  return table([
    ['method', 'target', 'achieved', 'accuracy', ''],
    ['original', '', percent(1), percent(original.accuracy), intervalText(original.interval)],
    ...points.map(({ method, target, achieved, measured }) => [
      method,
      percent(target),
      percent(achieved, 2),
      percent(measured.accuracy),
      intervalText(measured.interval),
    ]),
  ]);
}

function intervalText({ low, high }: Interval): string {
  return `${percent(low)} to ${percent(high)}`;
}
