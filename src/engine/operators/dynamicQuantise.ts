import * as tf from '@tensorflow/tfjs-core';
import type { Activation, Conv2d, Dense, DynamicQuantise, Shape } from '../../network/graph';
import { isDepthwise } from '../../network/layerNodes';
import type { NodeGroup } from '../fusion';
import { activate } from './activation';
import { unaryKernel, upload, uploadBias, type Kernel } from './kernel';
import { compileSums, type Levels } from './levelled';

/** Values as whole numbers from zero, and what one of them is worth, in their own image or row. */
interface Rounded {
  readonly levels: tf.Tensor;
  readonly scale: tf.Tensor;
}

type Round = (x: tf.Tensor, per: DynamicQuantise['per']) => Rounded;

/** Compiles the rounding of values to levels that are found among them. */
export function compileDynamicQuantise({ per }: DynamicQuantise): Kernel {
  return unaryKernel((x) => {
    const { levels, scale } = roundedByXnnpack(x, per);
    return tf.mul(levels, scale);
  });
}

/**
 * As XNNPACK does it in single precision, step by step and so to the bit (src/xnnpack/quantization.h,
 * f32-qs8-vcvt): values times 255 / range, rounded, and the zero point added.
 */
const roundedByXnnpack: Round = (x, per) => {
  const { low, high } = rangeOf(x, per);
  const range = tf.sub(high, low);
  const factor = tf.div(255, orOne(range));
  const [lowest, highest] = [tf.mul(low, factor), tf.mul(high, factor)];
  const isNearerLow = tf.greater(tf.add(tf.add(lowest, -128), tf.add(highest, 127)), 0);
  const exact = tf.where(isNearerLow, tf.sub(-128, lowest), tf.sub(127, highest));
  const zero = tf.round(tf.clipByValue(exact, -128, 127));
  const levels = tf.clipByValue(tf.add(tf.round(tf.mul(x, factor)), zero), -128, 127);
  return { levels: tf.sub(levels, zero), scale: tf.div(1, factor) };
};

/**
 * As TensorFlow Lite's own kernels do it (AsymmetricQuantizeFloats), which run where XNNPACK has none: the zero point is
 * added before the nearest level is looked for, and halves go away from zero.
 */
const roundedByReference: Round = (x, per) => {
  const { low, high } = rangeOf(x, per);
  const scale = tf.div(orOne(tf.sub(high, low)), 255);
  const [lowest, highest] = [tf.div(low, scale), tf.div(high, scale)];
  const isNearerLow = tf.less(tf.add(tf.abs(lowest), 128), tf.add(tf.abs(highest), 127));
  const exact = tf.where(isNearerLow, tf.sub(-128, lowest), tf.sub(127, highest));
  const zero = awayFromZero(tf.clipByValue(exact, -128, 127));
  const shifted = tf.add(tf.mul(x, tf.div(1, scale)), zero);
  const levels = tf.clipByValue(awayFromZero(shifted), -128, 127);
  return { levels: tf.sub(levels, zero), scale };
};

function awayFromZero(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.sign(x), tf.floor(tf.add(tf.abs(x), 0.5)));
}

/** The least and the greatest of every image or row, zero among them, with extents of 1. */
export function rangeOf(x: tf.Tensor, per: DynamicQuantise['per']) {
  const axes = per === 'row' ? [x.rank - 1] : Array.from({ length: x.rank - 1 }, (_, axis) => axis + 1);
  const low = tf.minimum(tf.min(x, axes, true), 0);
  const high = tf.maximum(tf.max(x, axes, true), 0);
  return { low, high };
}

/** Zeros alone have no range; they stay zeros whatever it is said to be. */
function orOne(range: tf.Tensor): tf.Tensor {
  return tf.add(range, tf.mul(tf.cast(tf.equal(range, 0), 'float32'), 255));
}

/** A layer with weights in int8 and the rounding of what it reads to levels that are found there. */
interface DynamicLayer {
  readonly operator: Conv2d | Dense;
  readonly kernel: Levels;
  readonly per: DynamicQuantise['per'];
  readonly activation: Activation | null;
  readonly shape: Shape | null;
}

/** The layer with the rounding before it; null where none belongs to the group. */
export function dynamicLayer({ dynamic, head, activation, shape }: NodeGroup): DynamicLayer | null {
  const { operator } = head;
  if (!dynamic || (operator.kind !== 'conv2d' && operator.kind !== 'dense')) return null;
  const { stored } = operator.kind === 'conv2d' ? operator.kernel : operator.weights;
  if (stored?.type !== 'int8') return null;
  return { operator, kernel: stored, per: dynamic.per, activation, shape };
}

/**
 * Compiles a layer the way runtimes compute it with weights in int8: levels times levels, added up without any rounding;
 * only the sum is turned into what it stands for, by the scale of the input first and that of the weights then. A
 * second input is added before the activation.
 */
export function compileDynamicLayer({ operator, kernel, per, activation, shape }: DynamicLayer): Kernel {
  const sums = compileSums(operator, kernel, shape);
  const outputs = (operator.kind === 'conv2d' ? operator.kernel : operator.weights).shape.at(-1)!;
  const { scales } = kernel;
  const worth = upload(
    Float32Array.from({ length: outputs }, (_, channel) => scales[channel % scales.length]!),
    [outputs],
  );
  const bias = uploadBias(operator.bias);
  // XNNPACK has no depthwise convolutions of this kind.
  const round = isDepthwise(operator) ? roundedByReference : roundedByXnnpack;
  return {
    run([x, addend]) {
      const { levels, scale } = round(x!, per);
      const scaled = tf.mul(tf.mul(sums.run([levels]), scale), worth);
      const answer = bias ? tf.add(scaled, bias) : scaled;
      const joined = addend ? tf.add(answer, addend) : answer;
      return activation ? activate(joined, activation) : joined;
    },
    dispose() {
      sums.dispose();
      tf.dispose([worth, ...(bias ? [bias] : [])]);
    },
  };
}
