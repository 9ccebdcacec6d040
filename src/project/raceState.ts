import type { RaceCandidate, RaceStanding } from '../../workers/protocol/race';
import type { PlannedMethod } from './plans';

/** A plan in the race. */
export interface RaceEntry {
  readonly planned: PlannedMethod;
  /** The plan of another method: never dropped, so that the winner is never worse than it. */
  readonly isSeeded: boolean;
  /** Methods whose plan this is; empty for one that only the race proposes. */
  readonly methods: readonly string[];
}

/** Where the race of one method at one target stands. */
export interface RaceState {
  /** The method that the winner is the plan of. */
  readonly method: string;
  /** Names plans, target and images; a race of another key is over. */
  readonly key: string;
  readonly target: number;
  readonly entries: readonly RaceEntry[];
  /** In the entries' order; empty before the first batch. */
  readonly standings: readonly RaceStanding[];
  /** Selection images in all. */
  readonly images: number;
  readonly isFinished: boolean;
}

/** What the threads are told of the entries. */
export function candidatesOf(entries: readonly RaceEntry[]): readonly RaceCandidate[] {
  return entries.map(({ planned, isSeeded }) => ({ recipe: planned.recipe, isSeeded }));
}

/** The entry with the most right answers on all selection images; null while nobody has run on all. */
export function winningEntry({ entries, standings, images, isFinished }: RaceState): RaceEntry | null {
  return isFinished ? (entries[winningIndex(standings, images)] ?? null) : null;
}

/**
 * Position of the winner of a race that has ended: of those that ran on all images the one with the most right
 * answers, of equals the first; −1 where nobody ran on all.
 */
export function winningIndex(
  standings: readonly Pick<RaceStanding, 'images' | 'correct'>[],
  images: number,
): number {
  let best = -1;
  standings.forEach(({ images: run, correct }, index) => {
    if (run === images && (best < 0 || correct > standings[best]!.correct)) best = index;
  });
  return best;
}

/** Its plan, as the answer of the method that raced it. */
export function winnerOfRace(race: RaceState): PlannedMethod | null {
  const winner = winningEntry(race)?.planned;
  return winner ? { ...winner, plan: { ...winner.plan, method: race.method } } : null;
}
