import { PieceSet, type MeasuredPiece } from '../../enc/sweep/pieces';
import { nextTasks, type SweepSettings } from '../../enc/sweep/schedule';
import type { Outcome } from '../../network/failure';
import { sweepKind, type SweepRequest } from '../../../workers/protocol/sweep';
import type { BackgroundJob, TaskTools } from '../background';
import { imageParts, selectionOf } from '../images';
import { sweeping } from '../kinds';
import { formatInteger } from '../numbers';
import { presentPoints } from '../points';
import type { ProjectState } from '../state';
import { sweepNotes } from '../sweepNotes';
import { isSweepFinished, plannedFor, sweepSettingsOf, wantedSweep, type SweepTask } from '../sweeps';
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
    return task && !isSweepFinished(state, task) ? [task] : [];
  },
  title: () => 'Measuring the layers’ curves',
  async run(task, tools) {
    const { caches, signal, getState, update, record } = tools;
    const pieces = new PieceSet(getState().document.points[task.pointsKey] ?? []);
    // A document that was saved a while before its page was left knows fewer than the disk.
    for (const piece of await caches.loadPieces(task.pointsKey)) pieces.add(piece);
    update((state) => withPoints(state, task.pointsKey, pieces.points));
    // What was measured holds though nobody waits for it any more: a sweep that is halted loses no point.
    const collector = collect<MeasuredPiece>(
      (fresh) => caches.savePieces(task.pointsKey, fresh),
      () => record((state) => withPoints(state, task.pointsKey, pieces.points)),
    );
    const settings = sweepSettingsOf(task, imageParts(getState())!.selection.indices.length);
    const before = sweepNotes.of(getState(), task.pointsKey)?.seconds ?? 0;
    const started = performance.now();
    const secondsSpent = () => before + (performance.now() - started) / 1000;
    const outcome = await caches.stayAwake(() =>
      measure(task, tools, { pieces, settings, secondsSpent }, (piece) => {
        if (signal.aborted) return;
        pieces.add(piece);
        collector.add(piece);
      }),
    );
    await collector.flush();
    const isExhausted = nextTasks(task.layers, pieces, settings).length === 0;
    const end = outcome.ok ? (isExhausted ? 'exhausted' : 'time') : null;
    record((state) => sweepNotes.put(state, task.pointsKey, { seconds: secondsSpent(), end }));
    if (!outcome.ok) return outcome;
    const keys = new Set([task.key, ...(isExhausted ? [task.wholeKey] : [])]);
    update((state) => [...keys].reduce(withFinishedSweep, state));
    return outcome;
  },
};

/** What a sweep has so far. */
interface SweepState {
  readonly pieces: PieceSet;
  readonly settings: SweepSettings;
  /** On these points in all, earlier sweeps of the session included. */
  readonly secondsSpent: () => number;
}

/** Measures a sweep to its end. One that has to end in time begins anew, with what is known, where the target moves. */
async function measure(
  task: SweepTask,
  { studio, signal, onProgress, getState }: TaskTools,
  { pieces, settings, secondsSpent }: SweepState,
  onPiece: (piece: MeasuredPiece) => void,
): Promise<Outcome<unknown>> {
  const { layers, refit, minutes } = task;
  const { summary } = getState().network!;
  const selection = selectionOf(imageParts(getState())!.selection);
  for (;;) {
    const time: SweepRequest['time'] =
      minutes === null
        ? null
        : {
            seconds: Math.max(0, 60 * minutes - secondsSpent()),
            plannedFor: plannedFor(getState()),
            fewestImages: fewestImages(getState()),
          };
    const request: SweepRequest = {
      network: summary.fingerprint,
      selection,
      layers,
      costs: summary.layers,
      settings,
      refit,
      known: pieces.all,
      time,
    };
    const target = new MovingTarget(getState().document.settings.target);
    const outcome = await studio.run(
      AbortSignal.any([signal, target.moved]),
      sweepKind,
      request,
      onProgress,
      (piece) => {
        onPiece(piece);
        if (time) target.see(getState().document.settings.target);
      },
    );
    if (!target.moved.aborted || signal.aborted) return outcome;
  }
}

/** Images that cost as much as fewer: a graphics card is given batches of one size. */
function fewestImages({ backend }: ProjectState): number {
  return backend?.backend === 'webgpu' ? 32 : 8;
}

/** Milliseconds for which a target must have rested before ranks near it are measured. */
const targetRest = 1000;

/** Tells when a target has moved and come to rest. */
class MovingTarget {
  readonly #controller = new AbortController();
  #last: number;
  #since = 0;

  constructor(private readonly first: number) {
    this.#last = first;
  }

  get moved(): AbortSignal {
    return this.#controller.signal;
  }

  see(target: number): void {
    const now = performance.now();
    if (target !== this.#last) this.#since = now;
    this.#last = target;
    if (target !== this.first && now - this.#since >= targetRest) this.#controller.abort();
  }
}
