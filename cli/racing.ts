import { topClass } from '../src/answers/topClasses';
import { infCandidates, poolFactor } from '../src/enc/encInf';
import type { Plan } from '../src/enc/plan';
import type { SelectionProblem } from '../src/enc/problem';
import { wilsonInterval, type Interval } from '../src/linalg/intervals';
import { fail } from '../src/network/failure';
import { winnerOf } from '../workers/jobs/race';
import { someImages } from './measuring';
import { percent, table } from './output';
import { modelPlans, planFor, type PlanCurves, type SpaceOption } from './planning';
import type { OpenImages, Workspace } from './workspace';
import { shuffledImages } from '../src/enc/split';

/** How ENC-Inf races, from the command line. */
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

/** ENC-Inf's answer, and the race it comes from. */
export interface RacedPlan {
  readonly plan: Plan;
  readonly standings: readonly PrintedStanding[];
}

/** Images in the first batch of a race; every later one doubles what has been run. */
const firstBatch = 64;

/**
 * Opens the images that ENC-Inf races on, taken from the files by seed.
 *
 * @throws FailureError `invalid-request` where no files are given or there are too few images
 */
export async function openRaceImages(
  workspace: Workspace,
  { selection, count, seed }: RaceOptions,
  images: Parameters<Workspace['openImages']>[0] | Omit<Parameters<Workspace['openImages']>[0], 'data'>,
): Promise<OpenImages> {
  if (selection === null)
    return fail(
      'invalid-request',
      '--method inf: expected --selection with images to race plans on, found none.',
    );
  const all = await workspace.openImages({ ...images, data: selection, images: Infinity }, 'calibration');
  const indices = shuffledImages(all.selection.indices.length, seed);
  const draw = { kind: 'shuffled', seed, from: 0, count: indices.length } as const;
  const shuffled = { ...all, selection: { ...all.selection, indices }, draw };
  return someImages(shuffled, 0, count, 'to race plans on');
}

/**
 * ENC-Inf at one target: the plans of the other methods and the best of ENC-Model's, raced on selection images.
 * Of equals the one listed first wins, ENC-Model's best before all others.
 */
export async function racedPlan(
  workspace: Workspace,
  images: OpenImages,
  target: number,
  problem: SelectionProblem,
  given: PlanCurves,
  space: SpaceOption,
  { candidates: count }: RaceOptions,
): Promise<RacedPlan> {
  const best = modelPlans(target, problem, given, space, poolFactor * count);
  const others = (['uniform', 'map'] as const).map((method) => planFor(method, target, problem, given));
  const candidates = infCandidates(best, others, count);
  const standings = await workspace.race(
    images,
    candidates.map(({ plan, isSeeded }) => ({ recipe: workspace.recipe(plan.ranks), isSeeded })),
    await rightAnswers(workspace, images),
    firstBatch,
  );
  const winner = winnerOf(standings);
  return {
    plan: { ...candidates[winner]!.plan, method: 'inf' },
    standings: standings.map(({ images: run, correct, isDropped }, index) => ({
      method: candidates[index]!.plan.method,
      isSeeded: candidates[index]!.isSeeded,
      achieved: candidates[index]!.plan.achieved,
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
