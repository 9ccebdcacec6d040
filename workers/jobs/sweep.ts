import { PointSet } from '../../src/enc/sweep/points';
import { nextTasks, type SweepTask } from '../../src/enc/sweep/schedule';
import { sweepKind, sweepTaskKind } from '../protocol/sweep';
import { defineJob } from './job';
import { refitLayers } from './refitting';

/**
 * Runs a sweep over the threads: round after round of tasks, each on the next free thread, until no task is
 * left that could tell anything. `total` of the progress is what the rounds so far have asked for, so it grows
 * as curves turn out to bend. Each point is told with all its images so far.
 */
export const sweepJob = defineJob(sweepKind, async (pool, request, { onProgress, onEvent, signal }) => {
  const { network, selection, layers, refit } = request;
  const images = selection.indices.length;
  const exhaustive = request.settings.exhaustive || refit !== null;
  const settings = { ...request.settings, exhaustive, images };
  const points = new PointSet(request.known);
  let done = 0;
  let total = 0;
  const measure = async (task: SweepTask) => {
    const measured = await pool.unit(sweepTaskKind, { network, selection, refit, task });
    if (signal.aborted) return;
    for (const point of measured) onEvent(points.extend(point));
    done += measured.length;
    onProgress({ stage: 'sweeping', done, total, unit: 'points' });
  };
  try {
    const due = new Set(nextTasks(layers, points.all, settings).map(({ layer }) => layer));
    await refitLayers(pool, request, [...due], onProgress);
    for (;;) {
      const tasks = nextTasks(layers, points.all, settings);
      if (tasks.length === 0 || signal.aborted) return points.all;
      total += tasks.reduce((sum, { ranks }) => sum + ranks.length, 0);
      await allSettled(tasks.map(measure));
    }
  } finally {
    await pool.release();
  }
});

/** Waits for all, so that nothing runs on behind the caller's back, then fails where one has failed. */
async function allSettled(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
