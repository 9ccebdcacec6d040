import { stat } from 'node:fs/promises';
import { fail } from '../src/network/failure';

/*
 * What a command reads it never writes over, whichever command and options name it, by links or otherwise: a file that is
 * about to be written is refused when it is read, which is before the work, and one that was read when it is written.
 */

/** Files by what they are on the disk, with the paths that they were named by. */
const toWrite = new Map<string, string>();
const read = new Map<string, string>();

async function identityOf(path: string): Promise<string | null> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() ? `${found.dev}:${found.ino}` : null;
}

/** Forgets the files of the command before, where one process runs several. */
export function forgetFiles(): void {
  toWrite.clear();
  read.clear();
}

/** Notes a file that a command is going to write, where it is there. */
export async function noteToWrite(path: string): Promise<void> {
  const identity = await identityOf(path);
  if (identity) toWrite.set(identity, path);
}

/** Notes a file of a person's that is read. @throws FailureError `invalid-request` where it is going to be written */
export async function noteRead(path: string): Promise<void> {
  const identity = await identityOf(path);
  if (!identity) return;
  read.set(identity, path);
  const out = toWrite.get(identity);
  if (out !== undefined) refuse(path, out);
}

/** Requires that a file that is written is none that was read. @throws FailureError `invalid-request` where it is */
export async function requireUnread(path: string): Promise<void> {
  const identity = await identityOf(path);
  const input = identity === null ? undefined : read.get(identity);
  if (input !== undefined) refuse(input, path);
}

function refuse(input: string, out: string): never {
  fail(
    'invalid-request',
    `Expected another file to write to than ${input}, which is read, found ${out}; name another one.`,
  );
}
