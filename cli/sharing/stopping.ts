import { note } from '../output';

/**
 * Exit status of a command that was asked to stop before its end: EX_TEMPFAIL of sysexits.h, "try again later".
 * Schedulers can tell it from a failure and queue the task again.
 */
export const stoppedStatus = 75;

const signals = ['SIGTERM', 'SIGINT'] as const;

/** What a command that may be stopped is given. */
export interface Stop {
  /** Aborted by the first SIGTERM or SIGINT; a second one ends the process at once. */
  readonly signal: AbortSignal;
}

/**
 * Runs work that a signal may stop. What it has written by then stays; the process ends with {@link stoppedStatus}.
 *
 * @param left said of what was left undone
 */
export async function stoppable(work: (stop: Stop) => Promise<void>, left: () => string): Promise<void> {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(stoppedStatus);
    controller.abort(name);
  };
  for (const name of signals) process.on(name, onSignal);
  try {
    await work({ signal: controller.signal });
  } catch (error) {
    if (!controller.signal.aborted) throw error;
  } finally {
    for (const name of signals) process.off(name, onSignal);
  }
  if (!controller.signal.aborted) return;
  note(`Stopped by ${String(controller.signal.reason)}: ${left()}`);
  process.exitCode = stoppedStatus;
}
