import { PieceSet } from '../../src/enc/sweep/pieces';
import { nextTasks } from '../../src/enc/sweep/schedule';
import { sweepKind } from '../protocol/sweep';
import { defineJob } from './job';
import { measureTasks } from './sweepTasks';

/**
 * Runs a sweep over the threads: round after round of tasks until none is left that could tell anything. `total` of
 * the progress is what the rounds so far have asked for, so it grows as curves turn out to bend.
 */
export const sweepJob = defineJob(sweepKind, async (pool, request, { onProgress, onEvent, signal }) => {
  const { layers, refit } = request;
  const images = request.selection.indices.length;
  const exhaustive = request.settings.exhaustive || refit !== null;
  const settings = { ...request.settings, exhaustive, images };
  const pieces = new PieceSet(request.known);
  let done = 0;
  let total = 0;
  try {
    for (;;) {
      const tasks = nextTasks(layers, pieces, settings);
      if (tasks.length === 0 || signal.aborted) return pieces.points;
      total += tasks.reduce((sum, { ranks }) => sum + ranks.length, 0);
      await measureTasks(pool, { ...request, tasks }, signal, onProgress, (measured) => {
        for (const piece of measured) {
          pieces.add(piece);
          onEvent(piece);
        }
        done += measured.length;
        onProgress({ stage: 'sweeping', done, total, unit: 'points' });
      });
    }
  } finally {
    await pool.release();
  }
});
