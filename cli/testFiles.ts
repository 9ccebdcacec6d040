import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeNetwork } from '../src/formats/models';
import type { Network } from '../src/network/graph';
import { drawn, encoded } from './testPictures';

/** Writes a network that is one file in its form. @returns the file's path */
export async function writtenNetwork(path: string, network: Network, format = 'onnx'): Promise<string> {
  const [file] = await writeNetwork(network, format);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, file!.bytes);
  return path;
}

/**
 * Writes pictures of one grey each, a folder per class.
 *
 * @param greys by class: a picture for each grey, 0 to 255
 * @returns the folder's path
 */
export async function greyPictures(
  folder: string,
  side: number,
  greys: Readonly<Record<string, readonly number[]>>,
): Promise<string> {
  for (const [name, values] of Object.entries(greys)) {
    mkdirSync(join(folder, name), { recursive: true });
    for (const [index, grey] of values.entries()) {
      const picture = drawn(side, side, () => [grey, grey, grey]);
      writeFileSync(join(folder, name, `${index}.png`), await encoded('png', picture));
    }
  }
  return folder;
}
