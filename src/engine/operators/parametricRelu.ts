import * as tf from '@tensorflow/tfjs-core';
import type { ParametricRelu } from '../../network/graph';
import { combinations, compileElementwise } from './elementwise';
import { unaryKernel, upload, type Kernel } from './kernel';

const product = compileElementwise((a, b) => tf.mul(a, b));

/** Compiles max(0, x) + slopes · min(0, x): WebAssembly's own kernel does not stretch slopes. */
export function compileParametricRelu({ slopes }: ParametricRelu): Kernel {
  const uploaded = upload(slopes.data, [1, ...slopes.shape]);
  const run = (x: tf.Tensor) => {
    const positive = tf.relu(x);
    return tf.add(positive, product.run([combinations.subtract(x, positive), uploaded]));
  };
  return unaryKernel(run, [uploaded]);
}
