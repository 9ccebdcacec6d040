import * as tf from '@tensorflow/tfjs-core';
import type { Quantise } from '../../network/graph';
import { levelRange } from '../../network/stored';
import { unaryKernel, type Kernel } from './kernel';

/** Compiles the rounding of values to a byte's levels: what follows sees what a file in whole numbers has there. */
export function compileQuantise({ type, scale, zeroPoint }: Quantise): Kernel {
  const { lowest, highest } = levelRange(type);
  return unaryKernel((x) => {
    // Divided, not multiplied by the inverse: that is how runtimes find the level, and a tie must fall the same way.
    const levels = tf.round(tf.div(x, scale));
    return tf.mul(tf.clipByValue(levels, lowest - zeroPoint, highest - zeroPoint), scale);
  });
}
