import { backgroundJobs } from '../../../project/jobs';
import { formatDuration } from '../../../project/numbers';

interface Timed {
  /** Null where it is not known. */
  readonly secondsLeft: number | null;
}
interface Estimated {
  /** Null where nothing tells how long it takes. */
  readonly seconds: number | null;
}

/**
 * How long everything takes that runs or waits: "20 s left", "about 40 s left" where some of it has not begun, "at
 * least 20 s left" where nothing tells how long a part takes; empty where nothing is known.
 */
export function timeLeftText(running: readonly Timed[], waiting: readonly Estimated[]): string {
  const parts = [...running.map(({ secondsLeft }) => secondsLeft), ...waiting.map(({ seconds }) => seconds)];
  const known = parts.filter((part) => part !== null);
  if (known.length === 0 || running.every(({ secondsLeft }) => secondsLeft === null)) return '';
  const sum = known.reduce((total, part) => total + part, 0);
  const word = known.length < parts.length ? 'at least ' : waiting.length > 0 ? 'about ' : '';
  return `${word}${formatDuration(sum)} left`;
}

/** What comes after: "then race, repair". */
export function followingText(kinds: readonly string[]): string {
  const stages = [...new Set(kinds)].map((kind) => {
    const job = backgroundJobs.find(kind);
    return job?.stage ?? job?.label ?? '';
  });
  const named = stages.filter(Boolean);
  return named.length === 0 ? '' : `then ${named.join(', ')}`;
}
