import { fail } from '../network/failure';

/** How long work may hold the thread before messages get a turn, in milliseconds. */
const turn = 12;

/** Gives the event loop a turn now: timers and messages that are due run before it resolves. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * A pause for long work: lets messages through when the thread was held long enough, then stops the work if
 * it was cancelled meanwhile.
 *
 * @returns to be called between steps; throws FailureError 'cancelled'
 */
export function pauseUnlessCancelled(isCancelled: () => boolean = () => false): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since > turn) {
      await nextTurn();
      since = performance.now();
    }
    if (isCancelled()) fail('cancelled', 'The step was cancelled.');
  };
}
