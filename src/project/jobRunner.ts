import type { OnProgress, Progress } from '../../workers/protocol/progress';
import type { Failure, Outcome } from '../network/failure';
import { secondsLeft, statusOf, withStatus, type JobId, type Reached } from './jobStatus';
import type { ProjectStore } from './state';

/** What a job may do: it gets a signal first, and reports how far it is. */
export type Work<T> = (signal: AbortSignal, onProgress: OnProgress) => Promise<Outcome<T>>;

/** Who stopped a job. A person's cancellation is noted, so that nothing starts it again by itself. */
export type CancelledBy = 'person' | 'studio';

/** Runs long steps, one per id; a new run of an id takes the place of the former one. */
export interface JobRunner {
  /** The job's value, or the failure that ended it; a job that was replaced ends as cancelled. */
  run<T>(id: JobId, title: string, work: Work<T>): Promise<Outcome<T>>;
  cancel(id: JobId, by: CancelledBy): void;
}

/** Makes a function that applies the newest value now and then, as often as somebody can see it. */
export type Throttle = <T>(apply: (value: T) => void) => (value: T) => void;

const cancelled: Failure = { code: 'cancelled', message: 'Cancelled.' };

/**
 * Keeps the statuses of jobs in a store.
 *
 * @param throttle how often progress is shown; a page takes a frame
 * @param onBug told of exceptions that are no failures, beside being shown where the job failed
 */
export function createJobRunner(
  store: ProjectStore,
  throttle: Throttle = atMostEvery(50),
  onBug: (error: unknown) => void = () => undefined,
): JobRunner {
  const controllers = new Map<string, AbortController>();
  const nameOf = ({ kind, key }: JobId) => `${kind}:${key}`;
  const isCurrent = (id: JobId, controller: AbortController) => controllers.get(nameOf(id)) === controller;

  async function run<T>(id: JobId, title: string, work: Work<T>): Promise<Outcome<T>> {
    controllers.get(nameOf(id))?.abort();
    const controller = new AbortController();
    controllers.set(nameOf(id), controller);
    const startedAt = performance.now();
    let first: Reached | null = null;
    const show = (progress: Progress | null) => {
      const elapsed = (performance.now() - startedAt) / 1000;
      // A job that begins another part of its work counts from its start.
      if (progress && (first === null || progress.done < first.done))
        first = { done: progress.done, at: elapsed };
      const left = secondsLeft(progress, first ?? { done: 0, at: 0 }, elapsed);
      setStatus(store, id, { state: 'running', title, progress, secondsLeft: left });
    };
    show(null);
    const showProgress = throttle<Progress>((progress) => {
      if (isCurrent(id, controller)) show(progress);
    });
    // Whoever saw it begin may have stopped it at once.
    if (controller.signal.aborted) return { ok: false, failure: cancelled };
    const outcome = await settled(work, controller.signal, showProgress, onBug);
    if (!isCurrent(id, controller)) return { ok: false, failure: cancelled };
    controllers.delete(nameOf(id));
    setStatus(store, id, outcome.ok ? null : { state: 'failed', title, failure: outcome.failure });
    return outcome;
  }

  function cancel(id: JobId, by: CancelledBy): void {
    const controller = controllers.get(nameOf(id));
    if (!controller) return;
    controllers.delete(nameOf(id));
    controller.abort();
    const title = statusOf(store.getState().jobs, id.kind, id.key)?.title ?? '';
    setStatus(store, id, by === 'person' ? { state: 'cancelled', title } : null);
  }

  return { run, cancel };
}

function setStatus(store: ProjectStore, id: JobId, status: Parameters<typeof withStatus>[2]): void {
  store.setState((state) => ({ ...state, jobs: withStatus(state.jobs, id, status) }));
}

/** A bug in a worker must not leave the job running for ever: it is shown, with its text, where the job failed. */
async function settled<T>(
  work: Work<T>,
  signal: AbortSignal,
  onProgress: OnProgress,
  onBug: (error: unknown) => void,
): Promise<Outcome<T>> {
  try {
    return await work(signal, onProgress);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    onBug(error);
    return { ok: false, failure: { code: 'invalid-request', message: `The studio itself failed: ${text}` } };
  }
}

/** A throttle by the clock. */
export function atMostEvery(milliseconds: number): Throttle {
  return (apply) => {
    let waiting: { value: Parameters<typeof apply>[0] } | null = null;
    return (value) => {
      const isScheduled = waiting !== null;
      waiting = { value };
      if (isScheduled) return;
      setTimeout(() => {
        const newest = waiting;
        waiting = null;
        if (newest) apply(newest.value);
      }, milliseconds);
    };
  };
}
