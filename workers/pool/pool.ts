import type { BackendName, BackendReport, BackendRequest } from '../../src/engine/backend';
import { FailureError, unwrap } from '../../src/network/failure';
import { artefactName, type Artefact } from '../protocol/artefacts';
import type { RunKind, RunSpec } from '../protocol/kinds';
import type { OnProgress } from '../protocol/progress';
import { cancellation } from './cancellation';
import { Ledger } from './ledger';
import { ThreadQueue, type Lease, type Slot } from './threadQueue';
import { isLoss, studioClosed, threadLost, type Thread } from './threads';

/** A job as the pool sees it. */
export interface Job {
  readonly id: string;
  readonly signal: AbortSignal;
}

/** What a unit of work may want beside its task. */
export interface UnitHooks<S extends RunSpec> {
  onProgress?: OnProgress;
  onEvent?(event: S['event']): void;
  /** What the unit has made in its thread, for all the others. */
  makes?(result: S['result']): Artefact;
  /** The task after a thread was lost, where the unit can go on from something; the same task unless given. */
  again?(): S['task'];
  /** Which of the pool's places it waits for, counted round: where an earlier unit of the job has kept something. */
  readonly place?: number;
}

export interface PoolOptions {
  readonly openThread: () => Thread;
  /** Most threads where the backend computes on the processor. */
  readonly threads: number;
  /** Told a sentence when a thread could not be replaced. */
  readonly onNote?: (sentence: string) => void;
}

/** New threads that one unit may cost. */
const maxReplacements = 3;
/** Repairs, and the like, that threads keep; a person seldom looks at more than the last ones. */
const maxRepeatable = 24;
/** Tries to start one new thread. */
const maxStarts = 3;

/**
 * Threads that all hold the same artefacts. One that dies, or whose device is lost, is replaced: a new one is
 * started with the same backend, everything is put to it again, and the unit that ran there runs once more.
 */
export class Pool {
  private readonly queue = new ThreadQueue();
  private readonly ledger = new Ledger();
  /** Threads that have not taken their places yet. */
  private readonly starting = new Set<Thread>();
  private backend: BackendName | null = null;
  private isClosed = false;

  constructor(private readonly options: PoolOptions) {}

  /** Places for threads; those whose thread is being replaced count. */
  get size(): number {
    return this.queue.size;
  }

  /** What every thread holds, or is about to. */
  get artefacts(): Iterable<Artefact> {
    return this.ledger.all;
  }

  /** Starts the threads. */
  async start(request: BackendRequest): Promise<BackendReport> {
    const takePlace = (thread: Thread) => this.watch(thread, this.queue.add(thread));
    const report = await this.startRepeatedly(request, takePlace);
    this.backend = report.backend;
    // A GPU is one device whatever the number of threads that talk to it.
    const more = report.backend === 'webgpu' ? 0 : this.options.threads - 1;
    const others = Array.from({ length: more }, () => this.startRepeatedly(report.backend, takePlace));
    const failed = (await Promise.allSettled(others)).find((result) => result.status === 'rejected');
    if (failed) this.note(`Not every compute thread could be started (${reasonOf(failed.reason)})`);
    return report;
  }

  /**
   * Puts an artefact to every thread, those that come later included.
   *
   * @param maker the thread that holds it already
   */
  async put(artefact: Artefact, maker: Thread | null = null): Promise<void> {
    const isNew = this.ledger.enter(artefact);
    const others = this.queue.threads.filter((thread) => thread !== maker);
    try {
      await Promise.all(others.map((thread) => this.putTo(thread, artefact)));
    } catch (error) {
      if (isNew) this.ledger.strike(artefact);
      throw error;
    }
    await this.release(this.ledger.keepNewest(maxRepeatable));
  }

  /** Lets every thread go of networks and images that were closed, unless they are open under another name. */
  async closeFiles(closed: ReadonlySet<string>, open: ReadonlySet<string>): Promise<void> {
    await this.release(this.ledger.close(closed, open));
  }

  private async release(artefacts: readonly Artefact[]): Promise<void> {
    const calls = this.queue.threads.flatMap(({ service }) =>
      artefacts.flatMap((artefact) => {
        const name = artefactName(artefact);
        return name ? [service.release(name)] : [];
      }),
    );
    // A thread that is gone holds nothing any more.
    await Promise.allSettled(calls);
  }

  /**
   * Runs a unit of a job on the next free thread, and on another one where that is lost.
   *
   * @throws FailureError of the unit, 'cancelled', or 'thread-lost' where it costs too many threads
   */
  async unit<S extends RunSpec>(
    job: Job,
    kind: RunKind<S>,
    task: S['task'],
    hooks: UnitHooks<S> = {},
  ): Promise<S['result']> {
    for (let losses = 0; ; losses++) {
      if (losses > maxReplacements) throw tooManyLosses(losses);
      const { place } = hooks;
      const turn = {
        priority: kind.priority,
        isFirst: losses > 0,
        ...(place === undefined ? {} : { place }),
      };
      const lease = await this.queue.acquire(turn);
      let result: S['result'];
      try {
        if (job.signal.aborted) throw cancellation();
        result = await this.attempt(lease, job, kind, losses > 0 ? (hooks.again?.() ?? task) : task, hooks);
      } catch (error) {
        const isLost = this.isLost(lease, error);
        if (isLost) this.replace(lease.slot, lease.thread);
        if (this.isClosed || job.signal.aborted) throw cancellation();
        if (!isLost) throw error;
        continue;
      } finally {
        lease.release();
      }
      // Others may be in the middle of something long: this thread need not stand idle until they take it.
      if (hooks.makes) await this.put(hooks.makes(result), lease.thread);
      return result;
    }
  }

  /** Stops a job's runs at their next step, and lets every thread let go of what it has kept for it. */
  async cancel(job: string): Promise<void> {
    // A thread that is gone has nothing left to stop.
    await Promise.allSettled(this.queue.threads.map(({ service }) => service.cancel(job)));
  }

  close(): void {
    this.isClosed = true;
    const reason = studioClosed();
    this.queue.close(reason);
    for (const thread of [...this.queue.threads, ...this.starting]) thread.close(reason);
  }

  /** Starts a thread, and others in its place where it is lost before it is ready. */
  private async startRepeatedly(
    request: BackendRequest,
    onReady: (thread: Thread) => void,
  ): Promise<BackendReport> {
    for (let starts = 1; ; starts++) {
      try {
        return await this.startThread(request, onReady);
      } catch (error) {
        if (this.isClosed || !isLoss(error) || starts === maxStarts) throw error;
      }
    }
  }

  /** Opens a thread, starts its backend and hands it over. */
  private async startThread(
    request: BackendRequest,
    onReady: (thread: Thread) => void,
  ): Promise<BackendReport> {
    const thread = this.options.openThread();
    this.starting.add(thread);
    try {
      const report = unwrap(await thread.service.start(request));
      for (const artefact of this.ledger.all) unwrap(await thread.service.put(artefact));
      if (this.isClosed) throw studioClosed();
      // Nothing may be awaited between the ledger's end and this: the thread would miss what is entered meanwhile.
      onReady(thread);
      return report;
    } catch (error) {
      thread.close(threadLost());
      throw error;
    } finally {
      this.starting.delete(thread);
    }
  }

  private watch(thread: Thread, slot: Slot): void {
    void thread.ended.then(() => this.replace(slot, thread));
  }

  private async attempt<S extends RunSpec>(
    { thread }: Lease,
    { id }: Job,
    kind: RunKind<S>,
    task: S['task'],
    { onProgress, onEvent }: UnitHooks<S>,
  ): Promise<S['result']> {
    let hasFailed = false;
    const report: OnProgress = (progress) => {
      if (!hasFailed) onProgress?.(progress);
    };
    const tell = (event: unknown) => {
      if (!hasFailed) onEvent?.(event);
    };
    try {
      return unwrap(await thread.service.run(id, kind.name, task, report, tell));
    } catch (error) {
      // What a lost thread has sent may still arrive after another one has begun anew.
      hasFailed = true;
      throw error;
    }
  }

  private isLost({ slot, thread }: Lease, error: unknown): boolean {
    return slot.thread !== thread || isLoss(error);
  }

  private async putTo(thread: Thread, artefact: Artefact): Promise<void> {
    try {
      unwrap(await thread.service.put(artefact));
    } catch (error) {
      // The one that takes its place gets it from the ledger.
      if (!isLoss(error)) throw error;
    }
  }

  /** Starts a new thread in the place of one that is gone, unless that was done. */
  private replace(slot: Slot, thread: Thread): void {
    if (slot.thread !== thread || this.isClosed) return;
    slot.thread = null;
    thread.close(threadLost());
    void this.refill(slot);
  }

  private async refill(slot: Slot): Promise<void> {
    try {
      await this.startRepeatedly(this.backend ?? 'auto', (thread) => {
        this.queue.fill(slot, thread);
        this.watch(thread, slot);
      });
    } catch (error) {
      if (!this.isClosed) this.giveUp(slot, error);
    }
  }

  private giveUp(slot: Slot, error: unknown): void {
    this.queue.remove(slot);
    const sentence = this.note(
      `A compute thread stopped and no new one could be started (${reasonOf(error)})`,
    );
    if (this.size === 0) this.queue.close(new FailureError('thread-lost', sentence));
  }

  /** Says what became of a thread, and with how many the work goes on. */
  private note(what: string): string {
    const left = this.size;
    const rest =
      left > 0
        ? `the work goes on with ${left} thread${left === 1 ? '' : 's'}.`
        : 'none is left; reload the page or start again.';
    const sentence = `${what}: ${rest}`;
    this.options.onNote?.(sentence);
    return sentence;
  }
}

/** An error's sentence without its full stop. */
function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}

function tooManyLosses(losses: number): FailureError {
  return new FailureError(
    'thread-lost',
    `This step was stopped: every one of the ${losses} threads that it ran on was lost, most likely for lack of memory or by a fault of the graphics device; use fewer images or another backend.`,
  );
}
