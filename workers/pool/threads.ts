import { FailureError } from '../../src/network/failure';
import type { ComputeService } from '../protocol/compute';

/** One thread with its service. */
export interface Thread {
  readonly service: ComputeService;
  /** Resolves once the thread has ended, for whatever reason; never where that cannot be told. */
  readonly ended: Promise<void>;
  /** Ends the thread; calls that are under way fail with the reason. */
  close(reason: FailureError): void;
}

/**
 * Why calls fail whose thread died.
 *
 * @param cause what the thread said of it, if anything
 */
export function threadLost(cause = ''): FailureError {
  const reason = cause ? ` (${cause})` : ', most likely for lack of memory';
  return new FailureError(
    'thread-lost',
    `A compute thread stopped${reason}; reload the page and use fewer images.`,
  );
}

/** Why calls fail when the studio was closed. */
export function studioClosed(): FailureError {
  return new FailureError('cancelled', 'The studio was closed.');
}

/** Whether a call failed because its thread, or the graphics device of it, is gone. */
export function isLoss(error: unknown): boolean {
  return error instanceof FailureError && (error.code === 'thread-lost' || error.code === 'device-lost');
}

/** The end of a thread, for those who wait and for the calls that are under way. */
export interface ThreadEnd {
  readonly ended: Promise<void>;
  /** Rejects with the reason of the end; nobody may be waiting then. */
  readonly failed: Promise<never>;
  /** The first call counts. */
  end(reason: Error): void;
}

export function threadEnd(): ThreadEnd {
  let end: (reason: Error) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    end = reject;
  });
  const ended = failed.catch(() => undefined);
  return { ended, failed, end };
}
