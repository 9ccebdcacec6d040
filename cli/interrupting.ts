import { constants } from 'node:os';
import { removeUnfinished } from './writing';

const signals = ['SIGINT', 'SIGTERM'] as const;

/**
 * Ends the process with a sentence where a signal asks for it, and leaves nothing half written. Commands that can go on
 * later stop by themselves (see sharing/stopping.ts), and are left to.
 *
 * @param asJson whether one object is to stand on stdout however a command ends
 */
export function endWhenInterrupted(asJson: boolean): void {
  for (const name of signals)
    process.on(name, () => {
      if (process.listenerCount(name) > 1) return;
      removeUnfinished();
      const message = `Stopped by ${name}: what was being written was removed; run the same command again.`;
      if (asJson) process.stdout.write(`${JSON.stringify({ error: { code: 'cancelled', message } })}\n`);
      process.stderr.write(`\n${message}\n`);
      // As shells say that a signal ended a command.
      process.exit(128 + constants.signals[name]);
    });
}
