import type { MeasuredPiece } from '../../src/enc/sweep/pieces';
import type { SweepTask } from '../../src/enc/sweep/schedule';
import type { OnProgress } from '../protocol/progress';
import { sweepTaskKind, sweepTasksKind, type SweepTasksSpec } from '../protocol/sweep';
import { defineJob, type JobPool } from './job';
import { refitLayers } from './refitting';
import { allSettled } from './allSettled';

/** Measures some tasks of a sweep and no more. */
export const sweepTasksJob = defineJob(sweepTasksKind, async (pool, request, tools) => {
  const { onProgress, onEvent, signal } = tools;
  const total = request.tasks.reduce((sum, { ranks }) => sum + ranks.length, 0);
  let done = 0;
  try {
    await measureTasks(pool, request, signal, onProgress, (measured) => {
      measured.forEach(onEvent);
      done += measured.length;
      onProgress({ stage: 'sweeping', done, total, unit: 'points' });
    });
    return null;
  } finally {
    await pool.release();
  }
});

/**
 * Measures tasks of a sweep, each on the next free thread; layers that are to be re-fitted are, first.
 *
 * @param onMeasured told the pieces of every task, one per rank, unless nobody waits for them any more
 */
async function measureTasks(
  pool: JobPool,
  request: SweepTasksSpec['task'],
  signal: AbortSignal,
  onProgress: OnProgress,
  onMeasured: (pieces: readonly MeasuredPiece[]) => void,
): Promise<void> {
  const { tasks, ...rest } = request;
  await refitLayers(pool, request, onProgress);
  const measure = async (task: SweepTask) => {
    const measured = await pool.unit(sweepTaskKind, { ...rest, task });
    if (!signal.aborted) onMeasured(measured.map((point) => ({ ...point, from: task.from })));
  };
  await allSettled(tasks.map(measure));
}
