import * as tf from '@tensorflow/tfjs-core';
import { withRank } from './elementwise';
import { kernelOf, type Kernel } from './kernel';
import { greatest } from '../../linalg/extremes';

/** Compiles a product of two computed values, matrices on their last two axes. */
export function compileMatrixProduct(): Kernel {
  return kernelOf((inputs) => {
    const rank = greatest(inputs.map((x) => x.rank));
    const aligned = inputs.map((x) => withRank(x, rank));
    const lead = Array.from({ length: rank - 2 }, (_, axis) =>
      greatest(aligned.map((x) => x.shape[axis] ?? 1)),
    );
    const [left, right] = aligned.map((x) => repeated(x, lead));
    return tf.matMul(left!, right!);
  });
}

/** tfjs takes matrices in turn where their counts differ, which is no broadcasting: they are repeated first. */
function repeated(x: tf.Tensor, lead: readonly number[]): tf.Tensor {
  const times = lead.map((extent, axis) => extent / (x.shape[axis] ?? 1));
  return times.every((count) => count === 1) ? x : tf.tile(x, [...times, 1, 1]);
}
