import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';

export { layers, tf };

/** One file: its name and its bytes. */
interface File {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What TF.js itself writes for a model: model.json and one shard. */
export async function filesOfModel(model: layers.LayersModel): Promise<File[]> {
  const files: File[] = [];
  const handler = tf.io.withSaveHandler((artifacts) => {
    const manifest = [{ paths: ['weights.bin'], weights: artifacts.weightSpecs }];
    const json = {
      format: 'layers-model',
      modelTopology: artifacts.modelTopology,
      weightsManifest: manifest,
    };
    files.push({ name: 'model.json', bytes: new TextEncoder().encode(JSON.stringify(json)) });
    files.push({ name: 'weights.bin', bytes: new Uint8Array(artifacts.weightData as ArrayBuffer) });
    return Promise.resolve({ modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) });
  });
  await model.save(handler);
  return files;
}

/** Loads model.json and its shards with plain TF.js. */
export async function loadModel(files: readonly File[]): Promise<layers.LayersModel> {
  const bytesOf = (name: string) => files.find((file) => file.name === name)!.bytes;
  const json = JSON.parse(new TextDecoder().decode(bytesOf('model.json'))) as tf.io.ModelJSON;
  const manifest = json.weightsManifest;
  const parts = manifest.flatMap(({ paths }) => paths.map((path) => bytesOf(path)));
  const weightData = await new Blob(parts.map((part) => part.slice())).arrayBuffer();
  return layers.loadLayersModel({
    load: () =>
      Promise.resolve({
        modelTopology: json.modelTopology,
        weightSpecs: manifest.flatMap(({ weights }) => weights),
        weightData,
      }),
  });
}

/**
 * A model's answer on the CPU.
 * @param shape of the input, batch first, NHWC
 */
export async function answersOf(
  model: layers.LayersModel,
  input: Float32Array,
  shape: readonly number[],
): Promise<Float32Array> {
  await tf.setBackend('cpu');
  const values = tf.tidy(() => {
    const answers = model.predict(tf.tensor(input, [...shape]));
    return (Array.isArray(answers) ? answers[0]! : answers).dataSync();
  });
  return Float32Array.from(values);
}

/** Gives every weight of a model values that differ, so that no mistake in their order stays unseen. */
export function fillWeights(model: layers.LayersModel): void {
  model.setWeights(
    model.weights.map((weight, index) => {
      const { shape } = weight;
      const size = shape.reduce<number>((product, extent) => product * (extent ?? 1), 1);
      const isVariance = weight.name.includes('variance');
      const values = Float32Array.from({ length: size }, (_, at) => {
        const value = ((at * 37 + index * 11) % 101) / 101 - 0.5;
        return isVariance ? value + 1 : value * Math.min(1, 4 / Math.sqrt(size));
      });
      return tf.tensor(values, shape as number[]);
    }),
  );
}
