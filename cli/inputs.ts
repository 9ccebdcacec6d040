import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import type { NamedFile } from '../src/formats/file';
import { fail, FailureError } from '../src/network/failure';
import { noteRead } from './keptApart';
import { isSample, readSample, type SampleUse } from './samples';

/**
 * Reads files and folders from the disk, or the files of a built-in sample (`sample:vgg`).
 *
 * @param use what a sample's name stands for here
 * @throws FailureError `unreadable-file` naming the first that is not there
 */
export async function readFiles(paths: readonly string[], use: SampleUse): Promise<NamedFile[]> {
  const files: (readonly NamedFile[])[] = [];
  // One after the other, so that of several missing files the first is named.
  for (const path of paths) files.push(await (isSample(path) ? readSample(path, use) : readFromDisk(path)));
  return files.flat();
}

/** A file, or all files of a folder, named from that folder's name on. */
async function readFromDisk(path: string): Promise<NamedFile[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [{ name: basename(path), bytes: await bytesOf(path) }];
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    return await Promise.all(paths.sort().map((file) => readInFolder(path, file)));
  } catch (error) {
    if (error instanceof FailureError) throw error;
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return fail(
      'unreadable-file',
      `${path}: expected a file that can be read, found none (${reason}); check the path.`,
    );
  }
}

async function readInFolder(folder: string, path: string): Promise<NamedFile> {
  const name = join(basename(resolve(folder)), relative(folder, path))
    .split(sep)
    .join('/');
  return { name, bytes: await bytesOf(path) };
}

async function bytesOf(path: string): Promise<Uint8Array<ArrayBuffer>> {
  await noteRead(path);
  return new Uint8Array(await readFile(path));
}

/** A number from the command line. @throws FailureError `invalid-request` where it is none or out of range */
export function parseNumber(option: string, text: string, from: number, to: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= from && value <= to)) {
    return fail(
      'invalid-request',
      `${option}: expected a number from ${from} to ${to}, found "${text}"; give one in that range.`,
    );
  }
  return value;
}

/** A whole number from the command line. */
export function parseCount(option: string, text: string): number {
  const value = parseNumber(option, text, 1, Number.MAX_SAFE_INTEGER);
  if (!Number.isInteger(value))
    return fail(
      'invalid-request',
      `${option}: expected a whole number, found "${text}"; give one without a fraction.`,
    );
  return value;
}
