import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../../network/graph';

/** The derivative of an activation function at every value. */
export function activationSlope(x: tf.Tensor, { function: name, alpha, beta }: Activation): tf.Tensor {
  switch (name) {
    case 'relu':
      return tf.step(x);
    case 'relu6':
      return isBetween(x, 0, 6);
    case 'leakyRelu':
      return tf.step(x, alpha);
    case 'elu':
      return expBelowZero(x, alpha);
    case 'sigmoid':
      return sigmoidSlope(x);
    case 'hardSigmoid':
      return tf.mul(isBetween(tf.add(tf.mul(x, alpha), beta), 0, 1), alpha);
    case 'tanh':
      return tf.sub(1, tf.square(tf.tanh(x)));
    case 'softplus':
      return tf.sigmoid(x);
    case 'swish':
      return tf.add(tf.sigmoid(x), tf.mul(x, sigmoidSlope(x)));
    case 'hardSwish':
      return hardSwishSlope(x);
    case 'selu':
      return tf.mul(expBelowZero(x, alpha), beta);
    case 'gelu':
      return tf.add(normalShare(x), tf.mul(x, gaussian(x, 0.5, 1 / Math.sqrt(2 * Math.PI))));
    case 'geluTanh':
      return geluTanhSlope(x);
    case 'mish':
      return mishSlope(x);
    case 'softsign':
      return tf.reciprocal(tf.square(tf.add(tf.abs(x), 1)));
    case 'clip':
      return isBetween(x, alpha, beta);
    case 'erf':
      return gaussian(x, 1, 2 / Math.sqrt(Math.PI));
    case 'exp':
      return tf.exp(x);
    case 'log':
      return tf.reciprocal(x);
    case 'sqrt':
      return tf.div(0.5, tf.sqrt(x));
    case 'square':
      return tf.mul(x, 2);
    case 'abs':
      return tf.step(x, -1);
    case 'negate':
      return tf.fill(x.shape, -1);
    case 'reciprocal':
      return tf.neg(tf.reciprocal(tf.square(x)));
    default:
      return name satisfies never;
  }
}

/** 1 between two bounds, which may be infinite, 0 elsewhere. */
function isBetween(x: tf.Tensor, low: number, high: number): tf.Tensor {
  const above = low === -Infinity ? tf.onesLike(x) : tf.step(tf.sub(x, low));
  return high === Infinity ? above : tf.mul(above, tf.step(tf.sub(high, x)));
}

/** 1 above zero, alpha · eˣ below. */
function expBelowZero(x: tf.Tensor, alpha: number): tf.Tensor {
  const above = tf.step(x);
  return tf.add(above, tf.mul(tf.sub(1, above), tf.mul(tf.exp(tf.minimum(x, 0)), alpha)));
}

function sigmoidSlope(x: tf.Tensor): tf.Tensor {
  const y = tf.sigmoid(x);
  return tf.mul(y, tf.sub(1, y));
}

function hardSwishSlope(x: tf.Tensor): tf.Tensor {
  const line = tf.add(tf.mul(x, 1 / 6), 0.5);
  return tf.add(tf.clipByValue(line, 0, 1), tf.mul(x, tf.mul(isBetween(line, 0, 1), 1 / 6)));
}

/** height · exp(−rate · x²) */
function gaussian(x: tf.Tensor, rate: number, height: number): tf.Tensor {
  return tf.mul(tf.exp(tf.mul(tf.square(x), -rate)), height);
}

/** Φ(x) */
function normalShare(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);
}

/** Of ½ x (1 + tanh u) with u = √(2/π) (x + 0.044715 x³). */
function geluTanhSlope(x: tf.Tensor): tf.Tensor {
  const [factor, cubic] = [Math.sqrt(2 / Math.PI), 0.044715];
  const squares = tf.square(x);
  const t = tf.tanh(tf.mul(tf.mul(x, tf.add(tf.mul(squares, cubic), 1)), factor));
  const inner = tf.mul(tf.add(tf.mul(squares, 3 * cubic), 1), factor);
  const curve = tf.mul(tf.mul(x, tf.sub(1, tf.square(t))), inner);
  return tf.mul(tf.add(tf.add(t, 1), curve), 0.5);
}

/** Of x · tanh(softplus(x)). */
function mishSlope(x: tf.Tensor): tf.Tensor {
  const softplus = tf.add(tf.relu(x), tf.log1p(tf.exp(tf.neg(tf.abs(x)))));
  const t = tf.tanh(softplus);
  return tf.add(t, tf.mul(tf.mul(x, tf.sub(1, tf.square(t))), tf.sigmoid(x)));
}
