import type { RaceCandidate, RaceStanding } from '../../../workers/protocol/race';
import { racedMethods } from '../../compression/methods';
import { canPlan, macsBudget } from '../../compression/planning';
import type { Method } from '../../enc/plan';
import { plannedOf, type Planner, type PlannedMethod, type Plans } from './planning/planner';

export const candidateRange = { min: 2, max: 100 } as const;

/** A plan in the race. */
export interface RaceEntry {
  readonly planned: PlannedMethod;
  /** Never dropped. */
  readonly isSeeded: boolean;
  /** Methods whose plan this is; empty for one of the next best. */
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

/** The method whose candidates the page races: the first that there is. */
const racedMethod = () => racedMethods()[0];

/** The plans that the command line races, too, with the methods that propose them. */
export function raceEntries(planner: Planner, plans: Plans, target: number, count: number): RaceEntry[] {
  const { problem, inputs } = planner;
  const budget = macsBudget(target);
  const method = racedMethod();
  if (!method || !canPlan(method, problem, inputs, budget)) return [];
  // Of methods with the same plan, the one that refines the other is named first.
  const proposing = Object.values(plans).reverse();
  return method.plans(problem, inputs, [budget], count).map(({ isSeeded = false, ...plan }) => {
    const planned = plannedOf(planner, plan);
    const own = proposing.filter((other) => other.key === planned.key && other.plan.method !== method.id);
    return { planned, isSeeded, methods: own.map((other) => other.plan.method) };
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
  const method = racedMethod()?.id;
  return winner && method !== undefined ? { ...winner, plan: { ...winner.plan, method } } : null;
}
