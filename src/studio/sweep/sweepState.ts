import type { MeasuredPoint } from '../../enc/sweep/points';

/** Why a sweep rests although there is something left to measure; null where nobody stopped it. */
export type SweepHalt = 'paused' | 'cancelled' | null;

/** What was measured for the curves so far. */
export interface SweepState {
  /** Names network, images, selection and preprocessing that the points hold for; null before there are any. */
  readonly key: string | null;
  readonly points: readonly MeasuredPoint[];
  /** Whether nothing is left that could tell anything. */
  readonly isComplete: boolean;
  readonly halt: SweepHalt;
}

export const initialSweep: SweepState = { key: null, points: [], isComplete: false, halt: null };
