import { PointSet, type MeasuredPoint } from '../../src/enc/sweep/points';
import { nextTasks, type SweepTask } from '../../src/enc/sweep/schedule';
import { unwrap } from '../../src/network/failure';
import type { OnProgress } from '../protocol/progress';
import type { SweepRequest } from '../protocol/sweep';
import { fitOver } from './fitting';
import type { ThreadQueue } from './threads';

/**
 * Runs a sweep over the threads: round after round of tasks, each on the next free thread, until no task is
 * left that could tell anything. `total` of the progress is what the rounds so far have asked for, so it grows
 * as curves turn out to bend.
 *
 * @param onPoint told about each point with all its images so far
 * @returns all points, those known before included
 */
export async function sweepOver(
  queue: ThreadQueue,
  job: string,
  signal: AbortSignal,
  request: SweepRequest,
  onPoint: (point: MeasuredPoint) => void,
  onProgress: OnProgress,
): Promise<readonly MeasuredPoint[]> {
  const { network, selection, layers } = request;
  const images = selection.indices.length;
  const exhaustive = request.settings.exhaustive || !!request.repair;
  const settings = { ...request.settings, exhaustive, images };
  const points = new PointSet(request.known);
  let done = 0;
  let total = 0;
  const measure = (task: SweepTask, fits: string | null) =>
    queue.run('background', async (service) => {
      if (signal.aborted) return;
      const measured = unwrap(await service.sweep(job, { network, selection, task, fits }));
      if (signal.aborted) return;
      for (const point of measured) onPoint(points.extend(point));
      done += measured.length;
      onProgress({ stage: 'sweeping', done, total, unit: 'points' });
    });
  try {
    const due = new Set(nextTasks(layers, points.all, settings).map(({ layer }) => layer));
    const fits = await fitOver(queue, job, signal, request, [...due], onProgress);
    const runTask = (task: SweepTask) => measure(task, fits);
    for (;;) {
      const tasks = nextTasks(layers, points.all, settings);
      if (tasks.length === 0 || signal.aborted) return points.all;
      total += tasks.reduce((sum, { ranks }) => sum + ranks.length, 0);
      await allSettled(tasks.map(runTask));
    }
  } finally {
    await Promise.all(queue.threads.map(({ service }) => service.endSweep(job)));
  }
}

/** Waits for all, so that nothing runs on behind the caller's back, then fails where one has failed. */
async function allSettled(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
