import { unwrap, type Outcome } from '../../src/network/failure';
import { isLoss } from '../pool/threads';
import type { CourseService } from '../protocol/course';
import type { JobPool } from './job';

/** Threads for courses that one job may cost. */
const maxLosses = 3;

/** Makes a callback for a thread of what may fail: it answers null then. */
export type Noted = <A extends unknown[], R>(
  help: (...given: A) => Promise<R>,
) => (...given: A) => Promise<R | null>;

/**
 * Runs something in a thread for courses, and anew in another one where that is lost. What callbacks throw is thrown here:
 * it does not come through to another thread as it is.
 *
 * @param signal ends the thread at once
 */
export async function inCourse<R>(
  pool: JobPool,
  signal: AbortSignal,
  run: (service: CourseService, noted: Noted) => Promise<Outcome<R>>,
): Promise<R> {
  for (let losses = 1; ; losses++) {
    try {
      return await runOnce(pool, signal, run);
    } catch (error) {
      if (!isLoss(error) || losses === maxLosses) throw error;
    }
  }
}

async function runOnce<R>(
  pool: JobPool,
  signal: AbortSignal,
  run: (service: CourseService, noted: Noted) => Promise<Outcome<R>>,
): Promise<R> {
  const thread = pool.openCourse();
  const close = () => thread.close();
  signal.addEventListener('abort', close);
  let failure: { readonly reason: unknown } | null = null;
  const noted: Noted =
    (help) =>
    async (...given) => {
      try {
        return await help(...given);
      } catch (reason) {
        failure ??= { reason };
        return null;
      }
    };
  try {
    return unwrap(await run(thread.service, noted));
  } catch (error) {
    throw (failure as { readonly reason: unknown } | null)?.reason ?? error;
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
}
