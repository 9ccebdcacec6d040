import * as tf from '@tensorflow/tfjs-core';
import type { Activation, BatchNorm, Dense } from '../../network/graph';
import { splitActivation } from './activation';
import { foldBatchNorm } from './fold';
import { unaryKernel, uploadBias, uploadTensor, type Kernel } from './kernel';

/** Compiles a dense layer over the last axis with the batch norm and the activation that follow it. */
export function compileDense(dense: Dense, norm: BatchNorm | null, activation: Activation | null): Kernel {
  const plain = { kernel: dense.weights, bias: dense.bias };
  const { kernel, bias } = norm ? foldBatchNorm(plain, norm) : plain;
  const b = uploadTensor(kernel) as tf.Tensor2D;
  const offset = uploadBias(bias);
  const { fused, after } = splitActivation(activation);
  const [inputs, outputs] = b.shape;
  const run = (x: tf.Tensor) => {
    const a = tf.reshape(x, [-1, inputs]);
    const y = tf.fused.matMul({ a, b, ...(offset ? { bias: offset } : {}), ...fused });
    return tf.reshape(after(y), [...x.shape.slice(0, -1), outputs]);
  };
  return unaryKernel(run, offset ? [b, offset] : [b]);
}
