import * as tf from '@tensorflow/tfjs-core';
import { greatest } from '../linalg/extremes';
import type { Activation, GraphNode, Network } from '../network/graph';
import type { ImageSet, Preprocessing } from '../network/images';
import { weightsOf } from '../network/operators';
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
 * @returns the greatest size among them
 * @throws FailureError `invalid-network` with the name of the first layer that answers anything else, 'images-do-not-fit'
 */
export async function requireFiniteValues(
  network: Network,
  images: ImageSet,
  preprocessing: Preprocessing,
  index: number,
): Promise<number> {
  const { name, shape } = network.input;
  const groups = groupNodes(network, { fuse: false });
  const { entries } = scheduleSteps(groups, new Set([name]), [scoreOutput(network)]);
  const input = inputTensor(shape, images, Uint32Array.of(index), preprocessing, 1);
  const live = new Map([[name, input]]);
  let size = 0;
  try {
    for (const { step, release } of entries) {
      const group = groups[step]!;
      const value = computed(group, live);
      live.set(group.output, value);
      const numbers = await readBack(value);
      if (!numbers.every(Number.isFinite))
        failNotFinite(group.head.name, ` for image ${index} of "${images.name}"`);
      size = Math.max(size, sizeOf(numbers));
      for (const done of release) {
        live.get(done)?.dispose();
        live.delete(done);
      }
    }
    return size;
  } finally {
    tf.dispose([...live.values()]);
  }
}

/** Far from what a float32 holds, and far beyond the values of networks that work. */
const suspicious = 1e15;

/** Activations that answer no numbers, or no finite ones, for some numbers of ordinary size. */
const delicate: ReadonlySet<Activation['function']> = new Set(['exp', 'log', 'sqrt', 'reciprocal']);

/**
 * Whether anything suggests that a network with a layer cut could meet values that are no numbers where the original
 * meets none: steps that make such of ordinary numbers, or weights and values of a size that products overflow with.
 * Looking at every value of every cut network would take as long as measuring a part of them.
 *
 * @param given greatest size of the values that the cut layer reads
 */
export function isSuspect(cut: Network, original: Network, given: number): boolean {
  if (isDelicate(original) || !Number.isFinite(given)) return true;
  const own = new Set(original.nodes);
  let bound = given;
  for (const node of cut.nodes) if (!own.has(node)) bound *= Math.max(1, gainOf(node));
  return !(bound < suspicious);
}

/**
 * The same of a network with several layers cut, of which each run of new steps reads values about as great as the
 * original's: nothing short of looking says how great they are, and what counts are tens of orders of magnitude.
 *
 * @param given greatest size of the original's values
 */
export function isSuspectPlan(cut: Network, original: Network, given: number): boolean {
  if (isDelicate(original) || !Number.isFinite(given)) return true;
  const own = new Set(original.nodes);
  let bound = given;
  return cut.nodes.some((node) => {
    bound = own.has(node) ? given : bound * Math.max(1, gainOf(node));
    return !(bound < suspicious);
  });
}

const known = new WeakMap<Network, boolean>();

function isDelicate(network: Network): boolean {
  const answer = known.get(network) ?? network.nodes.some(isDelicateNode);
  known.set(network, answer);
  return answer;
}

function isDelicateNode({ operator }: GraphNode): boolean {
  if (operator.kind === 'activation' && delicate.has(operator.function)) return true;
  if (operator.kind === 'elementwise' && ['divide', 'power'].includes(operator.function)) return true;
  return weightsOf(operator).some(({ data }) => sizeOf(data) >= suspicious);
}

/** The greatest size among values; 0 for none. */
function sizeOf(values: Float32Array): number {
  return values.reduce((size, value) => Math.max(size, Math.abs(value)), 0);
}

/** How much greater than its inputs a layer's outputs can be, its bias taken for an input. */
function gainOf({ operator }: GraphNode): number {
  if (operator.kind !== 'conv2d' && operator.kind !== 'dense') return 1;
  const { shape, data } = operator.kind === 'conv2d' ? operator.kernel : operator.weights;
  const [outputs = 1] = shape.slice(-1);
  return (data.length / outputs) * sizeOf(data) + (operator.bias ? sizeOf(operator.bias) : 0);
}

/** The greatest size of the first image's values; a NaN counts as infinite. All of a batch would take a hundredth of its time. */
export async function greatestSize(batches: Iterable<tf.Tensor>): Promise<number> {
  const sizes: number[] = [];
  for (const batch of batches) {
    const image = tf.slice(batch, 0, 1);
    try {
      sizes.push(sizeOf(await readBack(image)));
    } finally {
      image.dispose();
    }
  }
  return sizes.some(Number.isNaN) ? Infinity : greatest([0, ...sizes]);
}

function computed(group: NodeGroup, live: ReadonlyMap<string, tf.Tensor>): tf.Tensor {
  const kernel = compileGroup(group);
  try {
    return tf.tidy(() => kernel.run(group.inputs.map((input) => live.get(input)!)));
  } finally {
    kernel.dispose();
  }
}
