import type { Network, Stored } from '../../../network/graph';
import type { NamedFile } from '../../file';
import type { JsonObject } from '../layers/json';
import { modelOfNetwork } from '../layers/write';
import type { ModelWriter } from '../writer';

/** Most bytes of one shard; browsers cache files of this size. */
const shardBytes = 4 * 2 ** 20;

export const tfjsWriter: ModelWriter = {
  id: 'tfjs',
  title: 'TensorFlow.js',
  endings: ['.zip'],
  layout: 'folder',
  weights: ['float16', 'uint8', 'uint16'],
  form: 'TF.js LayersModel',
  write: writeTfjs,
};

/**
 * Writes a network as a TF.js LayersModel: model.json and shards of float32, or of fewer bits where weights are stored
 * so, little-endian.
 * `network.metadata` becomes `userDefinedMetadata`.
 *
 * @throws FailureError `unsupported-operator` naming the layer that TF.js has no layer for
 */
export function writeTfjs(network: Network): readonly NamedFile[] {
  const { topology, layers } = modelOfNetwork(network, 'tfjs');
  const weights = layers.flatMap((layer) =>
    layer.weights.map(({ name, shape, data, stored }) => ({
      ...{ name: `${layer.name}/${name}`, shape, data },
      stored: stored && isKnown(stored) ? stored : null,
    })),
  );
  const shards = shardsOf(weights.map(({ data, stored }) => stored?.values ?? data));
  const model = {
    format: 'layers-model',
    generatedBy: 'ENC Studio',
    convertedBy: null,
    modelTopology: { keras_version: '2.15.0', backend: 'tensorflow', model_config: topology },
    weightsManifest: [
      {
        paths: shards.map(({ name }) => name),
        weights: weights.map(({ name, shape, stored }) => ({
          ...{ name, shape, dtype: 'float32' },
          ...(stored ? { quantization: quantizationOf(stored) } : {}),
        })),
      },
    ],
    userDefinedMetadata: network.metadata,
  };
  return [{ name: 'model.json', bytes: new TextEncoder().encode(JSON.stringify(model)) }, ...shards];
}

/** Whether TF.js has the form: halves, and unsigned whole numbers with one scale. Others are written as float32. */
function isKnown(stored: Stored): boolean {
  return stored.type === 'float16' || (stored.type !== 'int8' && stored.scales.length === 1);
}

/** TF.js turns the numbers of a shard into float32 by itself: value · scale + min. */
function quantizationOf(stored: Stored): JsonObject {
  if (stored.type === 'float16') return { dtype: 'float16', original_dtype: 'float32' };
  const { type, scales, zeroPoint } = stored;
  const scale = scales[0]!;
  return { dtype: type, original_dtype: 'float32', scale, min: -zeroPoint * scale };
}

function shardsOf(weights: readonly (Float32Array | Stored['values'])[]): readonly NamedFile[] {
  const bytes = new Uint8Array(weights.reduce((sum, { byteLength }) => sum + byteLength, 0));
  weights.reduce((at, { buffer, byteOffset, byteLength }) => {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    return at + byteLength;
  }, 0);
  const count = Math.max(1, Math.ceil(bytes.length / shardBytes));
  return Array.from({ length: count }, (_, index) => ({
    name: `group1-shard${index + 1}of${count}.bin`,
    bytes: bytes.slice(index * shardBytes, (index + 1) * shardBytes),
  }));
}
