import { curveMethods, racedMethods } from '../compression/methods';
import type { ProposedPlan } from '../compression/methods/method';
import { recipeKey } from '../compression/recipe';
import { canonicalKey } from '../network/canonical';
import type { BackgroundTask } from './background';
import { imageParts, minSelection } from './images';
import { statusOf, type JobStatus } from './jobStatus';
import { racing } from './kinds';
import { imagesKey } from './measurement';
import { originalMeasurement } from './measurements';
import { areCurvesInFlux, plannerOf } from './planning';
import { plansOf, type PlannedMethod, type Planner, type Plans } from './plans';
import { winnerOfRace, type RaceEntry } from './raceState';
import { remembered } from './remembered';
import type { ProjectState } from './state';

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
  const planner = plannerOf(state);
  const parts = imageParts(state);
  const { completed, document } = state;
  const { target, candidates } = document.settings;
  if (!state.backend || !planner?.isComplete || !parts || parts.selection.indices.length < minSelection)
    return [];
  if (completed?.target !== target || areCurvesInFlux(state) || !originalMeasurement(state)) return [];
  const plans = weightOnly(completed.plans);
  const about = [
    imagesKey(parts.selection.drawn),
    target,
    candidates,
    plans.map((each) => recipeKey(each.recipe)),
  ];
  return racedMethods().flatMap(({ id: method }) => {
    const key = canonicalKey([method, ...about]);
    const known = state.races[method];
    if (known?.key === key && known.isFinished) return [];
    return [
      {
        key,
        method,
        target,
        entries: () => raceEntries(planner, completed.plans, method, target, candidates),
      },
    ];
  });
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

/** The plans that races for this target have found. */
export function racedPlans({ races, document }: ProjectState): Plans {
  const won = Object.values(races).flatMap((race) => {
    const winner = race.target === document.settings.target ? winnerOfRace(race) : null;
    return winner ? [[race.method, winner] as const] : [];
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
