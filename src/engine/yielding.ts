import { fail } from '../network/failure';

/** How long work may hold the thread before messages get a turn, in milliseconds. */
const turn = 12;

/**
 * Gives the event loop a turn now: messages that have come in are handled before it resolves.
 *
 * Not by a timer: browsers stretch nested timers to 4 ms and more, which after every few milliseconds of work
 * costs up to half of the thread's time.
 */
export function nextTurn(): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (run: () => void) => void };
  if (setImmediate) return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    waiting.push(resolve);
    ownChannel().postMessage(null);
  });
}

const waiting: (() => void)[] = [];
let sender: MessagePort | null = null;

/** A channel from this thread to itself; its messages queue up behind those that came before. */
function ownChannel(): MessagePort {
  if (sender) return sender;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => waiting.shift()?.();
  sender = port2;
  return sender;
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
