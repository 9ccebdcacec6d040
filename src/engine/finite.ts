import * as tf from '@tensorflow/tfjs-core';
import { fail } from '../network/failure';
import type { ImageSet, Preprocessing } from '../network/images';
import type { Executor } from './executor';
import { inputTensor } from './preprocess';
import { readBack } from './readback';

/** Stops because a layer's values are none, so that nothing that follows from them is taken for a result. */
export function failNotFinite(layer: string, where: string): never {
  return fail(
    'invalid-network',
    `Layer "${layer}": expected finite values${where}, found NaN or infinity; check its weights and the preprocessing.`,
  );
}

/**
 * Looks for the layer in which an image's values stop being numbers, and stops with its name.
 *
 * @param index of an image for which the network's answer is no number
 * @throws FailureError `invalid-network`
 */
export async function failAtLayer(
  executor: Executor,
  images: ImageSet,
  preprocessing: Preprocessing,
  index: number,
): Promise<never> {
  const { network, values } = executor;
  const input = inputTensor(network.input.shape, images, Uint32Array.of(index), preprocessing, 1);
  const computed = executor.compute(new Map([[network.input.name, input]]), values);
  try {
    const where = ` for image ${index} of "${images.name}"`;
    for (const name of values) {
      const numbers = await readBack(computed.get(name)!);
      if (!numbers.every(Number.isFinite)) return failNotFinite(nodeOf(executor, name), where);
    }
    return failNotFinite(nodeOf(executor, values.at(-1)!), where);
  } finally {
    input.dispose();
    tf.dispose([...computed.values()]);
  }
}

function nodeOf({ network }: Executor, value: string): string {
  return network.nodes.find(({ output }) => output === value)?.name ?? value;
}
