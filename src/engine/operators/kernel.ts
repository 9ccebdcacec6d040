import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '../../network/graph';

/**
 * A compiled operator with its weights on the backend.
 *
 * `run` gets the operator's inputs with the batch in front and answers one new tensor. It may leave
 * intermediate tensors behind: the executor calls it inside `tf.tidy`.
 */
export interface Kernel {
  run(inputs: readonly tf.Tensor[]): tf.Tensor;
  /** Releases the weights. */
  dispose(): void;
}

/** A kernel of one input. */
export function unaryKernel(run: (x: tf.Tensor) => tf.Tensor, weights: readonly tf.Tensor[] = []): Kernel {
  return kernelOf((inputs) => run(firstOf(inputs)), weights);
}

/** A kernel that owns some uploaded weights. */
export function kernelOf(run: Kernel['run'], weights: readonly tf.Tensor[] = []): Kernel {
  return { run, dispose: () => tf.dispose([...weights]) };
}

/** The first input; an operator without inputs never gets here. */
function firstOf(inputs: readonly tf.Tensor[]): tf.Tensor {
  const [x] = inputs;
  if (!x) throw new Error('operator: expected an input, got none');
  return x;
}

/** Uploads weights that live until they are disposed, whatever scope is open. */
export function upload(data: Float32Array, shape: readonly number[]): tf.Tensor {
  return tf.keep(tf.tensor(data, [...shape], 'float32'));
}

/** Uploads a tensor of the network. */
export function uploadTensor(tensor: Tensor): tf.Tensor {
  return upload(tensor.data, tensor.shape);
}

/** Uploads the values of a bias, or null. */
export function uploadBias(bias: Float32Array | null): tf.Tensor1D | null {
  return bias && (upload(bias, [bias.length]) as tf.Tensor1D);
}
