import { PieceSet, type MeasuredPiece } from '../../enc/sweep/pieces';
import { sweepKind } from '../../../workers/protocol/sweep';
import type { BackgroundJob } from '../background';
import { imageParts, selectionOf } from '../images';
import { sweeping } from '../kinds';
import { formatInteger } from '../numbers';
import { presentPoints } from '../points';
import { sweepSettingsOf, wantedSweep, type SweepTask } from '../sweeps';
import { withFinishedSweep, withPoints } from '../foundTransitions';
import { collect } from './saving';

/**
 * Measures the layers' curves on the selection images, in the background, whenever there is something left to
 * measure. Points are saved as they come and found again after a reload.
 */
export const sweep: BackgroundJob<SweepTask> = {
  kind: sweeping,
  label: 'The layers’ curves',
  stage: 'curves',
  lane: 'background',
  order: 10,
  pause: {
    title: 'Measuring the layers’ curves is paused',
    details: (state) => {
      const count = formatInteger(presentPoints(state).length);
      return state.storageProblem === null
        ? `${count} points are measured and saved.`
        : `${count} points are measured, but not saved: closing the page loses them.`;
    },
    resume: 'Resume measuring',
  },
  rest: () => 300,
  wanted: (state) => {
    const task = wantedSweep(state);
    // In its lane nothing waits for factors.
    if (state.network && state.network.foreseen.size > 0) return [];
    return task && !state.document.finishedSweeps.includes(task.key) ? [task] : [];
  },
  title: () => 'Measuring the layers’ curves',
  async run(task, tools) {
    const { studio, caches, signal, onProgress, getState, update, record } = tools;
    const { network, document } = getState();
    const pieces = new PieceSet(document.points[task.pointsKey] ?? []);
    // A document that was saved a while before its page was left knows fewer than the disk.
    for (const piece of await caches.loadPieces(task.pointsKey)) pieces.add(piece);
    update((state) => withPoints(state, task.pointsKey, pieces.points));
    // What was measured holds though nobody waits for it any more: a sweep that is halted loses no point.
    const collector = collect<MeasuredPiece>(
      (fresh) => caches.savePieces(task.pointsKey, fresh),
      () => record((state) => withPoints(state, task.pointsKey, pieces.points)),
    );
    const { layers, refit } = task;
    const selection = selectionOf(imageParts(getState())!.selection);
    const request = {
      network: network!.summary.fingerprint,
      selection,
      layers,
      settings: sweepSettingsOf(task, selection.indices.length),
      refit,
      known: pieces.all,
    };
    const outcome = await caches.stayAwake(() =>
      studio.run(signal, sweepKind, request, onProgress, (piece) => {
        if (signal.aborted) return;
        pieces.add(piece);
        collector.add(piece);
      }),
    );
    await collector.flush();
    if (outcome.ok) update((state) => withFinishedSweep(state, task.key));
    return outcome;
  },
};
