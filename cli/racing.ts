import type { SelectionMethod } from '../src/compression/methods/method';
import { wilsonInterval, type Interval } from '../src/linalg/intervals';
import { fail } from '../src/network/failure';
import { race } from '../src/project/jobs/race';
import type { PlannedMethod } from '../src/project/plans';
import { raceTaskOf } from '../src/project/race';
import { winnerOfRace, winningIndex, type RaceState } from '../src/project/raceState';
import type { RaceStanding } from '../workers/protocol/race';
import { shuffledOf } from './images';
import { percent, table } from './output';
import type { ImageOptions, Workspace } from './workspace';

/** Which images plans are raced on, from the command line. */
export interface RaceOptions {
  /** Files of the selection images. */
  readonly selection: readonly string[] | null;
  readonly count: number;
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
  readonly planned: PlannedMethod;
  readonly standings: readonly PrintedStanding[];
}

/**
 * Opens the images that plans are raced on, taken from the files by the project's seed, as its selection images.
 *
 * @throws FailureError `invalid-request` where no files are given or there are too few images
 */
export async function openRaceImages(
  workspace: Workspace,
  { id }: SelectionMethod,
  { selection, count }: RaceOptions,
  given: Omit<ImageOptions, 'data'>,
): Promise<void> {
  const data =
    selection ??
    fail(
      'invalid-request',
      `--method ${id}: expected --selection with images to race plans on, found none; name files, a folder or a zip.`,
    );
  const images = await workspace.open({ ...given, data }, 'calibration');
  const { seed } = workspace.state.document.settings;
  workspace.use({ selection: shuffledOf(images, seed, count, 'to race plans on') });
}

/**
 * A raced method's answer to the present target: its candidates, run on the selection images. Of equals the one
 * listed first wins. The project's plans are at the target.
 */
export async function racedPlan(workspace: Workspace, { id }: SelectionMethod): Promise<RacedPlan> {
  await workspace.perform(race, raceTaskOf(workspace.state, id)!);
  const ended = workspace.state.races[id]!;
  return { planned: winnerOfRace(ended)!, standings: standingsOf(ended) };
}

function standingsOf({ entries, standings, images }: RaceState): readonly PrintedStanding[] {
  const racers = entries.map(({ isSeeded, planned }) => {
    const { method, achieved } = planned.plan;
    return { isSeeded, method, achieved };
  });
  return printedStandings(racers, standings, images);
}

/** @param racers in the order of the standings @param images selection images in all */
export function printedStandings(
  racers: readonly Pick<PrintedStanding, 'method' | 'isSeeded' | 'achieved'>[],
  standings: readonly Pick<RaceStanding, 'images' | 'correct' | 'isDropped'>[],
  images: number,
): readonly PrintedStanding[] {
  const winner = winningIndex(standings, images);
  return standings.map(({ images: run, correct, isDropped }, index) => {
    const { method, isSeeded, achieved } = racers[index]!;
    return {
      ...{ method, isSeeded, achieved, images: run, correct },
      accuracy: correct / run,
      interval: wilsonInterval(correct, run),
      isDropped,
      isWinner: index === winner,
    };
  });
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
