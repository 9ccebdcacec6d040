import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import type { NamedFile } from '../src/formats/file';
import { fail } from '../src/network/failure';
import type { Shape } from '../src/network/graph';
import type { ChannelOrder, Preprocessing } from '../src/network/images';
import { presetNamed, presets } from '../src/network/presets';
import { isSample, readSample, type SampleUse } from './samples';

/** How pixels become the network's input, as given on the command line. */
export interface PreprocessingOptions {
  readonly channels?: string;
  readonly mean?: string;
  readonly scale?: string;
  /** A preset's name, or `detect`. */
  readonly preprocess?: string;
}

/**
 * Reads files and folders from the disk, or the files of a built-in sample (`sample:vgg`).
 *
 * @param use what a sample's name stands for here
 * @throws FailureError `unreadable-file` naming the first that is not there
 */
export async function readFiles(paths: readonly string[], use: SampleUse): Promise<NamedFile[]> {
  const files: NamedFile[] = [];
  // One after the other, so that of several missing files the first is named.
  for (const path of paths)
    files.push(...(await (isSample(path) ? readSample(path, use) : readFromDisk(path))));
  return files;
}

/** A file, or all files of a folder, named from that folder's name on. */
async function readFromDisk(path: string): Promise<NamedFile[]> {
  try {
    if (!(await stat(path)).isDirectory())
      return [{ name: basename(path), bytes: new Uint8Array(await readFile(path)) }];
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    return await Promise.all(paths.sort().map((file) => readInFolder(path, file)));
  } catch (error) {
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
  return { name, bytes: new Uint8Array(await readFile(path)) };
}

/**
 * Preprocessing from the command line; what is not given is as the network's own files state it, or RGB (grey
 * for one channel), mean 0 and scale 1/255.
 *
 * @param input shape of the network's input
 */
export function parsePreprocessing(
  options: PreprocessingOptions,
  input: Shape,
  stated: Preprocessing | null = null,
): Preprocessing {
  const count = input.length === 3 ? input[2]! : 1;
  if (options.preprocess !== undefined) stated = namedPreset(options.preprocess, count);
  const channels = options.channels ?? stated?.channels ?? (count === 1 ? 'grey' : 'rgb');
  if (!isChannelOrder(channels)) {
    return fail('invalid-request', `--channels: expected rgb, bgr or grey, found "${channels}".`);
  }
  return {
    channels,
    mean:
      options.mean === undefined
        ? (stated?.mean ?? Array<number>(count).fill(0))
        : parseNumbers('--mean', options.mean, count),
    scale:
      options.scale === undefined
        ? (stated?.scale ?? [1 / 255])
        : parseNumbers('--scale', options.scale, count),
  };
}

/** @throws FailureError `invalid-request` for a name that is no preset's */
function namedPreset(name: string, count: number): Preprocessing {
  const known = ['detect', ...presets.map(({ id }) => id)].join(', ');
  return (
    presetNamed(name, count) ??
    fail('invalid-request', `--preprocess: expected one of ${known}, found "${name}".`)
  );
}

function isChannelOrder(text: string): text is ChannelOrder {
  return text === 'rgb' || text === 'bgr' || text === 'grey';
}

function parseNumbers(option: string, text: string, count: number): number[] {
  const numbers = text.split(',').map(Number);
  const fits = (numbers.length === 1 || numbers.length === count) && numbers.every(Number.isFinite);
  if (!fits) {
    return fail(
      'invalid-request',
      `${option}: expected one number or ${count}, separated by commas, found "${text}".`,
    );
  }
  return numbers.length === count ? numbers : Array<number>(count).fill(numbers[0]!);
}

/** A number from the command line. @throws FailureError `invalid-request` where it is none or out of range */
export function parseNumber(option: string, text: string, from: number, to: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= from && value <= to)) {
    return fail('invalid-request', `${option}: expected a number from ${from} to ${to}, found "${text}".`);
  }
  return value;
}

/** A whole number from the command line. */
export function parseCount(option: string, text: string): number {
  const value = parseNumber(option, text, 1, Number.MAX_SAFE_INTEGER);
  if (!Number.isInteger(value))
    return fail('invalid-request', `${option}: expected a whole number, found "${text}".`);
  return value;
}
