import { zipSync } from 'fflate';
import type { Network } from '../../../network/graph';
import type { JsonObject } from '../layers/json';
import { countedName } from '../layers/weights';
import { modelOfNetwork } from '../layers/write';
import type { WrittenLayer } from '../layers/writing/context';
import type { ModelWriter } from '../writer';
import { writeHdf5, type Hdf5Group } from './hdf5';

/** No time of writing goes into a file: the same network gives the same bytes. */
const noTime = new Date(1980, 0, 1);
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

export const kerasWriter: ModelWriter = {
  id: 'keras',
  title: 'Keras',
  endings: ['.keras'],
  layout: 'file',
  form: 'Keras',
  weights: ['float16'],
  write: async (network) => [
    { name: `${network.name || 'network'}.keras`, bytes: await writeArchive(network) },
  ],
};

export const h5Writer: ModelWriter = {
  id: 'h5',
  title: 'Keras, HDF5',
  endings: ['.h5', '.hdf5'],
  layout: 'file',
  form: 'Keras',
  weights: ['float16'],
  write: async (network) => [
    { name: `${network.name || 'network'}.h5`, bytes: await writeWholeModel(network) },
  ],
};

/**
 * Writes a network as a `.keras` archive that Keras 2 (from 2.15) and Keras 3 read: layers are found by module,
 * weights by class and count. `network.metadata` stands in metadata.json.
 *
 * @throws FailureError `unsupported-operator` naming the layer that Keras has no layer for
 */
export async function writeArchive(network: Network): Promise<Uint8Array> {
  const { topology, layers } = modelOfNetwork(network, 'keras');
  const weights = await writeHdf5({ groups: { vars: {}, layers: { groups: variableGroups(layers) } } });
  const files = {
    'metadata.json': json({ keras_version: '3.0.0', enc: network.metadata }),
    'config.json': json(topology),
    'model.weights.h5': weights,
  };
  // Weights hardly shrink; Keras stores them as they are, too.
  return zipSync(files, { level: 0, mtime: noTime });
}

function variableGroups(layers: readonly WrittenLayer[]): Readonly<Record<string, Hdf5Group>> {
  const counts = new Map<string, number>();
  const groups = layers.flatMap(({ className, name, weights }) => {
    const position = counts.get(className) ?? 0;
    counts.set(className, position + 1);
    if (weights.length === 0) return [];
    const tensors = Object.fromEntries(weights.map((weight, index) => [String(index), weight]));
    return [
      [countedName(className, position), { groups: { vars: { attributes: { name }, tensors } } }] as const,
    ];
  });
  return Object.fromEntries(groups);
}

/**
 * Writes a network as a whole-model HDF5 file that Keras 2 and 3 read. `network.metadata` becomes the attribute
 * `enc_metadata`.
 *
 * @throws FailureError `unsupported-operator` naming the layer that Keras has no layer for
 */
export function writeWholeModel(network: Network): Promise<Uint8Array> {
  const { topology, layers } = modelOfNetwork(network, 'keras', { modules: false });
  const about = { keras_version: '2.15.0', backend: 'tensorflow' };
  const layer_names = layers.map(({ name }) => name);
  return writeHdf5({
    attributes: { ...about, ...textAttributes(topology, network) },
    groups: { model_weights: { attributes: { ...about, layer_names }, groups: weightGroups(layers) } },
  });
}

function textAttributes(topology: JsonObject, { metadata }: Network) {
  return { model_config: JSON.stringify(topology), enc_metadata: JSON.stringify(metadata) };
}

function weightGroups(layers: readonly WrittenLayer[]): Readonly<Record<string, Hdf5Group>> {
  return Object.fromEntries(
    layers.map(({ name, weights }) => {
      const tensors = weights.map((weight) => [`${weight.name}:0`, weight] as const);
      const weight_names = tensors.map(([weight]) => `${name}/${weight}`);
      const inner = tensors.length > 0 ? { [name]: { tensors: Object.fromEntries(tensors) } } : {};
      return [name, { attributes: { weight_names }, groups: inner }];
    }),
  );
}
