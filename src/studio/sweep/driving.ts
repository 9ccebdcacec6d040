import type { Curve, Metric } from '../../enc/curve';
import { curvesByMetric } from '../../enc/sweep/metricCurves';
import type { Requested, StudioState } from '../store/state';
import type { SweepState } from './sweepState';

/** The curves that plans are made from now. */
export interface Driving {
  /** The metric used, which is energy until another one is known for some layer. */
  readonly metric: Metric;
  readonly curves: ReadonlyMap<string, Curve>;
  /** Layers whose curve goes through points of their own. */
  readonly measured: ReadonlySet<string>;
}

/** The metric asked for; by itself divergence once the sweep is through, energy before. */
export function wantedMetric(requested: Pick<Requested, 'metric'>, sweep: SweepState): Metric {
  return requested.metric ?? (sweep.isComplete ? 'divergence' : 'energy');
}

/** The curves that drive the methods, with what is there at this time. */
export function drivingCurves(
  state: Pick<StudioState, 'requested' | 'sweep' | 'network'>,
  energy: ReadonlyMap<string, Curve>,
): Driving {
  const wanted = wantedMetric(state.requested, state.sweep);
  const { curves, measured } = curvesByMetric(
    wanted,
    state.network?.summary.layers ?? [],
    state.sweep.points,
    energy,
  );
  return { metric: measured.size === 0 ? 'energy' : wanted, curves, measured };
}
