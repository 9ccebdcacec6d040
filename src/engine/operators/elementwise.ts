import * as tf from '@tensorflow/tfjs-core';
import type { Elementwise } from '../../network/graph';
import { kernelOf, type Kernel } from './kernel';
import { greatest } from '../../linalg/extremes';

/** What each function makes of two values. */
export const combinations: Readonly<
  Record<Elementwise['function'], (a: tf.Tensor, b: tf.Tensor) => tf.Tensor>
> = {
  subtract: (a, b) => tf.sub(a, b),
  divide: (a, b) => tf.div(a, b),
  power: (a, b) => tf.pow(a, b),
  maximum: (a, b) => tf.maximum(a, b),
  minimum: (a, b) => tf.minimum(a, b),
};

/** Compiles a combination of two or more values, axes aligned at the last one. */
export function compileElementwise(combine: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Kernel {
  return kernelOf((inputs) => {
    const rank = greatest(inputs.map((x) => x.rank));
    return inputs.map((x) => withRank(x, rank)).reduce(combine);
  });
}

/** Inserts extents of 1 behind the batch until the value has `rank` axes. */
export function withRank(x: tf.Tensor, rank: number): tf.Tensor {
  if (x.rank === rank) return x;
  const [batch = 1, ...rest] = x.shape;
  return tf.reshape(x, [batch, ...Array.from({ length: rank - x.rank }, () => 1), ...rest]);
}
