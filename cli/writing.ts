import { createHash, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, readdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fail } from '../src/network/failure';
import { noteToWrite, requireUnread } from './keptApart';

/**
 * Writes a file aside and gives it its name when it is whole, so that nobody finds half of it, whatever ends the
 * process, and of two that write it the later one's stays.
 *
 * @throws FailureError `invalid-request` where the place cannot be written to
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await writeTogether([{ path, content }]);
}

/** A file to be written. */
export interface Written {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/**
 * The same for files that belong together: all are written aside before the first gets its name.
 *
 * @throws FailureError `invalid-request` where a place cannot be written to
 */
export async function writeTogether(files: readonly Written[]): Promise<void> {
  for (const { path } of files) await requireUnread(path);
  const waiting: { readonly path: string; readonly aside: string; readonly place: string }[] = [];
  let current = files[0]?.path ?? '';
  try {
    for (const { path, content } of files) {
      current = path;
      // Where a link points, the file is, and the link stays.
      const place = await realpath(path).catch(() => path);
      if (await isNoFile(place)) {
        // A device or a pipe can only be written to as it stands.
        await writeFile(place, content);
        continue;
      }
      await clearAbandoned(dirname(place));
      const aside = asideOf(place);
      waiting.push({ path, aside, place });
      beingWritten.add(aside);
      await writeFile(aside, content);
    }
    for (const { path, aside, place } of waiting) {
      current = path;
      await rename(aside, place);
      beingWritten.delete(aside);
    }
  } catch (error) {
    for (const { aside } of waiting) {
      await rm(aside, { force: true }).catch(() => undefined);
      beingWritten.delete(aside);
    }
    failToWrite(current, error);
  }
}

/** What this process is writing aside. */
const beingWritten = new Set<string>();

/** Deletes what was being written and has no name yet, for a process that ends at once. */
export function removeUnfinished(): void {
  for (const aside of beingWritten) {
    try {
      rmSync(aside, { force: true });
    } catch {
      // The next run that writes there deletes it.
    }
  }
}

/** Hidden, beside the file, and told by the machine and the process whose it is. */
function asideOf(place: string): string {
  return join(
    dirname(place),
    `.${basename(place)}.${machine}-${process.pid}-${randomBytes(6).toString('hex')}.part`,
  );
}

/** Of a shared folder, what other machines write is theirs. */
const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
const asideName = /^\..+\.([0-9a-f]{8})-(\d+)-[0-9a-f]{12}\.part$/;
const cleared = new Set<string>();

/** Deletes what processes of this machine that are gone had written aside, once for each folder. */
async function clearAbandoned(folder: string): Promise<void> {
  if (cleared.has(folder)) return;
  cleared.add(folder);
  for (const name of await readdir(folder).catch(() => [])) {
    const [, host, pid] = asideName.exec(name) ?? [];
    if (host === machine && !isAlive(Number(pid)))
      await rm(join(folder, name), { force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Requires, before hours of work, that a file can be written.
 *
 * @param isFolder whether the path is a folder that is made where it is missing
 * @throws FailureError `invalid-request` where it cannot
 */
export async function requireWritable(path: string, isFolder = false): Promise<void> {
  const place = await realpath(path).catch(() => path);
  if (await isNoFile(place)) return;
  await noteToWrite(path);
  try {
    const found = await stat(place).catch(() => null);
    if (found && found.isDirectory() !== isFolder)
      throw Object.assign(new Error(), { code: isFolder ? 'ENOTDIR' : 'EISDIR' });
    const probe = asideOf(isFolder ? join(await existing(place), 'folder') : place);
    await writeFile(probe, '');
    await rm(probe, { force: true });
  } catch (error) {
    failToWrite(path, error);
  }
}

/** The folder, or the nearest one around it that is there. */
async function existing(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => null);
  return found || dirname(folder) === folder ? folder : existing(dirname(folder));
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
