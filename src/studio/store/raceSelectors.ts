import { curveMethods } from '../../compression/methods';
import { chosenMetric } from '../model/shown';
import type { RaceEntry } from '../model/race';
import { raceEntries } from '../model/race';
import {
  imageParts,
  measurementContext,
  measurementOf,
  originalRanks,
  wantedMeasurements,
  isPreparing,
} from './selectors';
import type { StudioState } from './state';
import { minSelection } from './sweepSelectors';

/** A race that there is reason to run. */
export interface RaceTask {
  readonly key: string;
  readonly target: number;
  /** Made only when the race starts: ENC-Model's next best plans take some milliseconds. */
  entries(): RaceEntry[];
}

/**
 * Names the race for the present target; null while there is nothing to race. A sweep that goes on changes the
 * curves all the time, so the race waits for it, unless energy drives the methods.
 */
export function raceKey(state: StudioState): string | null {
  const parts = imageParts(state);
  const { network, completed, requested, jobs } = state;
  if (!network?.planner.qualities || !parts || parts.selection.indices.length < minSelection) return null;
  if (!completed || completed.target !== requested.target) return null;
  if (!curveMethods().every(({ id }) => completed.plans[id])) return null;
  if (isCurvesInFlux(state) || isPreparing(jobs)) return null;
  const context = measurementContext(state);
  if (context === null || !measurementOf(state, originalRanks)) return null;
  const { calibration, selection } = parts.sizes;
  const split = [parts.selection.images, requested.seed, calibration, selection];
  const plans = curveMethods().map(({ id }) => completed.plans[id]?.key);
  return [context, ...split, requested.target, requested.candidates, ...plans].join('|');
}

/** Whether the curves that drive the methods are still being measured, or will be after a pause. */
export function isCurvesInFlux({ jobs, requested, sweep }: StudioState): boolean {
  return (jobs.sweep?.state === 'running' || sweep.isPaused) && chosenMetric(requested.metric).needs.images;
}

/** The race to run now: after the methods' own plans have been measured, unless it was run or was cancelled. */
export function wantedRace(state: StudioState): RaceTask | null {
  const key = raceKey(state);
  const { network, completed, requested, race, jobs } = state;
  if (key === null || !network || !completed) return null;
  if (jobs.race !== undefined && jobs.race.state !== 'running') return null;
  if (race?.key === key && race.isFinished) return null;
  if (wantedMeasurements(state).length > 0) return null;
  const { target, candidates } = requested;
  return { key, target, entries: () => raceEntries(network.planner, completed.plans, target, candidates) };
}
