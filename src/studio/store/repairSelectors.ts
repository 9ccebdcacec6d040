import type { Method } from '../../enc/plan';
import type { Ranks } from '../../network/layers';
import { measurementKey, repairedKey, type Measurement } from '../model/measurement';
import type { RepairNote } from '../model/repair';
import type { JobId } from './jobs';
import { isCurvesInFlux, wantedRace } from './raceSelectors';
import { imageParts, isPreparing, measurementContext, measurementOf, wantedMeasurements } from './selectors';
import type { StudioState } from './state';
import { minCalibration } from './sweepSelectors';

/** A plan to repair, and to measure then. */
export interface RepairPlan {
  /** {@link measurementKey} of the truncated plan. */
  readonly key: string;
  readonly context: string;
  readonly method: Method;
  readonly ranksKey: string;
  readonly ranks: Ranks;
  readonly achieved: number;
}

/** Whether plans count with repair: the switch is on and there are images to repair on. */
export function isRepairing(state: StudioState): boolean {
  return state.requested.isRepairing && canRepair(state);
}

/** Whether there are enough calibration images. */
export function canRepair(state: StudioState): boolean {
  return (imageParts(state)?.calibration.indices.length ?? 0) >= minCalibration;
}

/** A method's plan as something to repair; null where nothing is cut or there is nothing to repair it on. */
export function repairPlanOf(state: StudioState, method: Method): RepairPlan | null {
  const context = measurementContext(state);
  const planned = state.completed?.plans[method];
  if (context === null || !planned || planned.key === '' || !isRepairing(state)) return null;
  const { ranks, achieved } = planned.plan;
  const key = measurementKey(context, planned.key);
  return { key, context, method, ranksKey: planned.key, ranks, achieved };
}

export function repairJobOf({ key }: RepairPlan): JobId {
  return `repair:${key}`;
}

/**
 * The chosen method's plan, where it should be repaired now: after everything quicker is done, unless it was, or
 * its repair failed or was cancelled.
 */
export function wantedRepair(state: StudioState): RepairPlan | null {
  const { jobs, requested, completed } = state;
  if (completed?.target !== requested.target || jobs.curves || isPreparing(jobs) || isCurvesInFlux(state))
    return null;
  if (jobs.race?.state === 'running' || wantedMeasurements(state).length > 0 || wantedRace(state))
    return null;
  const plan = repairPlanOf(state, requested.method);
  if (!plan || !measurementOf(state, plan.ranksKey) || repairedMeasurement(state, plan.ranksKey)) return null;
  const job = jobs[repairJobOf(plan)];
  return job && job.state !== 'running' ? null : plan;
}

/** What the repaired network of some ranks reached on the report images, if it ran. */
export function repairedMeasurement(state: StudioState, ranks: string): Measurement | null {
  return isRepairing(state) ? measurementOf(state, repairedKey(ranks)) : null;
}

/** What repair made of some ranks, if it was done. */
export function repairOf(state: StudioState, ranks: string): RepairNote | null {
  const context = measurementContext(state);
  return (context !== null && state.repairs[measurementKey(context, ranks)]) || null;
}
