import { isOriginal } from '../src/compression/recipe';
import type { BackgroundJob } from '../src/project/background';
import { lastingJobs } from '../src/project/jobs';
import { measure } from '../src/project/jobs/measure';
import { createJobRunner } from '../src/project/jobRunner';
import { hasEnded } from '../src/project/jobStatus';
import { measuring, sweeping } from '../src/project/kinds';
import { chosenMetric } from '../src/project/metricChoices';
import { withPresentPlans } from '../src/project/presentPlans';
import type { ProjectState } from '../src/project/state';
import { supervise } from '../src/project/supervisor';
import { isSweepFinished, sweepTask } from '../src/project/sweeps';
import type { OnProgress } from '../workers/protocol/progress';
import { note, progressLine } from './output';
import type { Workspace } from './workspace';

/** A task that came to its end. */
export interface DoneTask {
  /** Kind of the job. */
  readonly job: string;
  readonly key: string;
  readonly title: string;
  /** Share of right answers, where the task measured one. */
  readonly accuracy: number | null;
}

/**
 * Does all the background work that there is, task by task, until none is wanted; the layers are factorised.
 *
 * @param only kinds of the jobs that may run; null lets all of them. The original network is measured in any case:
 * whatever else there is waits for it.
 * @returns what was done, in the order in which it ended
 */
export async function doAll(
  workspace: Workspace,
  only: readonly string[] | null,
): Promise<readonly DoneTask[]> {
  const { store, studio } = workspace;
  const done: DoneTask[] = [];
  const jobs = () =>
    lastingJobs()
      .flatMap((job) => allowed(job, only))
      .map((job) => noting(job, done));
  const isSweeping = () => jobs().some(({ kind }) => kind === sweeping);
  const keepPlanning = () => {
    if (!isAwaitingCurves(workspace.state, isSweeping())) workspace.update(withPresentPlans);
  };
  keepPlanning();
  const unsubscribe = store.subscribe((state, former) => {
    if (hasOtherPlans(state, former)) keepPlanning();
  });
  const supervisor = supervise({
    ...{ store, studio, jobs },
    caches: workspace.caches,
    runner: createJobRunner(store),
  });
  await supervisor.whenIdle();
  supervisor.close();
  unsubscribe();
  return done;
}

function allowed(job: BackgroundJob, only: readonly string[] | null): readonly BackgroundJob[] {
  // Nothing moves a slider here, so there is no reason to wait.
  const prompt = { ...job, rest: () => 0 };
  if (only === null || only.includes(job.kind)) return [prompt];
  if (job.kind !== measuring) return [];
  return [{ ...prompt, wanted: (state) => measure.wanted(state).filter(({ recipe }) => isOriginal(recipe)) }];
}

function noting(job: BackgroundJob, done: DoneTask[]): BackgroundJob {
  return {
    ...job,
    async run(task, tools) {
      const title = job.title(tools.getState(), task);
      const former = tools.getState().document.measurements;
      const line = progressLine();
      const onProgress: OnProgress = (progress) => {
        tools.onProgress(progress);
        line(progress);
      };
      const outcome = await job.run(task, { ...tools, onProgress });
      if (!outcome.ok) return outcome;
      const accuracy = freshAccuracy(tools.getState(), former);
      done.push({ job: job.kind, key: task.key, title, accuracy });
      note(title);
      return outcome;
    },
  };
}

/** Of what a task has measured. */
function freshAccuracy({ document }: ProjectState, former: ProjectState['document']['measurements']) {
  const key = Object.keys(document.measurements).find((own) => !Object.hasOwn(former, own));
  const measurement = key === undefined ? null : document.measurements[key]!;
  return measurement && measurement.top1 !== null ? measurement.top1 / measurement.count : null;
}

/** Whether plans would be made by curves that are about to be measured: what would be run of them, would be in vain. */
function isAwaitingCurves(state: ProjectState, isSweeping: boolean): boolean {
  const { document, jobs } = state;
  if (!isSweeping || !chosenMetric(document.settings.metric).needs.images) return false;
  const task = sweepTask(state);
  return task !== null && !isSweepFinished(state, task) && !hasEnded(jobs, sweeping, task.key);
}

/** What plans follow from. The planner is derived and remembers one answer only, so it is not asked for here. */
function hasOtherPlans(state: ProjectState, former: ProjectState): boolean {
  const inputs = ({ document, races, network, images, tuning, jobs, results }: ProjectState) => [
    document.settings,
    document.points,
    document.finishedSweeps,
    races,
    network,
    images,
    tuning,
    jobs[sweeping],
    results,
  ];
  const before = inputs(former);
  return inputs(state).some((input, index) => input !== before[index]);
}
