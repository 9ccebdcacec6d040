import * as tf from '@tensorflow/tfjs-core';
import type { Quantise } from '../../network/graph';
import { levelRange } from '../../network/stored';
import { unaryKernel, type Kernel } from './kernel';

/** Compiles the rounding of values to a byte's levels: what follows sees what a file in whole numbers has there. */
export function compileQuantise(operator: Quantise): Kernel {
  return unaryKernel((x) => roundToLevels(x, operator));
}

/** What the levels of values stand for. */
export function roundToLevels(x: tf.Tensor, { type, scale, zeroPoint }: Quantise): tf.Tensor {
  const { lowest, highest } = levelRange(type);
  // Divided, not multiplied by the inverse: that is how runtimes find the level, and a tie must fall the same way.
  const levels = tf.round(tf.div(x, scale));
  return tf.mul(tf.clipByValue(levels, lowest - zeroPoint, highest - zeroPoint), scale);
}
