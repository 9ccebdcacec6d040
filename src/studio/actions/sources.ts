import { outcomeOf, type Outcome } from '../../network/failure';
import type { Studio } from '../../../workers/protocol/studio';
import { pathOf } from './droppedFiles';

export type NamedFile = Parameters<Studio['openNetwork']>[1][number];

/** Gives files with their bytes, read from the disk or unpacked before. */
export type Source = () => Promise<Outcome<readonly NamedFile[]>>;

/** Names of files. */
export const namesOf = (files: readonly NamedFile[]) => files.map(({ name }) => name);

/** Files whose bytes are there. */
export const known = (files: readonly NamedFile[]) => Promise.resolve({ ok: true, value: files } as const);

/** Reads files that the browser has handed over; what cannot be read is said in a sentence. */
export async function readFiles(files: readonly File[]): Promise<Outcome<NamedFile[]>> {
  try {
    return await outcomeOf(() => Promise.all(files.map(readFile)));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `${listed(files.map(pathOf))} could not be read from the disk: ${reason}`;
    return { ok: false, failure: { code: 'unreadable-file', message } };
  }
}

async function readFile(file: File): Promise<NamedFile> {
  return { name: pathOf(file), bytes: new Uint8Array(await file.arrayBuffer()) };
}

/** "a.onnx and 3 more" */
export function listed([first, ...others]: readonly string[]): string {
  if (first === undefined) return 'no file';
  const name = first.slice(first.lastIndexOf('/') + 1);
  return others.length === 0 ? name : `${name} and ${others.length} more`;
}
