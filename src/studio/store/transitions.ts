import type { Curve } from '../../enc/curve';
import { paperSpace, wholeSpace } from '../../enc/encModel';
import type { Method } from '../../enc/plan';
import type { MeasuredPoint } from '../../enc/sweep/points';
import type { Preprocessing } from '../../network/images';
import type { ImagesSummary, NetworkSummary } from '../../../workers/protocol/service';
import { measurementKey, type Measurement } from '../model/measurement';
import { createPlanner, isIncluded, type Plans } from '../model/planning/planner';
import { defaultChannels } from '../model/preprocessing/presets';
import { shownCurves, type ShownCurves } from '../model/shown';
import type { JobId, Jobs, JobStatus } from './jobs';
import { targetRange, type Requested, type StudioState } from './state';

/*
 * What each event changes and what it makes void, as pure functions of the state. Measurements are never thrown
 * away: their keys name network, images, preprocessing and ranks, so those that no longer hold are not found.
 */

/**
 * A newly opened network takes the place of the former one; images stay. Preprocessing that its own files state
 * takes the place of the one chosen before.
 */
export function withNetwork(state: StudioState, title: string, summary: NetworkSummary): StudioState {
  const curves = new Map<string, Curve>();
  const shown: ShownCurves = { metric: 'energy', curves, measured: new Set() };
  const planner = createPlanner(summary, curves, {});
  const inputChannels = summary.input.shape.at(-1) ?? 3;
  const { preprocessing } = state.requested;
  const channels = defaultChannels(inputChannels, preprocessing.channels);
  const stated = summary.preprocessing
    ? { preprocessing: summary.preprocessing, preprocessingIsGuess: false }
    : { preprocessing: { ...preprocessing, channels } };
  return {
    ...state,
    network: { title, summary, curves, shown, planner },
    requested: { ...state.requested, overrides: {}, ...stated },
    completed: null,
    saved: null,
    exports: {},
    sweep: { ...state.sweep, identity: null, points: [] },
    race: null,
    jobs: withoutJobs(state.jobs, (id) => /^(measure|repair|export):/.test(id)),
    ui: { ...state.ui, focusedLayer: null, selectedLayer: planner.problem.layers[0]?.name ?? null },
  };
}

/** Newly opened images take the place of the former ones; the network and its curves stay. Images for
 * tuning belonged to the former ones. */
export function withImages(state: StudioState, images: ImagesSummary): StudioState {
  return { ...state, images, tuning: null, race: null, jobs: withoutRuns(state.jobs) };
}

/** Images of their own for calibration and selection; null takes those from the others again. */
export function withTuning(state: StudioState, tuning: ImagesSummary | null): StudioState {
  return { ...state, tuning, race: null, jobs: withoutRuns(state.jobs) };
}

/** Changes what was asked for where the plans follow from it. */
export function withRequested(state: StudioState, change: Partial<Requested>): StudioState {
  const requested = { ...state.requested, ...change };
  // Points of truncated and of re-fitted layers mean different things; the sweep fetches its own.
  const isOther = (requested.metric === 'repaired') !== (state.requested.metric === 'repaired');
  const sweep = isOther ? { ...state.sweep, identity: null, points: [] } : state.sweep;
  return withPlanner({ ...state, requested, sweep });
}

/** The planner and the shown curves that follow from everything else, once all energy curves are there. */
function withPlanner(state: StudioState): StudioState {
  const { network, requested } = state;
  if (!network) return state;
  const { summary, curves } = network;
  const layers = summary.layers.filter((layer) => isIncluded(layer, requested.overrides));
  const isComplete = layers.every((layer) => curves.has(layer.name));
  const shown = isComplete
    ? shownCurves(requested.metric, layers, state.sweep.points, curves)
    : { metric: 'energy' as const, curves, measured: new Set<string>() };
  const searchesAll = requested.searchesAll ?? shown.metric === 'divergence';
  const space = searchesAll ? wholeSpace : paperSpace;
  const planner = createPlanner(summary, shown.curves, requested.overrides, space);
  return { ...state, network: { ...network, shown, planner } };
}

/** Points of the sweep that holds for `identity`; those of another are dropped. */
export function withPoints(
  state: StudioState,
  identity: string | null,
  points: readonly MeasuredPoint[],
): StudioState {
  return withPlanner({ ...state, sweep: { ...state.sweep, identity, points } });
}

/** Curves that have just become known; the planner follows once it can do more than before. */
export function withCurves(state: StudioState, fresh: readonly Curve[]): StudioState {
  const { network } = state;
  if (!network) return state;
  const curves = new Map(network.curves);
  for (const curve of fresh) curves.set(curve.layer, curve);
  const isComplete = network.planner.problem.layers.every((layer) => curves.has(layer.name));
  const shown = { ...network.shown, curves };
  const next = { ...state, network: { ...network, curves, shown } };
  return isComplete ? withPlanner(next) : next;
}

/** A person includes a layer in rank selection or keeps it as it is. */
export function withOverride(state: StudioState, layer: string, isCut: boolean): StudioState {
  const overrides = { ...state.requested.overrides, [layer]: isCut };
  return withRequested(state, { overrides });
}

/** The target, held within the slider's range. */
export function withTarget(state: StudioState, target: number): StudioState {
  const held = Math.min(targetRange.max, Math.max(targetRange.min, target));
  return held === state.requested.target
    ? state
    : { ...state, requested: { ...state.requested, target: held } };
}

/** Plans that were worked out; a file written from other ranks is no longer spoken of. */
export function withPlans(state: StudioState, target: number, plans: Plans): StudioState {
  const exports = Object.fromEntries(
    Object.entries(state.exports).filter(([method, note]) => plans[method as Method]?.key === note.ranks),
  );
  const isSame = Object.keys(exports).length === Object.keys(state.exports).length;
  return { ...state, completed: { target, plans }, exports: isSame ? state.exports : exports };
}

export function withPreprocessing(state: StudioState, preprocessing: Preprocessing): StudioState {
  const requested = { ...state.requested, preprocessing, preprocessingIsGuess: false };
  return { ...state, requested, race: null, jobs: withoutRuns(state.jobs) };
}

/** A measurement, remembered; methods that propose ranks already measured are added to the former ones. */
export function withMeasurement(state: StudioState, measurement: Measurement): StudioState {
  const key = measurementKey(measurement.context, measurement.ranks);
  const former = state.measurements[key]?.methods ?? [];
  const methods = [...new Set([...former, ...measurement.methods])];
  return { ...state, measurements: { ...state.measurements, [key]: { ...measurement, methods } } };
}

/** A job's new status; null once it ended well or was dismissed. */
export function withJob(state: StudioState, id: JobId, status: JobStatus | null): StudioState {
  if (status === null) return { ...state, jobs: withoutJobs(state.jobs, (other) => other === id) };
  return { ...state, jobs: { ...state.jobs, [id]: status } };
}

/** Without what runs on images. */
function withoutRuns(jobs: Jobs): Jobs {
  return withoutJobs(jobs, (id) => id.startsWith('measure:') || id.startsWith('repair:'));
}

function withoutJobs(jobs: Jobs, isRemoved: (id: string) => boolean): Jobs {
  return Object.fromEntries(Object.entries(jobs).filter(([id]) => !isRemoved(id)));
}
