import * as tf from '@tensorflow/tfjs-core';
import { kernelOf, type Kernel } from './kernel';

/** Compiles a sum or product of two or more values, axes aligned at the channel axis. */
export function compileElementwise(combine: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Kernel {
  return kernelOf((inputs) => {
    const rank = Math.max(...inputs.map((x) => x.rank));
    return inputs.map((x) => withRank(x, rank)).reduce(combine);
  });
}

/** Inserts extents of 1 behind the batch until the value has `rank` axes. */
function withRank(x: tf.Tensor, rank: number): tf.Tensor {
  if (x.rank === rank) return x;
  const [batch = 1, ...rest] = x.shape;
  return tf.reshape(x, [batch, ...Array.from({ length: rank - x.rank }, () => 1), ...rest]);
}
