import { defaultSweepSettings } from '../../enc/sweep/schedule';
import type { MeasuredPoint, SweepLayer } from '../../enc/sweep/points';
import type { PointStore, SweepIdentity } from '../../../workers/client/pointStore';
import { stayAwake } from '../../../workers/client/stayAwake';
import type { Studio } from '../../../workers/protocol/studio';
import type { JobRunner } from '../actions/jobRunner';
import { imageSplit, inputPreprocessing, isMeasuringBlocked, measurementContext } from '../store/selectors';
import type { StudioState } from '../store/state';
import type { StudioStore } from '../store/store';
import { withJob } from '../store/transitions';
import { sweepOrder } from './split';
import { initialSweep, type SweepHalt } from './sweepState';
import { withHalt, withPoints, withSweep, withSweepComplete } from './transitions';

/** Points are shown together at most this often, so that plans do not change with every single one. */
const showMilliseconds = 400;

export interface Sweeping {
  /** Stops the sweep, or starts it again where it stopped. Everything measured stays. */
  halt(halt: SweepHalt): void;
}

interface SweepPlan {
  readonly key: string;
  readonly identity: SweepIdentity;
  readonly layers: readonly SweepLayer[];
}

/**
 * Keeps the sweep of what is loaded going: starts it after the energy curves, begins anew where network,
 * images, split or preprocessing change, and takes up what an earlier visit has measured.
 */
export function keepSweeping(
  store: StudioStore,
  studio: Studio,
  jobs: JobRunner,
  saved: PointStore,
): Sweeping {
  let running: string | null = null;

  function follow(): void {
    const plan = sweepPlan(store.getState());
    const key = plan?.key ?? null;
    if (key !== store.getState().sweep.key) {
      store.setState((state) => withSweep(state, { ...initialSweep, key }));
    }
    const isWanted = plan !== null && store.getState().sweep.halt === null;
    const run = isWanted ? runKey(plan) : null;
    if (run === running) return;
    if (running !== null) jobs.cancel('sweep', 'studio');
    running = run;
    if (plan && run !== null) void sweep(plan, () => running === run);
  }

  async function sweep(plan: SweepPlan, isCurrent: () => boolean): Promise<void> {
    const { identity, layers } = plan;
    const known = await saved.load(identity);
    if (!isCurrent()) return;
    const shown = collectPoints(store, saved, identity, isCurrent);
    shown.show(known);
    const request = {
      network: identity.network,
      selection: {
        images: identity.images,
        indices: identity.indices,
        preprocessing: identity.preprocessing,
      },
      layers,
      settings: defaultSweepSettings,
      known: store.getState().sweep.points,
    };
    const outcome = await jobs.run('sweep', 'Measuring the layers’ curves', (signal, onProgress) =>
      stayAwake(() => studio.sweep(signal, request, shown.add, onProgress)),
    );
    shown.flush();
    if (isCurrent() && outcome.ok) store.setState((state) => withSweepComplete(state, true));
  }

  store.subscribe((state, former) => {
    if (whatMatters(state).some((part, index) => part !== whatMatters(former)[index])) follow();
  });
  return {
    halt(halt) {
      store.setState((state) => withJob(withHalt(state, halt), 'sweep', null));
    },
  };
}

function whatMatters(state: StudioState): readonly unknown[] {
  const { network, images, backend, requested, jobs, sweep } = state;
  return [
    network?.planner.problem.layers.length,
    network?.summary,
    images,
    backend,
    requested.preprocessing,
    requested.seed,
    requested.sizes,
    requested.overrides,
    jobs.curves?.state,
    isMeasuringBlocked(state),
    sweep.halt,
  ];
}

/** The sweep that what is loaded asks for; null while something is missing or does not fit. */
function sweepPlan(state: StudioState): SweepPlan | null {
  const { network, images, backend, jobs } = state;
  const context = measurementContext(state);
  if (!network || !images || !backend || context === null) return null;
  if (jobs.curves || isMeasuringBlocked(state)) return null;
  const names = new Set(network.planner.problem.layers.map(({ name }) => name));
  const layers = network.summary.layers.filter(({ name }) => names.has(name));
  const indices = sweepOrder(imageSplit(state).selection, state.requested.seed);
  if (indices.length === 0 || !layers.every(({ name }) => network.curves.has(name))) return null;
  const identity: SweepIdentity = {
    network: network.summary.fingerprint,
    images: images.fingerprint,
    indices,
    preprocessing: inputPreprocessing(state),
  };
  const measured = layers.map(({ name, factorisation, rankMax }) => ({ name, factorisation, rankMax }));
  return { key: context, identity, layers: measured };
}

function runKey({ key, layers }: SweepPlan): string {
  return [key, ...layers.map(({ name }) => name)].join('|');
}

/** Saves points at once and shows them together a few times a second. */
function collectPoints(
  store: StudioStore,
  saved: PointStore,
  identity: SweepIdentity,
  isCurrent: () => boolean,
) {
  const unsaved: MeasuredPoint[] = [];
  const unshown: MeasuredPoint[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const show = (points: readonly MeasuredPoint[]) => {
    if (points.length > 0 && isCurrent()) store.setState((state) => withPoints(state, points));
  };
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    show(unshown.splice(0));
  };
  const save = () => void saved.save(identity, unsaved.splice(0));
  const add = (point: MeasuredPoint) => {
    // A task's points come together: one transaction for all of them.
    if (unsaved.push(point) === 1) queueMicrotask(save);
    unshown.push(point);
    timer ??= setTimeout(flush, showMilliseconds);
  };
  return { add, show, flush };
}
