import * as tf from '@tensorflow/tfjs-core';
import type { Elementwise } from '../../network/graph';
import { greatest } from '../../linalg/extremes';
import { withRank } from '../operators/elementwise';

/** Gradients of the inputs of an operator of several inputs; those that are not wanted may be null. */
export type Gradients = readonly (tf.Tensor | null)[];

/** Adds up what a value gave where it was stretched. @param shape of the value, batch included */
function summedTo(gradient: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const own = alignedShape(shape, gradient.rank);
  const axes = own.flatMap((extent, axis) => (extent === 1 && gradient.shape[axis] !== 1 ? [axis] : []));
  const sum = axes.length > 0 ? tf.sum(gradient, axes, true) : gradient;
  return tf.reshape(sum, [...shape]);
}

/** Extents of 1 behind the batch until there are so many axes. */
function alignedShape([batch = 1, ...rest]: readonly number[], rank: number): readonly number[] {
  return [batch, ...Array.from({ length: rank - 1 - rest.length }, () => 1), ...rest];
}

/** Values with the same number of axes. */
export function aligned(inputs: readonly tf.Tensor[]): readonly tf.Tensor[] {
  const rank = greatest(inputs.map((x) => x.rank));
  return inputs.map((x) => withRank(x, rank));
}

export function sumGradients(gradient: tf.Tensor, inputs: readonly tf.Tensor[]): Gradients {
  return inputs.map((x) => summedTo(gradient, x.shape));
}

export function productGradients(gradient: tf.Tensor, inputs: readonly tf.Tensor[]): Gradients {
  const factors = aligned(inputs);
  return inputs.map((x, index) => {
    const others = factors.filter((_, at) => at !== index);
    return summedTo(
      others.reduce((product, factor) => tf.mul(product, factor), gradient),
      x.shape,
    );
  });
}

type Pairwise = (gradient: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => readonly [tf.Tensor, tf.Tensor];

const pairwise: Readonly<Record<Elementwise['function'], Pairwise>> = {
  subtract: (gradient) => [gradient, tf.neg(gradient)],
  divide: (gradient, a, b) => [tf.div(gradient, b), tf.neg(tf.mul(gradient, tf.div(a, tf.square(b))))],
  power: (gradient, a, b) => [
    tf.mul(gradient, tf.mul(b, tf.pow(a, tf.sub(b, 1)))),
    tf.mul(gradient, tf.mul(tf.pow(a, b), logOfPositive(a))),
  ],
  maximum: (gradient, a, b) => chosen(gradient, tf.greaterEqual(a, b)),
  minimum: (gradient, a, b) => chosen(gradient, tf.lessEqual(a, b)),
};

/** Powers of what is not positive do not change smoothly with the exponent; 0 stands for that. */
function logOfPositive(a: tf.Tensor): tf.Tensor {
  return tf.mul(tf.step(a), tf.log(tf.maximum(a, 1e-30)));
}

function chosen(gradient: tf.Tensor, isFirst: tf.Tensor): readonly [tf.Tensor, tf.Tensor] {
  const first = tf.mul(gradient, tf.cast(isFirst, 'float32'));
  return [first, tf.sub(gradient, first)];
}

/** Of combinations of two values; of more, which only maxima and minima have, one after the other. */
export function elementwiseGradients(
  name: Elementwise['function'],
  combine: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  gradient: tf.Tensor,
  inputs: readonly tf.Tensor[],
): Gradients {
  const values = aligned(inputs);
  const folded = [values[0]!];
  for (const value of values.slice(1, -1)) folded.push(combine(folded.at(-1)!, value));
  const found: tf.Tensor[] = [];
  let rest = gradient;
  for (let index = values.length - 1; index > 0; index--) {
    const [a, b] = [folded[index - 1]!, values[index]!];
    const [left, right] = pairwise[name](rest, a, b);
    found.unshift(summedTo(right, inputs[index]!.shape));
    rest = summedTo(left, a.shape);
  }
  return [summedTo(rest, inputs[0]!.shape), ...found];
}

export function matrixProductGradients(gradient: tf.Tensor, inputs: readonly tf.Tensor[]): Gradients {
  const [left, right] = aligned(inputs).map((x) => stretched(x, gradient)) as [tf.Tensor, tf.Tensor];
  const slopes = [tf.matMul(gradient, right, false, true), tf.matMul(left, gradient, true)];
  return inputs.map((x, index) => summedTo(slopes[index]!, x.shape));
}

/** Repeats matrices until there are as many as there are products. */
function stretched(x: tf.Tensor, product: tf.Tensor): tf.Tensor {
  const times = x.shape.map((extent, axis) => (axis < x.rank - 2 ? product.shape[axis]! / extent : 1));
  return times.every((count) => count === 1) ? x : tf.tile(x, times);
}

/** @param axis the batch is axis 0 */
export function concatGradients(gradient: tf.Tensor, inputs: readonly tf.Tensor[], axis: number): Gradients {
  let start = 0;
  return inputs.map((x) => {
    const begin = gradient.shape.map((_, at) => (at === axis ? start : 0));
    start += x.shape[axis]!;
    const size = gradient.shape.map((extent, at) => (at === axis ? x.shape[axis]! : extent));
    return summedTo(tf.slice(gradient, begin, size), x.shape);
  });
}
