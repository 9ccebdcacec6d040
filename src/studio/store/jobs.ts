import type { Method } from '../../enc/plan';
import type { Failure } from '../../network/failure';
import type { Progress } from '../../../workers/protocol/progress';

/** Long steps by name. A measurement is named by its key, an export by its method. */
export type JobId =
  | 'backend'
  | 'sample'
  | 'network'
  | 'images'
  | 'tuning'
  | 'detect'
  | 'curves'
  | 'sweep'
  | 'race'
  | 'figure'
  | `measure:${string}`
  | `repair:${string}`
  | `export:${Method}`;

/** One tagged status per job; a job that ended well leaves no trace here. */
export type JobStatus =
  | {
      readonly state: 'running';
      /** For a person: "Measuring ENC-Map at 50 %". */
      readonly title: string;
      readonly progress: Progress | null;
      /** At the pace so far; null before there is a pace. */
      readonly secondsLeft: number | null;
    }
  | { readonly state: 'failed'; readonly title: string; readonly failure: Failure }
  | { readonly state: 'cancelled'; readonly title: string };

export type Jobs = Readonly<Partial<Record<JobId, JobStatus>>>;

/**
 * Seconds that a job still needs at its pace so far; null before there is a pace.
 *
 * @param elapsed seconds since it began
 */
export function secondsLeft(progress: Progress | null, elapsed: number): number | null {
  if (!progress || progress.done <= 0 || progress.done >= progress.total || elapsed < 0.5) return null;
  return (elapsed / progress.done) * (progress.total - progress.done);
}
