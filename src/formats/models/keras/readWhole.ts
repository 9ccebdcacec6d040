import { FailureError, fail } from '../../../network/failure';
import type { Network } from '../../../network/graph';
import { stem, type NamedFile } from '../../file';
import { parseJson } from '../layers/json';
import type { ReadOptions } from '../reader';
import { networkOfLayers } from '../layers/read';
import { weightSource, type StoredTensor } from '../layers/weights';
import { readHdf5, type Hdf5Content } from './hdf5';
import { textsOf } from './readArchive';

const weightsGroup = 'model_weights';

/**
 * Reads a whole model that Keras 2 or 3 saved as HDF5 (`.h5`).
 * @throws FailureError `unreadable-file` with a sentence that names the file, where and what is wrong
 */
export async function readWholeModel(file: NamedFile, options: ReadOptions): Promise<Network> {
  try {
    const content = await readHdf5(file, (path) => path.startsWith(`${weightsGroup}/`));
    const root = content.attributes.get('')!;
    const config = root['model_config'];
    if (typeof config !== 'string') failWithoutModel();
    const weights = content.attributes.get(weightsGroup) ?? {};
    const version = root['keras_version'] ?? weights['keras_version'];
    const notes = root['enc_metadata'];
    return networkOfLayers({
      topology: parseJson(config as string, 'model_config'),
      where: 'model_config',
      weights: weightSource(namedWeights(content)),
      kerasVersion: typeof version === 'string' ? version : null,
      name: stem(file.name),
      format: 'h5',
      metadata: typeof notes === 'string' ? textsOf(parseJson(notes, 'enc_metadata')) : {},
      options,
    });
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    const isNamed = error.message.startsWith(`${file.name}: `);
    throw isNamed ? error : new FailureError(error.code, `${file.name}: ${error.message}`);
  }
}

function failWithoutModel(): never {
  const advice = 'save the whole network with model.save(…), not its weights alone';
  return fail(
    'unreadable-file',
    `expected a Keras model, found an HDF5 file without model_config; ${advice}.`,
  );
}

/** Weights by the name of their layer's group and their own, in the order that the group states. */
function namedWeights({ attributes, tensors }: Hdf5Content): ReadonlyMap<string, StoredTensor> {
  const named = new Map<string, StoredTensor>();
  for (const [path, texts] of attributes) {
    if (!path.startsWith(`${weightsGroup}/`)) continue;
    for (const name of listedTexts(texts, 'weight_names')) {
      const stored = tensors.get(`${path}/${name}`);
      if (stored) named.set(`${path.slice(weightsGroup.length + 1)}/${name}`, stored);
    }
  }
  return named;
}

/** A list among the attributes; Keras splits long ones into name0, name1, …. */
function listedTexts(
  texts: Readonly<Record<string, string | readonly string[]>>,
  name: string,
): readonly string[] {
  const parts = name in texts ? [texts[name]!] : [];
  for (let index = 0; `${name}${index}` in texts; index++) parts.push(texts[`${name}${index}`]!);
  return parts.flat();
}
