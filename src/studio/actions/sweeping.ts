import type { PointStore, SweepIdentity } from '../../../workers/client/pointStore';
import { stayAwake } from '../../../workers/client/stayAwake';
import { sweepKind, type SweepRequest } from '../../../workers/protocol/sweep';
import type { Studio } from '../../../workers/protocol/studio';
import { PointSet, type MeasuredPoint } from '../../enc/sweep/points';
import { defaultSweepSettings } from '../../enc/sweep/schedule';
import { wantedSweep, type SweepTask } from '../store/sweepSelectors';
import type { StudioStore } from '../store/store';
import { withJob, withPoints } from '../store/transitions';
import type { JobRunner } from './jobRunner';

/** How long everything must rest before a sweep starts. */
const restMilliseconds = 300;
/** Points reach the page and the disk together, this often. */
const flushMilliseconds = 400;

export interface Sweeping {
  /** Halts the sweep; nothing that was measured is lost. */
  pause(): void;
  /** Goes on after a pause, a cancellation or a failure. */
  resume(): void;
}

/**
 * Measures the layers' curves on the selection images by itself, in the background, whenever there is something
 * left to measure. Points are saved as they come and found again after a reload.
 */
export function keepSweeping(
  store: StudioStore,
  studio: Studio,
  jobs: JobRunner,
  saved: PointStore,
): Sweeping {
  let running: SweepTask | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function startNext(): Promise<void> {
    const task = wantedSweep(store.getState());
    if (running || !task) return;
    running = task;
    await sweep(store, studio, jobs, saved, task);
    if (running === task) running = null;
    check();
  }

  function check(): void {
    const wanted = wantedSweep(store.getState());
    if (running && wanted?.key !== running.key) {
      running = null;
      jobs.cancel('sweep', 'studio');
    }
    if (!wanted || running) return;
    clearTimeout(timer);
    timer = setTimeout(() => void startNext(), restMilliseconds);
  }

  store.subscribe((state, former) => {
    if (wantedSweep(state)?.key !== wantedSweep(former)?.key) check();
  });
  const setPaused = (isPaused: boolean) =>
    store.setState((state) => ({ ...state, sweep: { ...state.sweep, isPaused } }));
  return {
    pause() {
      setPaused(true);
    },
    resume() {
      store.setState((state) => withJob(state, 'sweep', null));
      setPaused(false);
      check();
    },
  };
}

async function sweep(
  store: StudioStore,
  studio: Studio,
  jobs: JobRunner,
  saved: PointStore,
  task: SweepTask,
): Promise<void> {
  const { identity, identityKey, layers, refit } = task;
  if (store.getState().sweep.identity !== identityKey) {
    const known = await saved.load(identity);
    store.setState((state) => withPoints(state, identityKey, known));
  }
  const points = new PointSet(store.getState().sweep.points);
  const collector = collectPoints(store, saved, identity, identityKey, points);
  const { preprocessing, images, indices } = identity;
  const request: SweepRequest = {
    network: identity.network,
    selection: { images, indices, preprocessing },
    layers,
    settings: { ...defaultSweepSettings, decides: task.decides },
    refit,
    known: points.all,
  };
  const outcome = await jobs.run('sweep', 'Measuring the layers’ curves', (signal, onProgress) => {
    const onPoint = (point: MeasuredPoint) => {
      if (!signal.aborted) collector.add(point);
    };
    return stayAwake(() => studio.run(signal, sweepKind, request, onProgress, onPoint));
  });
  await collector.flush();
  if (!outcome.ok) return;
  store.setState((state) => {
    const holds = state.sweep.identity === identityKey;
    return holds ? { ...state, sweep: { ...state.sweep, finishedKey: task.key } } : state;
  });
}

function collectPoints(
  store: StudioStore,
  saved: PointStore,
  identity: SweepIdentity,
  identityKey: string,
  points: PointSet,
) {
  let fresh: MeasuredPoint[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (fresh.length === 0) return;
    const arrived = fresh;
    fresh = [];
    store.setState((state) =>
      state.sweep.identity === identityKey ? withPoints(state, identityKey, points.all) : state,
    );
    await saved.save(identity, arrived);
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
