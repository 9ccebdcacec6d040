import type { Metric } from '../../enc/curve';
import { PointSet, type MeasuredPoint } from '../../enc/sweep/points';
import { createPlanner } from '../planning/planner';
import type { NetworkState, StudioState } from '../store/state';
import { drivingCurves } from './driving';
import type { SplitSizes } from './split';
import type { SweepHalt, SweepState } from './sweepState';

/** The network with the curves that now drive the methods, and the planner that follows from them. */
export function driven(network: NetworkState, state: StudioState): NetworkState {
  const { curves } = network;
  const driving = drivingCurves({ ...state, network }, curves);
  const isComplete = network.planner.problem.layers.every((layer) => curves.has(layer.name));
  const planner = isComplete
    ? createPlanner(network.summary, driving.curves, state.requested.overrides)
    : network.planner;
  return { ...network, driving, planner };
}

function withDriving(state: StudioState): StudioState {
  return state.network ? { ...state, network: driven(state.network, state) } : state;
}

/** Another sweep takes the place of the former one, whose points hold no longer. */
export function withSweep(state: StudioState, sweep: SweepState): StudioState {
  return withDriving({ ...state, sweep });
}

/** Points that were measured, or measured on more images. */
export function withPoints(state: StudioState, fresh: readonly MeasuredPoint[]): StudioState {
  const set = new PointSet(state.sweep.points);
  for (const point of fresh) set.add(point);
  const next = { ...state, sweep: { ...state.sweep, points: set.all } };
  // Energy plans do not change with points, so nothing is worked out anew.
  return next.requested.metric === null && !next.sweep.isComplete ? next : withDriving(next);
}

export function withSweepComplete(state: StudioState, isComplete: boolean): StudioState {
  return state.sweep.isComplete === isComplete
    ? state
    : withDriving({ ...state, sweep: { ...state.sweep, isComplete } });
}

/** A person pauses, cancels or resumes the sweep. */
export function withHalt(state: StudioState, halt: SweepHalt): StudioState {
  return { ...state, sweep: { ...state.sweep, halt } };
}

/** A person chooses the metric that drives the methods; null leaves the choice to the studio. */
export function withMetric(state: StudioState, metric: Metric | null): StudioState {
  return withDriving({ ...state, requested: { ...state.requested, metric } });
}

/** A person splits the images otherwise. */
export function withSplit(
  state: StudioState,
  change: { seed?: number; sizes?: Partial<SplitSizes> },
): StudioState {
  const { seed = state.requested.seed, sizes = {} } = change;
  const requested = { ...state.requested, seed, sizes: { ...state.requested.sizes, ...sizes } };
  return { ...state, requested };
}
