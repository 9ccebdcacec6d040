import * as tf from '@tensorflow/tfjs-core';
import type {
  BatchNorm,
  Conv2d,
  Dense,
  LocalResponseNormalisation,
  Operator,
  Pad,
  Quantise,
  Reduce,
} from '../../network/graph';
import { levelRange } from '../../network/stored';
import { compileOperator } from '../operators';
import { mixAlong } from '../operators/along';
import { combinations } from '../operators/elementwise';
import type { Kernel } from '../operators/kernel';
import { reorder } from '../operators/layout';
import { axisMatrix } from '../operators/resize';
import { activationSlope } from './activationSlope';
import {
  aligned,
  concatGradients,
  elementwiseGradients,
  matrixProductGradients,
  productGradients,
  sumGradients,
  type Gradients,
} from './combining';
import { poolGradient } from './poolGradient';

/** Operators without parameters. */
export type SingleOperator = Exclude<Operator, Conv2d | Dense | BatchNorm>;

/** An operator forward and backward. */
export interface DifferentiableKernel extends Kernel {
  /**
   * The gradients of the inputs.
   *
   * @param gradient of the output
   * @param output as `run` made it of the inputs
   */
  backward(gradient: tf.Tensor, inputs: readonly tf.Tensor[], output: tf.Tensor): Gradients;
}

/** Compiles an operator with its gradient. tfjs's own are not used: several are wrong (see the tests), and all compute anew. */
export function compileDifferentiable(name: string, operator: SingleOperator): DifferentiableKernel {
  const backward = backwardOf(operator);
  return { ...compileOperator(name, operator), backward };
}

type Backward = DifferentiableKernel['backward'];
type OneInput = (gradient: tf.Tensor, x: tf.Tensor, output: tf.Tensor) => tf.Tensor;

const ofOne =
  (slope: OneInput): Backward =>
  (gradient, [x], output) => [slope(gradient, x!, output)];

function backwardOf(operator: SingleOperator): Backward {
  switch (operator.kind) {
    case 'activation':
      return ofOne((gradient, x) => tf.mul(gradient, activationSlope(x, operator)));
    case 'parametricRelu': {
      const { shape, data } = operator.slopes;
      return ofOne((gradient, x) => {
        const [slopes, values] = aligned([tf.tensor(data, [1, ...shape]), x]);
        const isPositive = tf.step(values!);
        return tf.mul(gradient, tf.add(isPositive, tf.mul(tf.sub(1, isPositive), slopes!)));
      });
    }
    case 'pool':
      return ofOne((gradient, x, output) => {
        const [slopes, images, made] = [gradient, x, output] as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
        return poolGradient(operator, slopes, images, made);
      });
    case 'globalPool':
      return ofOne((gradient, x, output) => {
        const name = operator.reduce === 'max' ? 'max' : 'mean';
        return reduceGradient({ function: name, axes: [0, 1] }, gradient, x, output);
      });
    case 'reduce':
      return ofOne((gradient, x, output) => reduceGradient(operator, gradient, x, output));
    case 'add':
      return sumGradients;
    case 'multiply':
      return productGradients;
    case 'elementwise': {
      const { function: name } = operator;
      return (gradient, inputs) => elementwiseGradients(name, combinations[name], gradient, inputs);
    }
    case 'matrixProduct':
      return matrixProductGradients;
    case 'concat':
      return (gradient, inputs) => concatGradients(gradient, inputs, operator.axis + 1);
    case 'pad':
      return ofOne((gradient, x) => withoutPadding(operator, gradient, x));
    case 'flatten':
    case 'reshape':
      return ofOne((gradient, x) => reorder(gradient, x.shape.slice(1), operator.order));
    case 'transpose': {
      const all = [0, ...operator.permutation.map((axis) => axis + 1)];
      const back = all.map((_, axis) => all.indexOf(axis));
      return ofOne((gradient) => tf.transpose(gradient, back));
    }
    case 'slice': {
      const { start, end, step } = operator;
      const taken = Array.from({ length: Math.ceil((end - start) / step) }, (_, at) => start + at * step);
      return ofOne((gradient, x) => pickedBack(gradient, x, operator.axis + 1, taken));
    }
    case 'gather':
      return ofOne((gradient, x) => pickedBack(gradient, x, operator.axis + 1, operator.indices));
    case 'resize':
      return ofOne((gradient, x) => {
        const matrix = (side: 'height' | 'width', axis: number) =>
          tf.transpose(axisMatrix(operator, side, x.shape[axis] ?? 1)) as tf.Tensor2D;
        return mixAlong(mixAlong(gradient, 2, matrix('width', 2)), 1, matrix('height', 1)).clone();
      });
    case 'softmax':
      return ofOne((gradient, _, y) => {
        return tf.mul(y, tf.sub(gradient, tf.sum(tf.mul(gradient, y), -1, true)));
      });
    case 'logSoftmax':
      return ofOne((gradient, _, y) => tf.sub(gradient, tf.mul(tf.exp(y), tf.sum(gradient, -1, true))));
    case 'localResponseNormalisation':
      return ofOne((gradient, x) => responseGradient(operator, gradient, x));
    case 'quantise':
      return ofOne((gradient, x) => straightThrough(operator, gradient, x));
    // All values are within levels that are found from them.
    case 'dynamicQuantise':
    case 'identity':
      return ofOne((gradient) => gradient);
    case 'constant':
    case 'unsupported':
      return () => [];
    default:
      return operator satisfies never;
  }
}

/** What a reduction of some axes gives back to each of the values; equal extremes all count. */
function reduceGradient(
  { function: name, axes }: Pick<Reduce, 'function' | 'axes'>,
  gradient: tf.Tensor,
  x: tf.Tensor,
  output: tf.Tensor,
): tf.Tensor {
  const isFolded = (axis: number) => axes.includes(axis - 1);
  const folded = x.shape.map((extent, axis) => (isFolded(axis) ? 1 : extent));
  const count = x.shape.reduce((product, extent, axis) => (isFolded(axis) ? product * extent : product), 1);
  const slopes = tf.reshape(gradient, folded);
  const stretched = tf.tile(
    name === 'mean' ? tf.mul(slopes, 1 / count) : slopes,
    x.shape.map((extent, axis) => (isFolded(axis) ? extent : 1)),
  );
  if (name === 'mean' || name === 'sum') return stretched;
  return tf.mul(stretched, tf.cast(tf.equal(x, tf.reshape(output, folded)), 'float32'));
}

function withoutPadding({ padding, channels }: Pad, gradient: tf.Tensor, x: tf.Tensor): tf.Tensor {
  return tf.slice(gradient, [0, padding.top, padding.left, channels?.before ?? 0], x.shape);
}

/** Adds what was picked along an axis to where it came from. */
function pickedBack(gradient: tf.Tensor, x: tf.Tensor, axis: number, indices: readonly number[]): tf.Tensor {
  const extent = x.shape[axis] ?? 1;
  const values = new Float32Array(indices.length * extent);
  indices.forEach((index, at) => (values[at * extent + index]! += 1));
  return mixAlong(gradient, axis, tf.tensor2d(values, [indices.length, extent]));
}

/**
 * With b = bias + alpha / size · Σ x² over a channel's window, y = x · b^−beta changes by its own channel's x, and by those
 * of every window that a channel is in.
 */
function responseGradient(
  { size, alpha, beta, bias }: LocalResponseNormalisation,
  gradient: tf.Tensor,
  x: tf.Tensor,
): tf.Tensor {
  const channels = x.shape.at(-1) ?? 1;
  const before = Math.floor((size - 1) / 2);
  const isInWindow = (channel: number, of: number) =>
    channel >= of - before && channel <= of + size - 1 - before;
  const windows = tf.tensor2d(
    Float32Array.from({ length: channels * channels }, (_, at) =>
      isInWindow(Math.floor(at / channels), at % channels) ? 1 : 0,
    ),
    [channels, channels],
  );
  const [rows, slopes] = [x, gradient].map((own) => tf.reshape<tf.Rank.R2>(own, [-1, channels])) as [
    tf.Tensor2D,
    tf.Tensor2D,
  ];
  const basis = tf.add(tf.mul(tf.matMul(tf.square(rows), windows), alpha / size), bias);
  const power = tf.exp(tf.mul(tf.log(basis), -beta));
  const direct = tf.mul(slopes, power);
  const through = tf.matMul(tf.div(tf.mul(direct, rows), basis) as tf.Tensor2D, windows, false, true);
  const all = tf.sub(direct, tf.mul(tf.mul(rows, through), (2 * alpha * beta) / size));
  return tf.reshape(all, x.shape);
}

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
