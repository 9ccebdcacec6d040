import { FailureError, fail } from '../../../network/failure';
import type { Network } from '../../../network/graph';
import type { NamedFile } from '../../file';
import { isObject, objectAt, parseJson, type JsonObject } from '../layers/json';
import { networkOfLayers } from '../layers/read';
import { weightSource } from '../layers/weights';
import type { ReadOptions } from '../reader';
import { isGraphModel } from './graph/read';
import { modelName, readManifest } from './manifest';

/** The description of a LayersModel or GraphModel in a file, or null where the file is something else. */
export function modelJsonIn({ bytes }: NamedFile): JsonObject | null {
  const start = new TextDecoder().decode(bytes.subarray(0, 64)).trimStart();
  if (!start.startsWith('{')) return null;
  try {
    const json = parseJson(new TextDecoder().decode(bytes), '');
    if (!isObject(json)) return null;
    if (isGraphModel(json)) return json;
    const topology = topologyOf(json);
    return isObject(topology) && ('class_name' in topology || 'model_config' in topology) ? json : null;
  } catch {
    return null;
  }
}

function topologyOf(json: JsonObject): unknown {
  const { modelTopology } = json;
  return typeof modelTopology === 'string' ? parseJson(modelTopology, 'modelTopology') : modelTopology;
}

/**
 * Reads a TF.js LayersModel: model.json and the shards that it names.
 *
 * @throws FailureError `unreadable-file` with a sentence that names the file, where and what is wrong
 */
export function readTfjs(
  model: NamedFile,
  json: JsonObject,
  files: readonly NamedFile[],
  options: ReadOptions,
): Network {
  try {
    const topology = objectAt(topologyOf(json), 'modelTopology');
    const version = topology['keras_version'];
    const weights =
      json['weightsManifest'] ??
      fail('unreadable-file', 'expected a weightsManifest, found none; convert it again.');
    return networkOfLayers({
      topology,
      where: 'modelTopology',
      weights: weightSource(readManifest(weights, model, files)),
      kerasVersion: typeof version === 'string' ? version : null,
      name: modelName(model, givenName(topology)),
      format: 'tfjs',
      metadata: metadataOf(json['userDefinedMetadata']),
      options,
    });
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    const isNamed = error.message.startsWith(model.name);
    throw isNamed ? error : new FailureError(error.code, `${model.name}: ${error.message}`);
  }
}

/** What the model calls itself. */
function givenName(topology: JsonObject): string | undefined {
  const config = isObject(topology['model_config']) ? topology['model_config']['config'] : topology['config'];
  const given = isObject(config) ? config['name'] : undefined;
  return typeof given === 'string' ? given : undefined;
}

function metadataOf(value: unknown): Readonly<Record<string, string>> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
