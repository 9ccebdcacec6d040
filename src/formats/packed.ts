import { zipSync } from 'fflate';
import { baseName, type NamedFile } from './file';

/** No time of writing goes into an archive: the same files give the same bytes. */
const noTime = new Date(1980, 0, 1);

/**
 * Several files as one zip archive, so that they travel together; one file stays as it is. Weights hardly
 * shrink, so they are stored as they are.
 */
export function packed(files: readonly NamedFile[]): readonly NamedFile[] {
  if (files.length < 2) return files;
  const entries = Object.fromEntries(files.map(({ name, bytes }) => [baseName(name), bytes]));
  return [{ name: 'network.zip', bytes: zipSync(entries, { level: 0, mtime: noTime }) }];
}
