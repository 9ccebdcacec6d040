import type { Outcome } from '../../src/network/failure';

const cancelled: Outcome<never> = { ok: false, failure: { code: 'cancelled', message: 'Cancelled.' } };

/**
 * Settles as cancelled the moment the signal is aborted, whatever the work does: a thread may need until its
 * next step to notice, and one that was ended never answers.
 *
 * @param onAbort tells the threads to stop
 */
export function untilAborted<T>(
  signal: AbortSignal,
  onAbort: () => void,
  work: Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      onAbort();
      resolve(cancelled);
    };
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
