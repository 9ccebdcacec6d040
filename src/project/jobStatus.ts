import type { Failure } from '../network/failure';
import type { Progress } from '../../workers/protocol/progress';

/** Names a job: its kind and, where there may be several of a kind, which. */
export interface JobId {
  readonly kind: string;
  /** Empty where there is only one of the kind. */
  readonly key: string;
}

/** One tagged status per job; a job that ended well leaves no trace. */
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

/** The job of a kind of which there is only one. */
export function onlyJob(kind: string): JobId {
  return { kind, key: '' };
}

/** Statuses by kind and key. */
export type Jobs = Readonly<Record<string, Readonly<Record<string, JobStatus>>>>;

/** A job's status; undefined where it neither runs nor ended badly. */
export function statusOf(jobs: Jobs, kind: string, key = ''): JobStatus | undefined {
  return jobs[kind]?.[key];
}

/** The failure of a job, if it failed. */
export function failureOf(jobs: Jobs, kind: string, key = ''): Failure | null {
  const status = statusOf(jobs, kind, key);
  return status?.state === 'failed' ? status.failure : null;
}

/** The key of a kind's one job, where it has a status at all. */
export function keyOfKind(jobs: Jobs, kind: string): string | null {
  return Object.keys(jobs[kind] ?? {})[0] ?? null;
}

/** Whether a job of a kind runs, whichever. */
export function isRunning(jobs: Jobs, kind: string): boolean {
  return Object.values(jobs[kind] ?? {}).some(({ state }) => state === 'running');
}

/** Whether a job failed or was cancelled, so that nothing starts it again by itself. */
export function hasEnded(jobs: Jobs, kind: string, key = ''): boolean {
  const status = statusOf(jobs, kind, key);
  return status !== undefined && status.state !== 'running';
}

/** The jobs with another status of one; null takes it away. */
export function withStatus(jobs: Jobs, { kind, key }: JobId, status: JobStatus | null): Jobs {
  const others = Object.entries(jobs[kind] ?? {}).filter(([other]) => other !== key);
  const own = status === null ? others : [...others, [key, status] as const];
  return { ...jobs, [kind]: Object.fromEntries(own) };
}

/** The jobs without all of some kinds. */
export function withoutKinds(jobs: Jobs, kinds: readonly string[]): Jobs {
  return Object.fromEntries(Object.entries(jobs).filter(([kind]) => !kinds.includes(kind)));
}

/** Every job with its id. */
export function listed(jobs: Jobs): readonly { readonly id: JobId; readonly status: JobStatus }[] {
  return Object.entries(jobs).flatMap(([kind, own]) =>
    Object.entries(own).map(([key, status]) => ({ id: { kind, key }, status })),
  );
}

/** How far a job was at a moment, in seconds since it began. */
export interface Reached {
  readonly done: number;
  readonly at: number;
}

/**
 * Seconds that a job still needs, by itself or at its pace; null before there is a pace. What it needs to begin, such as compiling,
 * is no part of the pace: it would make minutes of seconds.
 *
 * @param first where the job was when it told of itself for the first time
 * @param elapsed seconds since it began
 */
export function secondsLeft(progress: Progress | null, first: Reached, elapsed: number): number | null {
  if (!progress || progress.done >= progress.total) return null;
  if (progress.secondsLeft !== undefined) return progress.secondsLeft;
  const [done, seconds] = [progress.done - first.done, elapsed - first.at];
  return done <= 0 || seconds < 0.5 ? null : (seconds / done) * (progress.total - progress.done);
}
