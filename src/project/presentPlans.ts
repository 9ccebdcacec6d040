import { fullPlansAt } from './fullPlans';
import { plannerOf } from './planning';
import { plansAt, type Plans } from './plans';
import { raceTaskOf, racedPlans, recordedRace } from './race';
import { racedMethods } from '../compression/methods';
import type { ProjectState } from './state';
import { withPlans, withRace } from './foundTransitions';

/**
 * The state with the plans of its target worked out: of methods that go by curves, and of those whose races have
 * ended, be it in an earlier session that the document tells of. Unchanged before a network is open.
 */
export function withPresentPlans<S extends ProjectState>(state: S): S {
  const planner = plannerOf(state);
  if (!planner) return state;
  const { target } = state.document.settings;
  const byCurves = plansAt(planner, target);
  const raced = withRecordedRaces(withPlans(state, target, byCurves));
  const plans: Plans = { ...byCurves, ...fullPlansAt(state, planner, target), ...racedPlans(raced) };
  return withPlans(raced, target, plans);
}

/** Races that the document tells the end of need not be run again. */
function withRecordedRaces<S extends ProjectState>(state: S): S {
  // Asked in every frame of a drag, so that what there cannot be is not looked for.
  if (Object.keys(state.document.races).length === 0) return state;
  return racedMethods().reduce((present, { id }) => {
    const task = raceTaskOf(present, id);
    if (!task || present.races[id]?.key === task.key) return present;
    const recorded = recordedRace(present, task);
    return recorded ? withRace(present, recorded) : present;
  }, state);
}
