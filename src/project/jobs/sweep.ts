import { PointSet, type MeasuredPoint } from '../../enc/sweep/points';
import { defaultSweepSettings } from '../../enc/sweep/schedule';
import { sweepKind } from '../../../workers/protocol/sweep';
import type { BackgroundJob, TaskTools } from '../background';
import { imageParts, selectionOf } from '../images';
import { sweeping } from '../kinds';
import { formatInteger } from '../numbers';
import { presentPoints } from '../points';
import { wantedSweep, type SweepTask } from '../sweeps';
import { withFinishedSweep, withPoints } from '../transitions';

/** Points reach the page and the disk together, this often. */
const flushMilliseconds = 400;

/**
 * Measures the layers' curves on the selection images, in the background, whenever there is something left to
 * measure. Points are saved as they come and found again after a reload.
 */
export const sweep: BackgroundJob<SweepTask> = {
  kind: sweeping,
  label: 'The layers’ curves',
  lane: 'background',
  order: 10,
  pause: {
    title: 'Measuring the layers’ curves is paused',
    details: (state) => `${formatInteger(presentPoints(state).length)} points are measured and saved.`,
    resume: 'Resume measuring',
  },
  rest: () => 300,
  wanted: (state) => {
    const task = wantedSweep(state);
    return task && !state.finishedSweeps.includes(task.key) ? [task] : [];
  },
  title: () => 'Measuring the layers’ curves',
  async run(task, tools) {
    const { studio, caches, signal, onProgress, getState, update } = tools;
    const { network, document } = getState();
    if (document.points[task.pointsKey] === undefined) {
      const saved = await caches.loadPoints(task.pointsKey);
      update((state) => withPoints(state, task.pointsKey, saved));
    }
    const points = new PointSet(getState().document.points[task.pointsKey] ?? []);
    const collector = collectPoints(task.pointsKey, points, tools);
    const { layers, refit, decides } = task;
    const request = {
      network: network!.summary.fingerprint,
      selection: selectionOf(imageParts(getState())!.selection),
      layers,
      settings: { ...defaultSweepSettings, decides },
      refit,
      known: points.all,
    };
    const outcome = await caches.stayAwake(() =>
      studio.run(signal, sweepKind, request, onProgress, (point) => {
        if (!signal.aborted) collector.add(point);
      }),
    );
    await collector.flush();
    if (outcome.ok) update((state) => withFinishedSweep(state, task.key));
    return outcome;
  },
};

/** What was measured holds though nobody waits for it any more: a sweep that is halted loses no point. */
function collectPoints(key: string, points: PointSet, { caches, record }: TaskTools) {
  let fresh: MeasuredPoint[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (fresh.length === 0) return;
    const arrived = fresh;
    fresh = [];
    record((state) => withPoints(state, key, points.all));
    await caches.savePoints(key, arrived);
  }
  return {
    add(point: MeasuredPoint) {
      points.add(point);
      fresh.push(point);
      timer ??= setTimeout(() => void flush(), flushMilliseconds);
    },
    flush,
  };
}
