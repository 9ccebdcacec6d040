import { mkdir, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { NamedFile } from '../src/formats/file';
import { fail } from '../src/network/failure';
import type { NetworkFormat } from '../src/network/graph';

/** Where and how the smaller network is written. */
export interface OutTarget {
  readonly path: string;
  readonly format: NetworkFormat;
  /** One file, a zip archive where the format is several; otherwise a folder, or files beside each other. */
  readonly isFolder: boolean;
  /** Several files that all carry the name of the path, each with its own ending. */
  readonly isFamily?: boolean;
}

const endings: Readonly<Record<string, NetworkFormat>> = {
  '.onnx': 'onnx',
  '.keras': 'keras',
  '.h5': 'h5',
  '.hdf5': 'h5',
  '.zip': 'tfjs',
  '.caffemodel': 'caffe',
};

/**
 * The format that `--out` names by its ending; a path without one is a folder for TF.js.
 * @throws FailureError `invalid-request` for any other ending
 */
export function outTarget(path: string): OutTarget {
  const ending = /\.[^./\\]*$/.exec(path)?.[0].toLowerCase() ?? '';
  const format = endings[ending];
  if (format === 'caffe') return { path, format, isFolder: false, isFamily: true };
  if (format) return { path, format, isFolder: false };
  if (ending === '' || ending === '.') return { path, format: 'tfjs', isFolder: true };
  const known = Object.keys(endings).join(', ');
  return fail(
    'invalid-request',
    `--out: expected ${known}, or a folder for TF.js, found "${ending}" in ${path}.`,
  );
}

/** Writes the files of a network. @returns the number of bytes */
export async function writeOut(target: OutTarget, files: readonly NamedFile[]): Promise<number> {
  if (target.isFolder) await mkdir(target.path, { recursive: true });
  for (const { name, bytes } of files) await writeFile(pathOf(target, name), bytes);
  return files.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
}

function pathOf({ path, isFolder, isFamily }: OutTarget, name: string): string {
  if (isFolder) return join(path, name);
  return isFamily ? path.slice(0, -extname(path).length) + extname(name) : path;
}
