import type { Studio } from '../../../workers/protocol/studio';
import { forgetful, type Caches } from '../caches';
import { backgroundJobs } from '../jobs';
import { createJobRunner, type JobRunner } from '../jobRunner';
import { plannerOf } from '../planning';
import { plansAt } from '../plans';
import { racedPlans } from '../race';
import { createProjectStore, type ProjectState, type ProjectStore } from '../state';
import { supervise, type Clock, type Supervisor } from '../supervisor';
import { withPlans } from '../foundTransitions';
import { hurriedClock } from './clocks';

/** Keeps the plans at the newest target, without waiting for a frame. Ask for it before anything follows plans. */
function keepPlans(store: ProjectStore): void {
  const plan = (state: ProjectState) => {
    const planner = plannerOf(state);
    if (!planner) return;
    const { target } = state.document.settings;
    const plans = { ...plansAt(planner, target), ...racedPlans(state) };
    store.setState((present) => withPlans(present, target, plans));
  };
  let last: readonly unknown[] = [];
  const check = (state: ProjectState) => {
    const inputs = [plannerOf(state), state.document.settings.target, state.races];
    if (inputs.every((input, index) => input === last[index])) return;
    last = inputs;
    plan(state);
  };
  store.subscribe(() => check(store.getState()));
  check(store.getState());
}

/** A project at work by itself, as a page or a command line has it. */
export interface WorkingProject {
  readonly store: ProjectStore;
  readonly supervisor: Supervisor;
  readonly runner: JobRunner;
  /** Titles of the tasks, in the order in which they began. */
  readonly begun: readonly string[];
}

/** Starts everything that follows a state by itself; nobody rests in between, unless the clock says so. */
export function work(
  initial: ProjectState,
  studio: Pick<Studio, 'run'>,
  clock: Clock = hurriedClock(),
  caches: Caches = forgetful,
): WorkingProject {
  const store = createProjectStore(initial);
  keepPlans(store);
  const begun: string[] = [];
  const quiet = createJobRunner(store, () => () => undefined);
  const runner: JobRunner = {
    ...quiet,
    run(id, title, work) {
      begun.push(title);
      return quiet.run(id, title, work);
    },
  };
  const supervisor = supervise({
    ...{ store, caches, runner, clock },
    studio: studio as Studio,
    jobs: () => backgroundJobs.all,
  });
  return { store, supervisor, runner, begun };
}
