import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import type {
  BatchNorm,
  Conv2d,
  Dense,
  Elementwise,
  GlobalPool,
  Operator,
  Quantise,
  Slice,
} from '../../network/graph';
import { levelRange } from '../../network/stored';
import { compileOperator } from '../operators';
import { pickAlong } from '../operators/along';
import { combinations, compileElementwise } from '../operators/elementwise';
import { unaryKernel, type Kernel } from '../operators/kernel';
import { compileResizeByAxes } from '../operators/resize';
import { poolGradient } from './poolGradient';

/** Operators without parameters. */
export type SingleOperator = Exclude<Operator, Conv2d | Dense | BatchNorm>;

/** An operator forward and backward. */
export interface DifferentiableKernel extends Kernel {
  /**
   * The gradients of those inputs that are wanted, null for the others.
   *
   * @param gradient of the output
   * @param output as `run` made it of the inputs
   */
  backward(
    gradient: tf.Tensor,
    inputs: readonly tf.Tensor[],
    output: tf.Tensor,
    isWanted: readonly boolean[],
  ): readonly (tf.Tensor | null)[];
}

/** Compiles an operator with its gradient: tfjs's own where it has one. */
export function compileDifferentiable(name: string, operator: SingleOperator): DifferentiableKernel {
  const kernel = compileOperator(name, operator);
  const own = ownGradient(operator);
  if (own) {
    return {
      ...kernel,
      backward: (gradient, [x], output, [isWanted]) => [isWanted ? own(gradient, x!, output) : null],
    };
  }
  const alike = withGradient(operator) ?? kernel;
  return {
    run: (inputs) => kernel.run(inputs),
    backward: (gradient, inputs, _, isWanted) => slopes(alike, gradient, inputs, isWanted),
    dispose: () => [...new Set([kernel, alike])].forEach((one) => one.dispose()),
  };
}

/** Gradients by tfjs, which computes the operator once more. */
function slopes(
  kernel: Kernel,
  gradient: tf.Tensor,
  inputs: readonly tf.Tensor[],
  isWanted: readonly boolean[],
): readonly (tf.Tensor | null)[] {
  const wanted = inputs.filter((_, index) => isWanted[index]);
  const compute = (...varied: tf.Tensor[]): tf.Tensor => {
    const next = varied.values();
    // The same tensor given twice would have one gradient for both.
    return kernel.run(inputs.map((x, index) => (isWanted[index] ? next.next().value! : x)));
  };
  const handles = wanted.map((x) => x.clone());
  const found = tf.grads(compute)(handles, gradient);
  const next = found.values();
  return isWanted.map((is) => (is ? next.next().value! : null));
}

/** The operator in others of tfjs's, where those that compute it have no gradient or a wrong one. */
function withGradient(operator: SingleOperator): Kernel | null {
  if (operator.kind === 'resize') return compileResizeByAxes(operator);
  if (operator.kind === 'slice' && operator.step > 1) return sliceByPicking(operator);
  if (operator.kind === 'globalPool') return greatestPixel(operator);
  return operator.kind === 'elementwise' ? combinationOfEquals(operator) : null;
}

function sliceByPicking({ axis, start, end, step }: Slice): Kernel {
  const indices = Array.from({ length: Math.ceil((end - start) / step) }, (_, at) => start + at * step);
  return unaryKernel((x) => pickAlong(x, axis + 1, indices));
}

function greatestPixel({ keepDimensions }: GlobalPool): Kernel {
  return unaryKernel((x) => tf.max(x, [1, 2], keepDimensions));
}

/** The gradients of maxima and minima do not know of values that were stretched: these are, before. */
function combinationOfEquals({ function: name }: Elementwise): Kernel {
  return compileElementwise((a, b) => {
    const shape = a.shape.map((extent, axis) => Math.max(extent, b.shape[axis] ?? 1));
    const [left, right] = [a, b].map((x) => tf.add(x, tf.zeros(shape)));
    return combinations[name](left!, right!);
  });
}

type OwnGradient = (gradient: tf.Tensor, x: tf.Tensor, output: tf.Tensor) => tf.Tensor;

function ownGradient(operator: SingleOperator): OwnGradient | null {
  if (operator.kind === 'globalPool' && operator.reduce === 'average') return averageGradient;
  if (operator.kind === 'pool') {
    return (gradient, x, output) => {
      const [slopes, images, made] = [gradient, x, output] as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
      return poolGradient(operator, slopes, images, made);
    };
  }
  if (operator.kind === 'quantise') return (gradient, x) => straightThrough(operator, gradient, x);
  return null;
}

/** Every pixel of an average counts alike. */
const averageGradient = (gradient: tf.Tensor, x: tf.Tensor): ReturnType<OwnGradient> => {
  const [images = 1, height = 1, width = 1, channels = 1] = x.shape;
  const share = tf.mul(tf.reshape(gradient, [images, 1, 1, channels]), 1 / (height * width));
  return tf.tile(share, [1, height, width, 1]);
};

/**
 * Rounding has slope 0 nearly everywhere; it is taken for the identity within the levels' range (Bengio, Léonard and
 * Courville, "Estimating or propagating gradients through stochastic neurons", 2013).
 */
function straightThrough({ type, scale, zeroPoint }: Quantise, gradient: tf.Tensor, x: tf.Tensor): tf.Tensor {
  const { lowest, highest } = levelRange(type);
  const [low, high] = [(lowest - zeroPoint) * scale, (highest - zeroPoint) * scale];
  const isWithin = tf.logicalAnd(tf.greaterEqual(x, low), tf.lessEqual(x, high));
  return tf.mul(gradient, tf.cast(isWithin, 'float32'));
}
