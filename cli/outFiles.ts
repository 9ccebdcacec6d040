import { extname, join } from 'node:path';
import type { NamedFile } from '../src/formats/file';
import { writers } from '../src/formats/models/writers';
import { fail } from '../src/network/failure';
import { makeFolder, requireOtherFile, requireWritable, writeTogether } from './writing';

/** Where and how the smaller network is written. */
export interface OutTarget {
  readonly path: string;
  /** Id of a writer. */
  readonly format: string;
  /** One file, a zip archive where the format is several; otherwise a folder, or files beside each other. */
  readonly isFolder: boolean;
  /** Several files that all carry the name of the path, each with its own ending. */
  readonly isFamily?: boolean;
}

/** The form that a path without an ending names. */
function folderForm() {
  return writers.all.find(({ layout }) => layout === 'folder');
}

/**
 * The format that `--out` names by its ending; a path without one is a folder.
 * @throws FailureError `invalid-request` for any other ending
 */
export function outTarget(path: string): OutTarget {
  const ending = /\.[^./\\]*$/.exec(path)?.[0].toLowerCase() ?? '';
  const form = writers.all.find(({ endings }) => endings.includes(ending));
  if (form) return { path, format: form.id, isFolder: false, isFamily: form.layout === 'family' };
  const folder = folderForm();
  if (folder && (ending === '' || ending === '.')) return { path, format: folder.id, isFolder: true };
  const known = writers.all.flatMap(({ endings }) => endings).join(', ');
  const orFolder = folder ? `, or a folder for ${folder.title}` : '';
  return fail(
    'invalid-request',
    `--out: expected ${known}${orFolder}, found "${ending}" in ${path}; end the name so.`,
  );
}

/** ".onnx (ONNX, run by ONNX Runtime before it is written), .keras (Keras), …": what the help says of `--out`. */
export function outEndingsText(): string {
  const texts = writers.all.map(
    ({ endings, title, hint }) => `${endings.join(' or ')} (${[title, hint].filter(Boolean).join(', ')})`,
  );
  const folder = folderForm();
  return [...texts, ...(folder ? [`none (a folder for ${folder.title})`] : [])].join(', ');
}

/**
 * Requires that a network can be written, and not over the files that are read.
 *
 * @throws FailureError `invalid-request`
 */
export async function requireOther(target: OutTarget, inputs: readonly string[]): Promise<void> {
  await requireWritable(target.path, target.isFolder);
  const paths = target.isFolder ? [join(target.path, 'model.json')] : [target.path];
  const within = target.isFolder ? inputs.map((input) => join(input, 'model.json')) : [];
  for (const path of paths) await requireOtherFile('--out', path, [...inputs, ...within]);
}

/** Writes the files of a network. @returns the number of bytes */
export async function writeOut(target: OutTarget, files: readonly NamedFile[]): Promise<number> {
  if (target.isFolder) await makeFolder(target.path);
  await writeTogether(files.map(({ name, bytes }) => ({ path: pathOf(target, name), content: bytes })));
  return files.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
}

function pathOf({ path, isFolder, isFamily }: OutTarget, name: string): string {
  if (isFolder) return join(path, name);
  return isFamily ? path.slice(0, -extname(path).length) + extname(name) : path;
}
