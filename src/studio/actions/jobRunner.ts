import type { Failure, Outcome } from '../../network/failure';
import type { OnProgress, Progress } from '../../../workers/protocol/progress';
import { secondsLeft, type JobId } from '../store/jobs';
import type { StudioStore } from '../store/store';
import { withJob } from '../store/transitions';
import { nextFrame } from './frames';

/** What a job may do: it gets a signal first, and reports how far it is. */
export type Work<T> = (signal: AbortSignal, onProgress: OnProgress) => Promise<Outcome<T>>;

/** Runs long steps one per name; a new run of a name takes the place of the former one. */
export interface JobRunner {
  /** The job's value, or the failure that ended it; a job that was replaced ends as cancelled. */
  run<T>(id: JobId, title: string, work: Work<T>): Promise<Outcome<T>>;
  /** Stops a job. A person's cancellation is noted, so that nothing starts it again by itself. */
  cancel(id: JobId, by: 'person' | 'studio'): void;
}

const cancelled: Failure = { code: 'cancelled', message: 'Cancelled.' };

/** Keeps the store's job slice: one tagged status per job, progress at most once per frame. */
export function createJobRunner(store: StudioStore): JobRunner {
  const controllers = new Map<JobId, AbortController>();

  const isCurrent = (id: JobId, controller: AbortController) => controllers.get(id) === controller;

  async function run<T>(id: JobId, title: string, work: Work<T>): Promise<Outcome<T>> {
    controllers.get(id)?.abort();
    const controller = new AbortController();
    controllers.set(id, controller);
    const startedAt = performance.now();
    const show = (progress: Progress | null) => {
      const left = secondsLeft(progress, (performance.now() - startedAt) / 1000);
      store.setState((state) => withJob(state, id, { state: 'running', title, progress, secondsLeft: left }));
    };
    show(null);
    const showProgress = nextFrame<Progress>((progress) => {
      if (isCurrent(id, controller)) show(progress);
    });
    const outcome = await settled(work(controller.signal, showProgress));
    if (!isCurrent(id, controller)) return { ok: false, failure: cancelled };
    controllers.delete(id);
    store.setState((state) =>
      withJob(state, id, outcome.ok ? null : { state: 'failed', title, failure: outcome.failure }),
    );
    return outcome;
  }

  function cancel(id: JobId, by: 'person' | 'studio'): void {
    const controller = controllers.get(id);
    if (!controller) return;
    controllers.delete(id);
    controller.abort();
    const { jobs } = store.getState();
    const title = jobs[id]?.title ?? '';
    store.setState((state) => withJob(state, id, by === 'person' ? { state: 'cancelled', title } : null));
  }

  return { run, cancel };
}

/** A bug in a worker must not leave the job running for ever: it is shown, with its text, where the job failed. */
async function settled<T>(work: Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await work;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    reportError(error);
    return { ok: false, failure: { code: 'invalid-request', message: `The studio itself failed: ${text}` } };
  }
}
