import type { Metric } from '../../enc/curve';
import { createPointStore } from '../../../workers/client/pointStore';
import type { Studio } from '../../../workers/protocol/studio';
import type { JobRunner } from '../actions/jobRunner';
import type { StudioStore } from '../store/store';
import { keepSweeping } from './keepSweeping';
import type { SplitSizes } from './split';
import type { SweepHalt } from './sweepState';
import { withMetric, withSplit } from './transitions';

/** What a person can do about measured curves. */
export interface SweepActions {
  /** Pauses or cancels the sweep; null goes on with it. */
  haltSweep(halt: SweepHalt): void;
  /** Which metric drives the methods; null for divergence once it is measured. */
  setMetric(metric: Metric | null): void;
  setSplit(change: { seed?: number; sizes?: Partial<SplitSizes> }): void;
}

/** Starts what follows the state by itself, and returns what a person can do. */
export function createSweepActions(store: StudioStore, studio: Studio, jobs: JobRunner): SweepActions {
  const sweeping = keepSweeping(store, studio, jobs, createPointStore());
  return {
    haltSweep: (halt) => sweeping.halt(halt),
    setMetric: (metric) => store.setState((state) => withMetric(state, metric)),
    setSplit: (change) => store.setState((state) => withSplit(state, change)),
  };
}
