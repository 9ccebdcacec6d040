import type { Plan } from '../enc/plan';
import type { BackgroundTask } from './background';
import { plannerOf } from './planning';
import { plannedOf, type Planner, type Plans } from './plans';
import { resultsOf } from './results';
import type { ProjectState } from './state';

/** Plans whose searches took their time, by the method's id. */
const fullPlans = resultsOf<{ readonly key: string; readonly plans: Readonly<Record<string, Plan>> }>(
  'full-plans',
);
/** Only those of the last target are kept. */
const place = 'last';

/** Plans at a target that a frame had too little time for. */
export interface FullPlansTask extends BackgroundTask {
  readonly target: number;
}

/** Numbers planners; what is another planner has other plans. */
const numbers = new WeakMap<Planner, number>();
let last = 0;

function keyOf(planner: Planner, target: number): string {
  const number = numbers.get(planner) ?? ++last;
  numbers.set(planner, number);
  return `${number}@${target}`;
}

/**
 * What there is to search for in full: the present plans, where one was cut short; null where none was. Under several
 * budgets every search ends within a frame, and what it leaves open no longer one closes.
 */
export function fullPlansTask(state: ProjectState): FullPlansTask | null {
  const { completed, plansInFrames } = state;
  const planner = plannerOf(state);
  if (!plansInFrames || !planner || planner.others.length > 0 || !completed) return null;
  const { target } = completed;
  const key = keyOf(planner, target);
  if (fullPlans.of(state, place)?.key === key) return null;
  const wasCutShort = Object.values(completed.plans).some(({ plan: { gap = 0 } }) => gap > 0);
  return wasCutShort ? { key, target } : null;
}

/** The plans of a target that were searched for in full; none where that was not done. */
export function fullPlansAt(state: ProjectState, planner: Planner, target: number): Plans {
  const found = fullPlans.of(state, place);
  if (found?.key !== keyOf(planner, target)) return {};
  return Object.fromEntries(Object.entries(found.plans).map(([id, plan]) => [id, plannedOf(planner, plan)]));
}

/** The state with plans that were searched for in full. */
export function withFullPlans<S extends ProjectState>(
  state: S,
  { key }: FullPlansTask,
  plans: Readonly<Record<string, Plan>>,
): S {
  return fullPlans.put(state, place, { key, plans });
}
