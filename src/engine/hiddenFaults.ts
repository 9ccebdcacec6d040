import * as tf from '@tensorflow/tfjs-core';
import type { Activation, Network } from '../network/graph';
import type { ImageSet, Preprocessing } from '../network/images';
import { scoreOutput } from '../network/outputs';
import { failNotFinite } from './finite';
import { groupNodes, type NodeGroup } from './fusion';
import { compileGroup } from './operators';
import { isOwnCode } from './operators/conv2d';
import { inputTensor } from './preprocess';
import { readBack } from './readback';
import { scheduleSteps } from './schedule';

/** Activations of which TF.js's kernels on WebAssembly answer a bound where the value is no number. */
const bounding: ReadonlySet<Activation['function']> = new Set(['relu', 'relu6', 'clip', 'hardSigmoid']);

/**
 * Whether what is no number can be taken for one on the way: what overflows behind such a step is not seen in the
 * network's answers. Our own convolutions hand it on, and so do other backends.
 */
export function canHideFaults(network: Network): boolean {
  return tf.getBackend() === 'wasm' && groupNodes(network).some(hidesFaults);
}

function hidesFaults({ head, first, activation, norm, shape }: NodeGroup): boolean {
  const { operator } = head;
  if (operator.kind === 'pool') return operator.reduce === 'max';
  const bound = operator.kind === 'activation' ? operator : activation;
  if (!bound || !bounding.has(bound.function)) return false;
  return operator.kind !== 'conv2d' || !isOwnCode({ first, last: operator, norm, activation, shape });
}

/**
 * Requires that all values of an image are numbers, before activations, too: computes node by node, with the weights of
 * one at a time.
 *
 * @param index of the image
 * @throws FailureError `invalid-network` with the name of the first layer that answers anything else, 'images-do-not-fit'
 */
export async function requireFiniteValues(
  network: Network,
  images: ImageSet,
  preprocessing: Preprocessing,
  index: number,
): Promise<void> {
  const { name, shape } = network.input;
  const groups = groupNodes(network, { fuse: false });
  const { entries } = scheduleSteps(groups, new Set([name]), [scoreOutput(network)]);
  const input = inputTensor(shape, images, Uint32Array.of(index), preprocessing, 1);
  const live = new Map([[name, input]]);
  try {
    for (const { step, release } of entries) {
      const group = groups[step]!;
      const value = computed(group, live);
      live.set(group.output, value);
      const numbers = await readBack(value);
      if (!numbers.every(Number.isFinite))
        failNotFinite(group.head.name, ` for image ${index} of "${images.name}"`);
      for (const done of release) {
        live.get(done)?.dispose();
        live.delete(done);
      }
    }
  } finally {
    tf.dispose([...live.values()]);
  }
}

function computed(group: NodeGroup, live: ReadonlyMap<string, tf.Tensor>): tf.Tensor {
  const kernel = compileGroup(group);
  try {
    return tf.tidy(() => kernel.run(group.inputs.map((input) => live.get(input)!)));
  } finally {
    kernel.dispose();
  }
}
