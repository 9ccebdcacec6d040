import { randomBytes } from 'node:crypto';
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
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
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    fail(
      'invalid-request',
      `${path}: expected a place that can be written to, found none (${reason}); check the path and the room left.`,
    );
  }
}

/** Whether there is something that is neither a file nor a folder. */
async function isNoFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found !== null && !found.isFile() && !found.isDirectory();
}
