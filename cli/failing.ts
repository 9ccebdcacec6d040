import { CommanderError } from 'commander';
import { FailureError } from '../src/network/failure';
import { printable } from './output';

/** How a command ended that did not answer. */
export interface Ending {
  /** The process's status; 0 where only help was asked for. */
  readonly status: number;
  /** What stands on stdout under `--json`: exactly one object, as where a command answers. */
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * What is said of an error that ended a command. A failure is a sentence for a person; anything else is a bug and
 * shows where it happened.
 *
 * @param asJson whether `--json` was given
 */
export function endingOf(error: unknown, asJson: boolean): Ending {
  // Help and the version were printed already, and so was what is wrong with the options.
  const isUsage = error instanceof CommanderError;
  if (isUsage && error.exitCode === 0) return { status: 0, stdout: '', stderr: '' };
  const isFailure = error instanceof FailureError;
  const code = isFailure ? error.code : isUsage ? 'invalid-request' : 'internal-error';
  const message = (error instanceof Error ? error.message : String(error)).replace(/^error: /, '');
  const trace = error instanceof Error ? (error.stack ?? message) : message;
  return {
    status: isUsage ? error.exitCode : 1,
    stdout: asJson ? printable(`${JSON.stringify({ error: { code, message } })}\n`) : '',
    stderr: isUsage ? '' : printable(`${isFailure ? message : trace}\n`),
  };
}
