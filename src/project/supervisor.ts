import type { Studio } from '../../workers/protocol/studio';
import type { Failure, Outcome } from '../network/failure';
import type { BackgroundJob, BackgroundTask } from './background';
import type { Caches } from './caches';
import type { CancelledBy, JobRunner } from './jobRunner';
import { hasEnded, withStatus, type JobId } from './jobStatus';
import { factorising } from './kinds';
import type { ProjectState, ProjectStore } from './state';

/** Starts, stops, pauses, resumes and retries everything that the studio does by itself. */
export interface Supervisor {
  /** Halts a kind of work; nothing that it has done is lost. */
  pause(kind: string): void;
  /** Goes on after a pause, a cancellation or a failure. */
  resume(kind: string): void;
  /** Halts every kind of work in one step; nothing that was done is lost. */
  stopAll(): void;
  /** Goes on with everything after {@link Supervisor.stopAll}, and with what failed or was cancelled. */
  resumeAll(): void;
  /** What is wanted and does not run yet, in the order in which it will. */
  waiting(): readonly WaitingWork[];
  /** Forgets that a task failed or was cancelled, so that it is started again if it is still wanted. */
  retry(id: JobId): void;
  /**
   * Does a task now because a person waits for it, whatever else runs; another task of its kind makes way, or goes
   * first where something holds it. Settles when it ended.
   *
   * @param hold keeps the task going, whatever the state wants by then, until this signal is aborted
   */
  ensure(kind: string, task: BackgroundTask, hold?: AbortSignal): Promise<Outcome<unknown>>;
  /** Settles once no thread is still to get the factors of curves that are shown already. */
  whenFactored(): Promise<void>;
  /** Resolves once nothing is wanted and nothing runs: for a command line that does all the work there is. */
  whenIdle(): Promise<void>;
  /** Stops everything and starts nothing any more. */
  close(): void;
}

/** Something that will run by itself. */
export interface WaitingWork {
  readonly kind: string;
  readonly title: string;
  /** As long as the last of its kind took; null where none has ended yet. */
  readonly seconds: number | null;
}

/** Where its tools come from; the clock can be another one in tests. */
export interface SupervisorSetting {
  readonly store: ProjectStore;
  readonly studio: Studio;
  readonly caches: Caches;
  readonly runner: JobRunner;
  /** Asked again at every change, so that a job may be added while the studio runs. */
  readonly jobs: () => readonly BackgroundJob[];
  readonly clock?: Clock;
}

/** Time, as far as the supervisor needs it. */
export interface Clock {
  now(): number;
  /** Calls once after so many milliseconds; answers what calls it off. */
  after(milliseconds: number, call: () => void): () => void;
}

const wallClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
};

interface Running {
  readonly job: BackgroundJob;
  readonly task: BackgroundTask;
  /** Whether a person waits for it, so that it runs beside its lane. */
  readonly isDemanded: boolean;
  outcome: Promise<Outcome<unknown>>;
  /** What keeps it going though the state wants it no more. */
  readonly holds: AbortSignal[];
  isUpdating: boolean;
  /** Whether it is wanted no more because of what it has put into the state itself: it is about to end. */
  isFinishing: boolean;
}

interface Candidate {
  readonly job: BackgroundJob;
  readonly task: BackgroundTask;
}

const isHeld = ({ holds }: Running) => holds.some(({ aborted }) => !aborted);
const stopped: Failure = { code: 'cancelled', message: 'Cancelled.' };
const lanes = ['foreground', 'background'] as const;

/** Watches a store and keeps the work going that its jobs want. */
export function supervise({
  store,
  studio,
  caches,
  runner,
  jobs,
  clock = wallClock,
}: SupervisorSetting): Supervisor {
  let running: Running[] = [];
  /** Since when each task has been wanted. */
  let since = new Map<string, number>();
  let wanted: readonly Candidate[] = [];
  /** By kind. */
  const lastSeconds = new Map<string, number>();
  let callOff: () => void = () => undefined;
  let isClosed = false;
  const waitingForIdle: (() => void)[] = [];

  const nameOf = (job: BackgroundJob, task: BackgroundTask) => `${job.kind}:${task.key}`;
  const isRunning = (job: BackgroundJob, task: BackgroundTask) =>
    running.some((other) => other.job.kind === job.kind && other.task.key === task.key);

  function candidates(state: ProjectState): readonly Candidate[] {
    const orderOf = (job: BackgroundJob, task: BackgroundTask) => job.orderOf?.(state, task) ?? job.order;
    return [...jobs()]
      .filter(({ kind }) => !state.paused[kind])
      .flatMap((job) => job.wanted(state).map((task) => ({ job, task, order: orderOf(job, task) })))
      .filter(({ job, task }) => !hasEnded(state.jobs, job.kind, task.key))
      .sort((a, b) => a.order - b.order);
  }

  function check(): void {
    if (isClosed) return;
    const state = store.getState();
    wanted = candidates(state);
    stopUnwanted(state, wanted);
    const now = clock.now();
    since = new Map(wanted.map(({ job, task }) => [nameOf(job, task), since.get(nameOf(job, task)) ?? now]));
    callOff();
    let wait = Infinity;
    for (const lane of lanes) {
      if (running.some((each) => each.job.lane === lane && !each.isDemanded && !isHeld(each))) continue;
      const next = wanted.find(({ job, task }) => job.lane === lane && !isRunning(job, task));
      if (!next) continue;
      const left = since.get(nameOf(next.job, next.task))! + next.job.rest(state, next.task) - now;
      if (left > 0) wait = Math.min(wait, left);
      else start(next, false);
    }
    callOff = wait < Infinity ? clock.after(wait, check) : () => undefined;
    if (wanted.length === 0 && running.length === 0)
      for (const resolve of waitingForIdle.splice(0)) resolve();
  }

  function stopUnwanted(state: ProjectState, wanted: readonly Candidate[]): void {
    for (const each of [...running]) {
      const { job, task } = each;
      const isWanted = wanted.some((other) => other.job.kind === job.kind && other.task.key === task.key);
      const mayGoOn =
        isHeld(each) || (!state.paused[job.kind] && (job.mayGoOn?.(state, task) ?? each.isDemanded));
      if (isWanted || mayGoOn || each.isFinishing) continue;
      if (each.isUpdating) each.isFinishing = true;
      else stop(each, 'studio');
    }
  }

  function stop(each: Running, by: CancelledBy): void {
    running = running.filter((other) => other !== each);
    runner.cancel({ kind: each.job.kind, key: each.task.key }, by);
  }

  function start({ job, task }: Candidate, isDemanded: boolean): Running {
    // It counts as running before it runs: its first status already makes the store call for the next check.
    const outcome = Promise.resolve({ ok: false, failure: stopped } as const);
    const own: Running = { job, task, isDemanded, outcome, holds: [], isUpdating: false, isFinishing: false };
    running = [...running, own];
    const id = { kind: job.kind, key: task.key };
    own.outcome = runner.run(id, job.title(store.getState(), task), (signal, onProgress) => {
      const record = (change: (state: ProjectState) => ProjectState) => {
        own.isUpdating = true;
        store.setState(change);
        own.isUpdating = false;
      };
      const update: typeof record = (change) => {
        if (!signal.aborted) record(change);
      };
      const { getState } = store;
      return job.run(task, { studio, caches, signal, onProgress, getState, update, record });
    });
    const startedAt = clock.now();
    void own.outcome.then(({ ok }) => {
      if (ok) lastSeconds.set(job.kind, (clock.now() - startedAt) / 1000);
      running = running.filter((other) => other !== own);
      check();
    });
    return own;
  }

  function kept(own: Running, hold: AbortSignal | undefined): Promise<Outcome<unknown>> {
    if (hold) {
      own.holds.push(hold);
      hold.addEventListener('abort', check, { once: true });
    }
    return own.outcome;
  }

  /** What brings the factors of curves that are shown already; undefined where none are missing. */
  function awaitedFactors(): Running | undefined {
    const { network } = store.getState();
    if (!network || network.foreseen.size === 0) return undefined;
    return running.find(({ job }) => job.kind === factorising);
  }

  const clear = (id: JobId) =>
    store.setState((state) => ({ ...state, jobs: withStatus(state.jobs, id, null) }));
  const setPaused = (kinds: readonly string[], isPaused: boolean) => {
    const changed = Object.fromEntries(kinds.map((kind) => [kind, isPaused]));
    store.setState((state) => ({ ...state, paused: { ...state.paused, ...changed } }));
  };
  const kinds = () => jobs().map(({ kind }) => kind);

  function resume(some: readonly string[]): void {
    for (const kind of some) {
      const ended = Object.keys(store.getState().jobs[kind] ?? {});
      for (const key of ended) if (hasEnded(store.getState().jobs, kind, key)) clear({ kind, key });
    }
    setPaused(some, false);
    check();
  }

  const unsubscribe = store.subscribe((state, former) => {
    if (whatMatters(state).some((part, index) => part !== whatMatters(former)[index])) check();
  });
  check();

  return {
    pause: (kind) => setPaused([kind], true),
    resume: (kind) => resume([kind]),
    stopAll: () => setPaused(kinds(), true),
    resumeAll: () => resume(kinds()),
    waiting: () =>
      wanted
        .filter(({ job, task }) => !isRunning(job, task))
        .map(({ job, task }) => ({
          kind: job.kind,
          title: job.title(store.getState(), task),
          seconds: lastSeconds.get(job.kind) ?? null,
        })),
    retry(id) {
      clear(id);
      check();
    },
    ensure(kind, task, hold) {
      const others = running.filter((each) => each.job.kind === kind);
      const same = others.find((other) => other.task.key === task.key);
      if (same) return kept(same, hold);
      const job = jobs().find((other) => other.kind === kind);
      if (!job || isClosed) return Promise.resolve({ ok: false, failure: stopped });
      const held = others.find(isHeld);
      if (held) return held.outcome.then(() => this.ensure(kind, task, hold));
      if (awaitedFactors() && kind !== factorising && !job.needsNoFactors)
        return this.whenFactored().then(() => this.ensure(kind, task, hold));
      for (const other of others) stop(other, 'studio');
      clear({ kind, key: task.key });
      // Whoever asks for it wants it, whatever was halted before.
      if (store.getState().paused[kind]) setPaused([kind], false);
      return kept(start({ job, task }, true), hold);
    },
    async whenFactored() {
      for (let own = awaitedFactors(); own; own = awaitedFactors()) await own.outcome;
    },
    whenIdle() {
      const idle = new Promise<void>((resolve) => waitingForIdle.push(resolve));
      check();
      return idle;
    },
    close() {
      isClosed = true;
      unsubscribe();
      callOff();
      for (const each of [...running]) stop(each, 'studio');
    },
  };
}

/** What work can follow from; a pointer that moves over the page starts nothing. */
function whatMatters(state: ProjectState): readonly unknown[] {
  const { backend, document, network, images, tuning, completed, races, results, jobs } = state;
  const { allRepairedAt, paused } = state;
  return [backend, document, network, images, tuning, completed, races, results, jobs, allRepairedAt, paused];
}
