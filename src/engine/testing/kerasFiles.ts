import { unzipSync } from 'fflate';
import { Dataset, File as Hdf5, Group } from 'jsfive';
import { joined } from '../../linalg/joined';
import { layers, tf } from './tfLayers';

/**
 * Loads a file of Keras, a `.keras` archive or a whole model in HDF5, into plain TF.js, which knows Keras's layers. No
 * part of it is the studio's: the HDF5 reader is another one than the studio writes and reads with, and weights find
 * their layers as Keras's own loaders have it.
 *
 * @throws Error where the file lacks what Keras would look for
 */
export function loadKeras({
  name,
  bytes,
}: {
  readonly name: string;
  readonly bytes: Uint8Array;
}): Promise<layers.LayersModel> {
  return name.endsWith('.keras') ? loadArchive(bytes) : loadWholeModel(bytes);
}

/** By the names of weights, as TensorFlow's converter to TF.js has it. */
async function loadWholeModel(bytes: Uint8Array): Promise<layers.LayersModel> {
  const file = opened(bytes);
  const weights = groupAt(file, 'model_weights');
  const tensors = textsAt(weights, 'layer_names').flatMap((layer) => {
    const group = groupAt(weights, layer);
    return textsAt(group, 'weight_names').map((name) => [name, numbersAt(group, name)] as const);
  });
  return layers.loadLayersModel({
    load: () =>
      Promise.resolve({
        modelTopology: topologyOf(String(file.attrs['model_config'])),
        weightSpecs: tensors.map(([name, { shape }]) => ({
          name: name.replace(/:0$/, ''),
          shape: [...shape],
          dtype: 'float32' as const,
        })),
        weightData: joined(tensors.map(([, { data }]) => data)).buffer,
      }),
  });
}

/** By class and count (`conv2d_1`) and by the order of weights, as keras/src/saving/saving_lib.py has it. */
async function loadArchive(bytes: Uint8Array): Promise<layers.LayersModel> {
  const { 'config.json': config, 'model.weights.h5': stored } = unzipSync(bytes);
  if (!config || !stored) throw new Error('expected config.json and model.weights.h5 in the archive');
  const modelTopology = topologyOf(new TextDecoder().decode(config));
  const model = await layers.loadLayersModel({ load: () => Promise.resolve({ modelTopology }) });
  const groups = groupAt(opened(stored), 'layers');
  const counts = new Map<string, number>();
  for (const layer of model.layers) {
    const plain = snakeCase(layer.getClassName());
    const count = counts.get(plain) ?? 0;
    counts.set(plain, count + 1);
    if (layer.weights.length === 0) continue;
    const vars = groupAt(groups, `${count === 0 ? plain : `${plain}_${count}`}/vars`);
    if (vars.keys.length !== layer.weights.length)
      throw new Error(`${layer.name}: expected ${layer.weights.length} weights, found ${vars.keys.length}`);
    const tensors = layer.weights.map((_, index) => numbersAt(vars, String(index)));
    const values = tensors.map(({ shape, data }) => tf.tensor(data, [...shape]));
    layer.setWeights(values);
    tf.dispose(values);
  }
  return model;
}

/** As keras/src/utils/naming.py makes names of classes. */
function snakeCase(className: string): string {
  const words = className.replace(/\W+/g, '').replace(/(.)([A-Z][a-z]+)/g, '$1_$2');
  return words.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
}

function topologyOf(config: string): tf.io.ModelJSON['modelTopology'] {
  return { model_config: JSON.parse(config) as object };
}

function opened(bytes: Uint8Array): Group {
  return new Hdf5(bytes.slice().buffer, 'model.h5');
}

function groupAt(group: Group, path: string): Group {
  const found = group.get(path);
  if (!(found instanceof Group)) throw new Error(`expected a group at ${path}`);
  return found;
}

function textsAt({ attrs }: Group, name: string): readonly string[] {
  const texts = attrs[name];
  if (!Array.isArray(texts)) throw new Error(`expected a list in the attribute ${name}`);
  return texts.map(String);
}

function numbersAt(group: Group, path: string) {
  const found = group.get(path);
  if (!(found instanceof Dataset)) throw new Error(`expected numbers at ${path}`);
  return { shape: found.shape, data: Float32Array.from(found.value) };
}
