import type { RaceCandidate, RaceStanding } from '../../../workers/protocol/race';
import type { NetworkSummary } from '../../../workers/protocol/service';
import { infCandidates, poolFactor } from '../../enc/encInf';
import type { Method } from '../../enc/plan';
import { bestPlans, plannedOf, type Planner, type PlannedMethod, type Plans } from './planning/planner';
import { recipeOf } from './recipes';

export const candidateRange = { min: 2, max: 100 } as const;

/** A plan in the race. */
export interface RaceEntry {
  readonly planned: PlannedMethod;
  /** Never dropped. */
  readonly isSeeded: boolean;
  /** Methods whose plan this is; empty for one of ENC-Model's next best. */
  readonly methods: readonly Method[];
}

/** Where the race for one target stands. */
export interface RaceState {
  /** Names planner, target and images; a race of another key is over. */
  readonly key: string;
  readonly target: number;
  readonly entries: readonly RaceEntry[];
  /** In the entries' order; empty before the first batch. */
  readonly standings: readonly RaceStanding[];
  /** Selection images in all. */
  readonly images: number;
  readonly isFinished: boolean;
}

/** Whether so many plans may be raced. */
export function isCandidateCount(count: number): boolean {
  return Number.isInteger(count) && count >= candidateRange.min && count <= candidateRange.max;
}

/** The plans that the command line races, too, with the methods that propose them. */
export function raceEntries(planner: Planner, plans: Plans, target: number, count: number): RaceEntry[] {
  const others = [plans.map, plans.uniform].flatMap((planned) => planned?.plan ?? []);
  const pool = bestPlans(planner, target, poolFactor * count);
  const best = pool.length === 0 && plans.model ? [plans.model.plan] : pool;
  return infCandidates(best, others, count).map(({ plan, isSeeded }) => {
    const planned = plannedOf(planner, plan);
    const proposing = [plans.model, plans.map, plans.uniform].filter((own) => own?.key === planned.key);
    return { planned, isSeeded, methods: proposing.flatMap((own) => own?.plan.method ?? []) };
  });
}

/** What the threads are told of the entries. */
export function candidatesOf(network: NetworkSummary, entries: readonly RaceEntry[]): RaceCandidate[] {
  return entries.map(({ planned, isSeeded }) => ({
    recipe: recipeOf(network, planned.plan.ranks),
    isSeeded,
  }));
}

/** The entry with the most right answers on all selection images; null while nobody has run on all. */
export function winnerOfRace({ entries, standings, images, isFinished }: RaceState): PlannedMethod | null {
  if (!isFinished) return null;
  let best = -1;
  standings.forEach(({ images: run, correct }, index) => {
    if (run === images && (best < 0 || correct > standings[best]!.correct)) best = index;
  });
  const winner = entries[best]?.planned;
  return winner ? { ...winner, plan: { ...winner.plan, method: 'inf' } } : null;
}
