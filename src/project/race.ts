import { curveMethods, racedMethods } from '../compression/methods';
import type { ProposedPlan } from '../compression/methods/method';
import { recipeKey } from '../compression/recipe';
import { canonicalKey } from '../network/canonical';
import type { BackgroundTask } from './background';
import { hasEnough, imageParts } from './images';
import { statusOf, type JobStatus } from './jobStatus';
import { racing } from './kinds';
import { imagesKey } from './measurement';
import { originalMeasurement } from './measurements';
import { plannerOf } from './planning';
import { isAllowed, plansOf, type PlannedMethod, type Planner, type Plans } from './plans';
import { winnerOfRace, type RaceEntry, type RaceState } from './raceState';
import { remembered } from './remembered';
import type { ProjectState } from './state';
import { areCurvesInFlux } from './sweeps';

/** Images of the first batch of a race; every later one doubles what has been run. */
export const firstBatch = 32;

/** A race that there is reason to run. */
export interface RaceTask extends BackgroundTask {
  readonly method: string;
  readonly target: number;
  /** Made only when the race starts: the next best plans take some milliseconds. */
  entries(): readonly RaceEntry[];
}

/**
 * The races to run for the present target. A sweep that goes on changes the curves all the time, so races wait for
 * it, unless energy drives the methods.
 */
export const wantedRaces = remembered(
  (state: ProjectState) => [
    state.backend,
    plannerOf(state),
    imageParts(state),
    state.completed,
    state.document.settings,
    state.races,
    areCurvesInFlux(state),
    originalMeasurement(state),
  ],
  racesFor,
);

function racesFor(state: ProjectState): readonly RaceTask[] {
  if (!state.backend || areCurvesInFlux(state) || !originalMeasurement(state)) return [];
  return racedMethods().flatMap(({ id }) => {
    const task = raceTaskOf(state, id);
    const known = state.races[id];
    return !task || (known?.key === task.key && known.isFinished) ? [] : [task];
  });
}

/** The race of a method at the present target, whether or not it was run; null where it cannot be. */
export function raceTaskOf(state: ProjectState, method: string): RaceTask | null {
  const planner = plannerOf(state);
  const parts = imageParts(state);
  const { completed, document } = state;
  const { target, candidates } = document.settings;
  if (!planner?.isComplete || !parts || !hasEnough(state, 'selection') || completed?.target !== target)
    return null;
  const { plans } = completed;
  const about = [
    imagesKey(parts.selection.drawn),
    target,
    candidates,
    weightOnly(plans).map((each) => recipeKey(each.recipe)),
  ];
  let entries: readonly RaceEntry[] | null = null;
  return {
    key: canonicalKey([method, ...about]),
    method,
    target,
    entries: () => (entries ??= raceEntries(planner, plans, method, target, candidates)),
  };
}

/** A race as it ended before, from the document; null where it never did, or of other plans. */
export function recordedRace({ document }: ProjectState, task: RaceTask): RaceState | null {
  const note = document.races[task.key];
  if (!note) return null;
  const { key, method, target } = task;
  const entries = task.entries();
  const standings = note.standings.map((own) => ({ ...own, correctByImage: new Uint8Array(0) }));
  const isSame =
    entries.length === standings.length &&
    entries.every(({ planned }, index) => recipeKey(planned.recipe) === standings[index]!.key);
  return isSame ? { method, key, target, entries, standings, images: note.images, isFinished: true } : null;
}

/** Plans that curves alone decide. */
function weightOnly(plans: Plans): readonly PlannedMethod[] {
  return curveMethods().flatMap(({ id }) => plans[id] ?? []);
}

/** What a method races at a target: its candidates, and with them every plan that curves alone decide. */
export function raceEntries(
  planner: Planner,
  plans: Plans,
  method: string,
  target: number,
  count: number,
): readonly RaceEntry[] {
  // Of methods with the same plan, the one that refines the other is named first.
  const others = weightOnly(plans).toReversed();
  return plansOf(planner, method, target, count).map((planned) => {
    const key = recipeKey(planned.recipe);
    const proposing = others.filter((own) => recipeKey(own.recipe) === key).map((own) => own.plan.method);
    const { isSeeded = false }: ProposedPlan = planned.plan;
    return { planned, isSeeded, methods: proposing };
  });
}

/** The plans that races for this target have found, unless a budget or a decision about a layer now rules them out. */
export function racedPlans(state: ProjectState): Plans {
  const { target, cost } = state.document.settings;
  const planner = plannerOf(state);
  const won = Object.values(state.races).flatMap((race) => {
    const winner = race.target === target ? winnerOfRace(race) : null;
    const holds = winner?.plan.budget.cost === cost && planner && isAllowed(planner, target, winner);
    return holds ? [[race.method, winner] as const] : [];
  });
  return Object.fromEntries(won);
}

/** How the race that there is reason to run for a method stands; null where there is none, or it has not begun. */
export function raceStatus(
  state: ProjectState,
  method: string,
): { readonly key: string; readonly status: JobStatus } | null {
  const task = wantedRaces(state).find((wanted) => wanted.method === method);
  const status = task && statusOf(state.jobs, racing, task.key);
  return status ? { key: task.key, status } : null;
}
