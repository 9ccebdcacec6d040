import type { Progress } from '../../workers/protocol/progress';
import { sweeping } from './kinds';
import { formatDuration } from './numbers';
import { resultsOf } from './results';

/** How sweeps of the same points went in this session. */
export interface SweepNote {
  /** All together. */
  readonly seconds: number;
  /** Why the last one ended: its time was over, or nothing was left that could tell anything; null before it has. */
  readonly end: 'time' | 'exhausted' | null;
}

/** By the key of the points. */
export const sweepNotes = resultsOf<SweepNote>(sweeping);

/**
 * What is said of a sweep that came to its end.
 *
 * @param minutes that it had; null for no limit
 */
export function sweepEndText({ seconds, end }: SweepNote, minutes: number | null): string {
  const took = formatDuration(seconds);
  if (end === null) return '';
  if (minutes === null || end === 'time')
    return minutes === null
      ? `The curves took ${took}.`
      : `The curves took ${took}, of ${formatDuration(60 * minutes)} that were given; more time makes them finer.`;
  return `The curves took ${took}, of ${formatDuration(60 * minutes)} that were given: nothing is left to measure that could tell more.`;
}

/** Where the time does not suffice for a coarse pass: what it takes. Empty where it does. */
export function neededText({ secondsNeeded }: Pick<Progress, 'secondsNeeded'>): string {
  return secondsNeeded === undefined
    ? ''
    : `Measuring every layer once, as coarsely as possible, takes about ${formatDuration(secondsNeeded)}, more than was given`;
}
