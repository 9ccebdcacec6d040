import { wrap } from 'comlink';
import type { FailureError } from '../../src/network/failure';
import { partMissing } from '../../src/network/parts';

/** How long a worker may take until it gives a sign of life: many times what a slow processor needs. */
const startLimit = 60_000;

/** What is watched. */
export interface Watched {
  readonly worker: Worker;
  /** What the worker is, for a person. */
  readonly name: string;
  /** Why calls fail once it is gone, given what it said of that, if anything. */
  lost(cause?: string): FailureError;
}

/**
 * Tells when a worker is gone. Only an uncaught error fires an event; a crash or an end from outside does not, but it
 * sets the lock free that the worker holds for its whole life. Without locks only errors count, and silence at the
 * start.
 *
 * @param stop ends the waiting
 * @param onGone told why; more than once where there are several signs
 */
export async function whenGone(
  { worker, name, lost }: Watched,
  stop: AbortSignal,
  onGone: (reason: FailureError) => void,
): Promise<void> {
  let hasStarted = false;
  // A script that could not be fetched says nothing, unlike one that failed.
  worker.addEventListener('error', ({ message }) =>
    onGone(
      hasStarted || message
        ? lost(message)
        : partMissing(name, 'its script, or one that it needs, did not come'),
    ),
  );
  const deadline = setTimeout(() => onGone(lost('it did not start')), startLimit);
  stop.addEventListener('abort', () => clearTimeout(deadline), { once: true });
  const remote = wrap<{ lifeline(): Promise<string | null> }>(worker);
  const lock = await remote.lifeline().catch(() => null);
  hasStarted = true;
  clearTimeout(deadline);
  if (lock === null || stop.aborted || !('locks' in navigator)) return;
  await navigator.locks.request(lock, { signal: stop }, () => onGone(lost())).catch(() => undefined);
}
