import { writeFile } from 'node:fs/promises';
import type { Plan } from '../../src/enc/plan';
import type { SelectionMethod } from '../../src/compression/methods/method';
import { macsBudget, predictedQualities } from '../../src/compression/planning';
import type { BackendRequest } from '../../src/engine/backend';
import { wilsonInterval, type Interval } from '../../src/linalg/intervals';
import { fail } from '../../src/network/failure';
import { chosenCurves } from '../curvesFile';
import { figureSvg, type Figure, type FigurePoint } from '../figureSvg';
import { note, percent, printAnswer, table } from '../output';
import {
  askedProblem,
  type CurveOptions,
  type LayerOptions,
  type SpaceOption,
} from '../planning';
import { openRaceImages, racedPlan, type RaceOptions } from '../racing';
import { Workspace, type ImageOptions, type OpenImages } from '../workspace';

export interface FigureOptions extends LayerOptions, CurveOptions, Omit<ImageOptions, 'data'> {
  readonly json: boolean;
  readonly backend: BackendRequest;
  readonly data: readonly string[];
  readonly targets: readonly number[];
  readonly methods: readonly SelectionMethod[];
  readonly space: SpaceOption;
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
    fail('invalid-request', `--targets: expected first:last:step or shares with commas, found "${text}".`);
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
  await Workspace.with(model, options.backend, async (workspace) => {
    const problem = askedProblem(workspace.network, options);
    const images = await workspace.openImages(options);
    const energy = await workspace.factorise(problem.layers.map(({ name }) => workspace.layer(name)));
    const { methods, race, space } = options;
    const inputs = { ...(await chosenCurves(workspace.network, options, energy)), space };
    const raced = methods.find(({ needs }) => needs.images);
    const raceImages = raced ? await openRaceImages(workspace, raced, race, options) : null;
    const measure = await measurer(workspace, images);
    const points: FigurePoint[] = [];
    for (const target of options.targets) {
      for (const method of methods) {
        const plan = method.needs.images
          ? (await racedPlan(workspace, raceImages!, method, target, problem, inputs, race)).plan
          : method.plans(problem, inputs, [macsBudget(target)], 1)[0]!;
        const { achieved, reached, ranks } = plan;
        const predicted = predictedQualities(plan, problem, inputs);
        const measured = await measure(plan);
        points.push({ method: method.id, target, achieved, reached, ranks, predicted, measured });
        note(`${method.id} at ${percent(target)}: ${percent(points.at(-1)!.measured.accuracy)}`);
      }
    }
    const result: Figure = {
      network: workspace.network.name,
      metric: inputs.metric,
      isAgreement: images.summary.labels === null,
      images: images.selection.indices.length,
      original: await measure(null),
      points,
    };
    if (options.out !== null) await writeFile(options.out, `${JSON.stringify(result)}\n`);
    if (options.svg !== null) await writeFile(options.svg, figureSvg(result));
    printAnswer(options.json, result, () => figureText(result));
  });
}

/** Runs plans on the images, each set of ranks once. */
async function measurer(workspace: Workspace, images: OpenImages) {
  const original = await workspace.answers(images);
  const count = images.selection.indices.length;
  const known = new Map<string, FigurePoint['measured']>();
  return async (plan: Plan | null): Promise<FigurePoint['measured']> => {
    const key = JSON.stringify(plan?.ranks ?? {});
    const former = known.get(key);
    if (former) return former;
    const answers = plan ? await workspace.answers(images, workspace.recipe(plan.ranks)) : original;
    const { top1, agreement } = workspace.accuracy(images, answers, original);
    const correct = Math.round((top1 ?? agreement ?? 0) * count);
    const measured = { correct, accuracy: correct / count, interval: wilsonInterval(correct, count) };
    known.set(key, measured);
    return measured;
  };
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
