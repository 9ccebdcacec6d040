import { randomBytes } from 'node:crypto';
import { mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fail } from '../src/network/failure';

/**
 * Writes a file aside and gives it its name when it is whole, so that nobody finds half of it, whatever ends the
 * process, and of two that write it the later one's stays.
 *
 * @throws FailureError `invalid-request` where the place cannot be written to
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  // Where a link points, the file is, and the link stays.
  const place = await realpath(path).catch(() => path);
  const aside = join(dirname(place), `.${basename(place)}.${randomBytes(6).toString('hex')}.part`);
  try {
    if (await isNoFile(place)) {
      // A device or a pipe can only be written to as it stands.
      await writeFile(place, content);
      return;
    }
    await writeFile(aside, content);
    await rename(aside, place);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => undefined);
    failToWrite(path, error);
  }
}

function failToWrite(path: string, error: unknown): never {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return fail(
    'invalid-request',
    `${path}: expected a place that can be written to, found none (${reason}); check the path and the room left.`,
  );
}

/** Makes a folder, and those that it lies in. @throws FailureError `invalid-request` where it cannot be made */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    failToWrite(path, error);
  }
}

/**
 * Requires that what is written is none of the files that are read, under whatever name.
 *
 * @throws FailureError `invalid-request`
 */
export async function requireOtherFile(
  option: string,
  out: string,
  inputs: readonly string[],
): Promise<void> {
  const found = await stat(out).catch(() => null);
  if (!found?.isFile()) return;
  for (const input of inputs) {
    const other = await stat(input).catch(() => null);
    if (other?.ino === found.ino && other.dev === found.dev)
      fail(
        'invalid-request',
        `${option}: expected another file than ${input}, which is read, found ${out}; name another one.`,
      );
  }
}

/** Whether there is something that is neither a file nor a folder. */
async function isNoFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found !== null && !found.isFile() && !found.isDirectory();
}
