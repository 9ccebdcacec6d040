import { plansKind } from '../../../workers/protocol/plans';
import type { BackgroundJob } from '../background';
import { fullPlansTask, withFullPlans, type FullPlansTask } from '../fullPlans';
import { plannerOf } from '../planning';
import { budgetsAt } from '../plans';
import { withPresentPlans } from '../presentPlans';

/** Searches for plans in a thread, with all the time that it takes, where a frame of the page had too little. */
export const fullPlans: BackgroundJob<FullPlansTask> = {
  kind: 'full-plans',
  label: 'Plans',
  stage: 'plans',
  lane: 'foreground',
  order: 0.25,
  isForPage: true,
  needsNoFactors: true,
  rest: () => 100,
  wanted: (state) => {
    const task = fullPlansTask(state);
    return task ? [task] : [];
  },
  title: () => 'Searching for the best ranks',
  async run(task, { studio, signal, onProgress, getState, update }) {
    const planner = plannerOf(getState())!;
    const { problem, inputs } = planner;
    const { metric, curves, energy, space } = inputs;
    const outcome = await studio.run(
      signal,
      plansKind,
      { problem, inputs: { metric, curves, energy, space }, budgets: budgetsAt(planner, task.target) },
      onProgress,
    );
    if (outcome.ok) update((state) => withPresentPlans(withFullPlans(state, task, outcome.value)));
    return outcome;
  },
};
