import { FailureError, type Outcome } from '../../src/network/failure';

/** Why something settles that was cancelled. */
export function cancellation(): FailureError {
  return new FailureError('cancelled', 'Cancelled.');
}

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
      resolve({ ok: false, failure: cancellation().failure });
    };
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
