import { ranksNear } from '../../src/compression/nearRanks';
import { Foresight } from '../../src/enc/sweep/foresight';
import { Pace } from '../../src/enc/sweep/pace';
import { PieceSet } from '../../src/enc/sweep/pieces';
import { placesOf } from '../../src/enc/sweep/places';
import type { MeasuredPoint } from '../../src/enc/sweep/points';
import { nextTasks, type SweepSettings, type SweepTask } from '../../src/enc/sweep/schedule';
import { coarsePass, tasksWithin, type NearRanks } from '../../src/enc/sweep/timed';
import { sweepTaskKind, type SweepRequest, type SweepSpec } from '../protocol/sweep';
import type { JobPool, JobTools } from './job';
import { refitLayers } from './refitting';
import { allSettled } from './allSettled';

/** Seconds by some clock. */
export type Clock = () => number;

const wallClock: Clock = () => performance.now() / 1000;

/** Share of the time left that is planned at once: what is seen meanwhile makes better plans for the rest. */
const plannedShare = 1 / 3;
/** The last share of all the time is planned whole. */
const lastShare = 0.15;
/** No task takes more than this share of the time if it can be cut between ranks, so that the end is met. */
const longestShare = 1 / 20;
/** How much later than asked for a task may end. */
const lateness = 1.02;
/** More than this of the time for the coarse pass is said. */
const tooLong = 1.3;
/** Tasks for each thread that tell how fast it is, where nothing else does. */
const probes = 2;

/**
 * A sweep over the threads, from what is known to its end: round after round of tasks until none is left that could
 * tell anything, or until its time is over. What is measured is the same either way; the time decides which of it, and
 * in which order.
 *
 * @param clock tells the time that passes
 * @returns all points
 */
export function runSweep(
  pool: JobPool,
  request: SweepRequest,
  tools: JobTools<SweepSpec>,
  clock: Clock = wallClock,
): Promise<readonly MeasuredPoint[]> {
  return new SweepCourse(pool, request, tools, clock).run();
}

/** Tasks that are measured before it is asked what follows. */
interface Round {
  readonly tasks: readonly SweepTask[];
  /** Whether it is measured whole, however long it takes. */
  readonly isWhole: boolean;
}

class SweepCourse {
  private readonly pieces: PieceSet;
  private readonly settings: SweepSettings;
  private readonly pace: Pace;
  private readonly foresight: Foresight;
  private readonly started: number;
  /** Tasks of the present round that no thread has taken. */
  private queue: SweepTask[] = [];
  private round: Round = { tasks: [], isWhole: true };
  private done = 0;
  private total = 0;

  constructor(
    private readonly pool: JobPool,
    private readonly request: SweepRequest,
    private readonly tools: JobTools<SweepSpec>,
    private readonly clock: Clock,
  ) {
    const { layers, refit, selection, costs, known } = request;
    const exhaustive = request.settings.exhaustive || refit !== null;
    this.settings = { ...request.settings, exhaustive, images: selection.indices.length };
    this.pieces = new PieceSet(known);
    const places = placesOf(costs);
    this.pace = new Pace(places, this.threads);
    this.foresight = new Foresight(layers, this.settings, places);
    this.started = clock();
  }

  async run(): Promise<readonly MeasuredPoint[]> {
    const { pool, tools } = this;
    try {
      // Fits of all ranks come from one pass over the images, so they are made once and not round by round.
      await refitLayers(pool, { ...this.request, tasks: this.everything() }, this.tellFits);
      for (;;) {
        this.round = this.nextRound();
        if (this.round.tasks.length === 0 || tools.signal.aborted) return this.pieces.points;
        await this.measure();
      }
    } finally {
      await pool.release();
    }
  }

  /** What is re-fitted before anything is measured: nothing where layers are truncated. */
  private everything(): readonly SweepTask[] {
    const { refit, layers } = this.request;
    return refit ? nextTasks(layers, this.pieces, this.settings) : [];
  }

  private nextRound(): Round {
    const { time, layers } = this.request;
    const { pieces, settings, pace } = this;
    if (!time) return { tasks: nextTasks(layers, pieces, settings), isWhole: true };
    const { fewestImages } = time;
    const coarse = coarsePass({ layers, pieces, settings, fewestImages });
    if (coarse.length > 0) return { tasks: coarse, isWhole: true };
    const left = time.seconds - this.elapsed;
    if (left <= 0) return { tasks: [], isWhole: false };
    const near: NearRanks = time.plannedFor
      ? ranksNear(time.plannedFor, layers, pieces.points)
      : new Map<string, null>();
    const sweep = { layers, pieces, settings, fewestImages, near };
    if (!pace.isKnown) return { tasks: tasksWithin(sweep, () => 1, probes * this.threads), isWhole: false };
    const within = (seconds: number) =>
      tasksWithin(sweep, (task) => pace.secondsOf(task), seconds * this.threads);
    const part = left > lastShare * time.seconds ? within(plannedShare * left) : [];
    return { tasks: part.length > 0 ? part : within(left), isWhole: false };
  }

  /** Measures the round, each task on the next free thread. */
  private async measure(): Promise<void> {
    this.queue = [...this.round.tasks];
    this.total += ranksOf(this.queue);
    this.tell();
    let hasFailed = false;
    const follow = async () => {
      while (!this.tools.signal.aborted && !hasFailed) {
        const task = this.take();
        if (!task) return;
        try {
          await this.measureTask(task);
        } catch (error) {
          hasFailed = true;
          throw error;
        }
      }
    };
    await allSettled(Array.from({ length: this.threads }, follow));
  }

  private async measureTask(task: SweepTask): Promise<void> {
    const { network, selection, refit } = this.request;
    const { signal, onEvent } = this.tools;
    const started = this.clock();
    const measured = await this.pool.unit(sweepTaskKind, { network, selection, refit, task });
    if (signal.aborted) return;
    this.pace.add(task, this.clock() - started);
    this.foresight.forget(task.layer.name);
    for (const point of measured) {
      const piece = { ...point, from: task.from };
      this.pieces.add(piece);
      onEvent(piece);
    }
    this.done += measured.length;
    this.tell();
  }

  /** The next task that ends in time, or the first ranks of it; those that would be late are left out. */
  private take(): SweepTask | undefined {
    const { time } = this.request;
    for (;;) {
      const next = this.queue.shift();
      if (!next || !time || !this.pace.isKnown) return next;
      const most = longestShare * time.seconds;
      const seconds = this.pace.secondsOf(next);
      const count = Math.max(1, Math.floor((next.ranks.length * most) / seconds));
      const task = { ...next, ranks: next.ranks.slice(0, count) };
      const rest = next.ranks.slice(count);
      if (rest.length > 0) this.queue.unshift({ ...next, ranks: rest });
      if (this.round.isWhole || this.elapsed + this.pace.secondsOf(task) <= lateness * time.seconds)
        return task;
      this.total -= ranksOf([task]);
    }
  }

  private readonly tellFits: JobTools<SweepSpec>['onProgress'] = (progress) => {
    const { time } = this.request;
    const share = progress.done / progress.total;
    if (!time || share === 0) return this.tools.onProgress(progress);
    const secondsLeft = Math.max(time.seconds - this.elapsed, (this.elapsed * (1 - share)) / share);
    this.tools.onProgress({ ...progress, secondsLeft });
  };

  private tell(): void {
    const { time } = this.request;
    const { done, elapsed, pace } = this;
    const progress = { stage: 'sweeping', done, total: this.total, unit: 'points' };
    if (!pace.isKnown) return this.tools.onProgress(progress);
    const left = this.foresight.left(this.pieces);
    const all = left.reduce((sum, work) => sum + pace.secondsFor(work), 0) / this.threads;
    if (!time) return this.tools.onProgress({ ...progress, secondsLeft: all });
    // The first tasks take longer than those that follow.
    const coarse = this.round.isWhole && pace.isSettled ? this.secondsFor(this.queue) : 0;
    const given = time.seconds - elapsed;
    const secondsLeft = Math.max(coarse, pace.isSettled ? Math.min(all, given) : given, 0);
    // What is asked for goes on growing until the time is over.
    const foreseen = done + Math.round((done * secondsLeft) / elapsed);
    const total = this.queue.length === 0 ? this.total : Math.max(this.total, foreseen);
    const needed = elapsed + coarse;
    const isTooLong = coarse > 0 && needed > tooLong * time.seconds;
    this.tools.onProgress({
      ...{ ...progress, total, secondsLeft },
      ...(isTooLong ? { secondsNeeded: needed } : {}),
    });
  }

  private secondsFor(tasks: readonly SweepTask[]): number {
    return tasks.reduce((sum, task) => sum + this.pace.secondsOf(task), 0) / this.threads;
  }

  private get elapsed(): number {
    return this.clock() - this.started;
  }

  private get threads(): number {
    return Math.max(1, this.pool.threads);
  }
}

function ranksOf(tasks: readonly SweepTask[]): number {
  return tasks.reduce((sum, { ranks }) => sum + ranks.length, 0);
}
