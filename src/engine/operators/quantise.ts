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

/**
 * Compiles what makes levels of levels in one step, as runtimes do it that compute sums, products and means in whole
 * numbers (ONNX Runtime's WebAssembly kernels, mlas/lib/qladd.cpp): the zero point is added before the nearest level
 * is looked for. A tie then falls to the level that is even, not to the distance from zero that is, and single
 * precision has fewer digits left behind the point.
 */
export function compileCombined(kernel: Kernel, { type, scale, zeroPoint }: Quantise): Kernel {
  const { lowest, highest } = levelRange(type);
  return {
    run(inputs) {
      const exact = tf.div(kernel.run(inputs), scale);
      const bounded = tf.clipByValue(exact, lowest - zeroPoint, highest - zeroPoint);
      return tf.mul(tf.sub(tf.round(tf.add(bounded, zeroPoint)), zeroPoint), scale);
    },
    dispose: () => kernel.dispose(),
  };
}
