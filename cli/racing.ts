import { topClass } from '../src/answers/topClasses';
import type { Plan } from '../src/enc/plan';
import type { SelectionProblem } from '../src/enc/problem';
import { wilsonInterval, type Interval } from '../src/linalg/intervals';
import type { SelectionInputs } from '../src/compression/methods/inputs';
import type { SelectionMethod } from '../src/compression/methods/method';
import { macsBudget } from '../src/compression/planning';
import { fail } from '../src/network/failure';
import { winnerOf } from '../workers/jobs/race';
import { someImages } from './measuring';
import { percent, table } from './output';
import type { OpenImages, Workspace } from './workspace';
import { shuffledImages } from '../src/enc/split';

/** How plans are raced, from the command line. */
export interface RaceOptions {
  /** Files of the selection images. */
  readonly selection: readonly string[] | null;
  readonly count: number;
  readonly seed: number;
  /** Candidates beside the other methods' plans. */
  readonly candidates: number;
}

/** Where a candidate ended, as it is printed. */
export interface PrintedStanding {
  /** The method that proposed it. */
  readonly method: string;
  readonly isSeeded: boolean;
  readonly achieved: number;
  readonly images: number;
  readonly correct: number;
  readonly accuracy: number;
  /** Wilson's interval, 95 %. */
  readonly interval: Interval;
  readonly isDropped: boolean;
  readonly isWinner: boolean;
}

/** A raced method's answer, and the race it comes from. */
export interface RacedPlan {
  readonly plan: Plan;
  readonly standings: readonly PrintedStanding[];
}

/** Images in the first batch of a race; every later one doubles what has been run. */
const firstBatch = 64;

/**
 * Opens the images that plans are raced on, taken from the files by seed.
 *
 * @throws FailureError `invalid-request` where no files are given or there are too few images
 */
export async function openRaceImages(
  workspace: Workspace,
  { id }: SelectionMethod,
  { selection, count, seed }: RaceOptions,
  images: Parameters<Workspace['openImages']>[0] | Omit<Parameters<Workspace['openImages']>[0], 'data'>,
): Promise<OpenImages> {
  if (selection === null)
    return fail(
      'invalid-request',
      `--method ${id}: expected --selection with images to race plans on, found none.`,
    );
  const all = await workspace.openImages({ ...images, data: selection, images: Infinity }, 'calibration');
  const indices = shuffledImages(all.selection.indices.length, seed);
  const draw = { kind: 'shuffled', seed, from: 0, count: indices.length } as const;
  const shuffled = { ...all, selection: { ...all.selection, indices }, draw };
  return someImages(shuffled, 0, count, 'to race plans on');
}

/**
 * A raced method's answer to one target: its candidates, run on selection images. Of equals the one listed first
 * wins.
 */
export async function racedPlan(
  workspace: Workspace,
  images: OpenImages,
  method: SelectionMethod,
  target: number,
  problem: SelectionProblem,
  inputs: SelectionInputs,
  { candidates: count }: RaceOptions,
): Promise<RacedPlan> {
  const candidates = method.plans(problem, inputs, [macsBudget(target)], count);
  const standings = await workspace.race(
    images,
    candidates.map(({ ranks, isSeeded = false }) => ({ recipe: workspace.recipe(ranks), isSeeded })),
    await rightAnswers(workspace, images),
    firstBatch,
  );
  const winner = winnerOf(standings);
  return {
    plan: { ...candidates[winner]!, method: method.id },
    standings: standings.map(({ images: run, correct, isDropped }, index) => ({
      method: candidates[index]!.method,
      isSeeded: candidates[index]!.isSeeded ?? false,
      achieved: candidates[index]!.achieved,
      images: run,
      correct,
      accuracy: correct / run,
      interval: wilsonInterval(correct, run),
      isDropped,
      isWinner: index === winner,
    })),
  };
}

/** The labels of the images, or the original network's answers where they have none. */
async function rightAnswers(workspace: Workspace, images: OpenImages): Promise<Int32Array> {
  const { labels } = images.summary;
  if (labels) return Int32Array.from(images.selection.indices, (index) => labels[index]!);
  return topClass(await workspace.answers(images));
}

/** The standings for a person, best first. */
export function standingsText(standings: readonly PrintedStanding[]): string {
  const rows = [...standings].sort((a, b) => b.images - a.images || b.correct - a.correct);
  return table([
    ['candidate', 'right', 'images', 'accuracy', ''],
    ...rows.map((row) => [
      row.method,
      row.correct,
      row.images,
      `${percent(row.accuracy)} (${percent(row.interval.low)} to ${percent(row.interval.high)})`,
      row.isWinner ? 'winner' : row.isDropped ? 'dropped' : '',
    ]),
  ]);
}
