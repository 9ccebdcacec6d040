import { wrap } from 'comlink';

/**
 * Tells when a compute worker is gone. Only an uncaught error fires an event; a crash or an end from outside does
 * not, but it sets the lock free that the worker holds for its whole life. Without locks only errors count.
 *
 * @param stop ends the waiting
 */
export async function whenGone(
  worker: Worker,
  stop: AbortSignal,
  onGone: (cause?: string) => void,
): Promise<void> {
  worker.addEventListener('error', ({ message }) => onGone(message));
  const remote = wrap<{ lifeline(): Promise<string | null> }>(worker);
  const name = await remote.lifeline().catch(() => null);
  if (name === null || stop.aborted || !('locks' in navigator)) return;
  await navigator.locks.request(name, { signal: stop }, () => onGone()).catch(() => undefined);
}
