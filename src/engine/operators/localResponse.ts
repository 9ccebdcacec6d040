import * as tf from '@tensorflow/tfjs-core';
import type { LocalResponseNormalisation } from '../../network/graph';
import { unaryKernel, type Kernel } from './kernel';

/**
 * Compiles local response normalisation, ONNX's definition: the window of channel c goes from
 * c − ⌊(size − 1) / 2⌋ to c + ⌈(size − 1) / 2⌉ and alpha is divided by its size.
 */
export function compileLocalResponse(operator: LocalResponseNormalisation): Kernel {
  const { size, alpha, beta, bias } = operator;
  if (size % 2 === 0) return unaryKernel((x) => evenWindow(operator, x));
  return unaryKernel((x) => {
    const images =
      x.rank === 4
        ? (x as tf.Tensor4D)
        : tf.reshape<tf.Rank.R4>(x, [x.shape[0] ?? 1, 1, -1, x.shape.at(-1) ?? 1]);
    const y = tf.localResponseNormalization(images, (size - 1) / 2, bias, alpha / size, beta);
    return tf.reshape(y, x.shape);
  });
}

/** tfjs knows only windows that reach equally far on both sides; here shifted squares are added up. */
function evenWindow({ size, alpha, beta, bias }: LocalResponseNormalisation, x: tf.Tensor): tf.Tensor {
  const channels = x.shape.at(-1) ?? 1;
  const rows = tf.reshape<tf.Rank.R2>(x, [-1, channels]);
  const before = size / 2 - 1;
  const squares = tf.pad(tf.square(rows), [
    [0, 0],
    [before, size - 1 - before],
  ]);
  const shifted = Array.from({ length: size }, (_, start) => tf.slice(squares, [0, start], [-1, channels]));
  const sum = shifted.reduce((left, right) => tf.add(left, right));
  const basis = tf.add(tf.mul(sum, alpha / size), bias);
  return tf.reshape(tf.mul(rows, tf.exp(tf.mul(tf.log(basis), -beta))), x.shape);
}
