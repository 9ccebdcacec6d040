import '@tensorflow/tfjs-backend-cpu';
import * as converter from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';

/** What TF.js's own executor of graphs answers on the CPU, given model.json as an object and the bytes of its shard. */
export async function graphAnswers(
  json: object,
  weightData: Uint8Array,
  input: Float32Array,
  shape: readonly number[],
): Promise<Float32Array> {
  await tf.setBackend('cpu');
  const { weightsManifest, ...rest } = json as tf.io.ModelJSON;
  const artifacts = {
    ...rest,
    weightSpecs: weightsManifest.flatMap(({ weights }) => weights),
    weightData: weightData.slice().buffer,
  };
  const model = await converter.loadGraphModel({ load: () => Promise.resolve(artifacts) });
  const values = tf.tidy(() => {
    const answers = model.execute(tf.tensor(input, [...shape]));
    return (Array.isArray(answers) ? answers[0]! : answers).dataSync();
  });
  model.dispose();
  return Float32Array.from(values);
}
