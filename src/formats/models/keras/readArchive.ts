import { FailureError, fail } from '../../../network/failure';
import type { Network } from '../../../network/graph';
import { baseName, stem, type NamedFile } from '../../file';
import { isZip, unzipped } from '../../zip';
import { listedNames } from '../../../network/zipDirectory';
import { isObject, parseJson } from '../layers/json';
import type { ReadOptions } from '../reader';
import { networkOfLayers } from '../layers/read';
import { weightSource } from '../layers/weights';
import { readHdf5 } from './hdf5';

/** Names of the files that a `.keras` archive holds. */
const configName = 'config.json';
const weightsName = 'model.weights.h5';

/** Whether a file is a whole `.keras` archive, by the names in it; nothing is unpacked. */
export function isKerasArchive(file: NamedFile): boolean {
  if (!isZip(file)) return false;
  try {
    const names = listedNames(file);
    return names.includes(configName) && names.some((name) => name.startsWith('model.weights.'));
  } catch (error) {
    if (error instanceof FailureError) return false;
    throw error;
  }
}

/** The files of `.keras` archives that came unpacked: a description and the weights beside it. */
export function unpackedParts(files: readonly NamedFile[]): readonly (readonly NamedFile[])[] {
  return files.flatMap((weights) => {
    if (baseName(weights.name) !== weightsName) return [];
    const folder = weights.name.slice(0, weights.name.length - weightsName.length);
    const beside = (name: string) => files.filter((file) => file.name === folder + name);
    const [config] = beside(configName);
    return config ? [[config, ...beside('metadata.json'), weights]] : [];
  });
}

/**
 * Reads a network from a `.keras` archive (Keras 2.12 and later).
 * @throws FailureError `unreadable-file` with a sentence that names the file, where and what is wrong
 */
export async function readArchive(archive: NamedFile, options: ReadOptions): Promise<Network> {
  return readParts(unzipped(archive), archive.name, stem(archive.name), options);
}

/** Reads a network from what a `.keras` archive holds. */
export async function readParts(
  parts: readonly NamedFile[],
  where: string,
  name: string,
  options: ReadOptions,
): Promise<Network> {
  try {
    const part = (wanted: string) => parts.find((file) => baseName(file.name) === wanted);
    const config =
      part(configName) ??
      fail('unreadable-file', `expected a ${configName}, found none; save it by model.save.`);
    const weights =
      part(weightsName) ??
      fail('unreadable-file', `expected ${weightsName}, found none; save the network in one HDF5 file.`);
    const notes = jsonOf(part('metadata.json'));
    const version = notes['keras_version'];
    const content = await readHdf5(
      { ...weights, name: weightsName },
      (path) => !path.startsWith('optimizer/'),
    );
    return networkOfLayers({
      topology: parseJson(new TextDecoder().decode(config.bytes), configName),
      where: configName,
      weights: weightSource(content.tensors, layerNames(content.attributes)),
      kerasVersion: typeof version === 'string' ? version : null,
      name,
      format: 'keras',
      metadata: textsOf(notes['enc']),
      options,
    });
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    throw new FailureError(error.code, `${where}: ${error.message}`);
  }
}

function jsonOf(file: NamedFile | undefined): Readonly<Record<string, unknown>> {
  const json = file ? parseJson(new TextDecoder().decode(file.bytes), file.name) : {};
  return isObject(json) ? json : {};
}

/** Entries of an object that are texts. */
export function textsOf(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(isObject(value) ? value : {});
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Newer versions note a layer's name at the group of its variables. */
function layerNames(
  attributes: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [path, { name }] of attributes) {
    if (path.endsWith('/vars') && typeof name === 'string') names.set(path.slice(0, -'/vars'.length), name);
  }
  return names;
}
