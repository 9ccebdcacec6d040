import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const folder = fileURLToPath(new URL('../../shared/reference', import.meta.url));

/**
 * Finds a file of the reference collection that may lie beside the repository (`../shared/reference`).
 *
 * @param name path inside the collection, e.g. `res56/res56.onnx`
 * @returns the absolute path, or null where the collection or the file is missing, so that the caller skips
 */
export function referencePath(name: string): string | null {
  const path = join(folder, name);
  return existsSync(path) ? path : null;
}
