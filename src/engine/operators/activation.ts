import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../../network/graph';
import { unaryKernel, type Kernel } from './kernel';

/** Compiles an activation that stands alone. */
export function compileActivation(activation: Activation): Kernel {
  return unaryKernel((x) => activate(x, activation));
}

/** Applies an activation function, as ONNX defines it, to every value. */
export function activate(x: tf.Tensor, activation: Activation): tf.Tensor {
  const { alpha, beta } = activation;
  switch (activation.function) {
    case 'relu':
      return tf.relu(x);
    case 'relu6':
      return tf.relu6(x);
    case 'leakyRelu':
      return tf.leakyRelu(x, alpha);
    case 'elu':
      return alpha === 1 ? tf.elu(x) : scaledElu(x, alpha);
    case 'sigmoid':
      return tf.sigmoid(x);
    case 'hardSigmoid':
      return hardSigmoid(x, alpha, beta);
    case 'tanh':
      return tf.tanh(x);
    case 'softplus':
      return softplus(x);
    case 'swish':
      return tf.mul(x, tf.sigmoid(x));
    case 'hardSwish':
      return tf.mul(x, hardSigmoid(x, 1 / 6, 0.5));
    case 'selu':
      return tf.mul(alpha === 1 ? tf.elu(x) : scaledElu(x, alpha), beta);
    case 'gelu':
      return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
    case 'geluTanh':
      return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(geluCurve(x)), 1));
    case 'mish':
      return tf.mul(x, tf.tanh(softplus(x)));
    case 'softsign':
      return tf.div(x, tf.add(tf.abs(x), 1));
    case 'clip':
      return tf.clipByValue(x, finite(alpha), finite(beta));
    case 'erf':
      return tf.erf(x);
    case 'exp':
      return tf.exp(x);
    case 'log':
      return tf.log(x);
    case 'sqrt':
      return tf.sqrt(x);
    case 'square':
      return tf.square(x);
    case 'abs':
      return tf.abs(x);
    case 'negate':
      return tf.neg(x);
    case 'reciprocal':
      return tf.reciprocal(x);
    default:
      return activation.function satisfies never;
  }
}

function hardSigmoid(x: tf.Tensor, alpha: number, beta: number): tf.Tensor {
  return tf.clipByValue(tf.add(tf.mul(x, alpha), beta), 0, 1);
}

/** elu with a scale on its negative branch only: max(0, x) + alpha · elu(min(0, x)). */
function scaledElu(x: tf.Tensor, alpha: number): tf.Tensor {
  const positive = tf.relu(x);
  return tf.add(positive, tf.mul(tf.elu(tf.sub(x, positive)), alpha));
}

/** max(0, x) + log(1 + exp(−|x|)): never overflows, whatever the backend's own kernel does. */
function softplus(x: tf.Tensor): tf.Tensor {
  return tf.add(tf.relu(x), tf.log1p(tf.exp(tf.neg(tf.abs(x)))));
}

/** √(2/π) · (x + 0.044715 · x³) */
function geluCurve(x: tf.Tensor): tf.Tensor {
  const cubic = tf.mul(tf.mul(tf.square(x), x), 0.044715);
  return tf.mul(tf.add(x, cubic), Math.sqrt(2 / Math.PI));
}

const largestFloat = 3.4028234663852886e38;

/** Shaders have no word for infinity: the greatest float32 bounds as little. */
function finite(bound: number): number {
  return Math.max(-largestFloat, Math.min(largestFloat, bound));
}

/** How an activation is handed to a fused kernel. */
export interface FusedActivation {
  readonly activation: tf.fused.Activation;
  readonly leakyreluAlpha: number;
}

/** The form in which every backend's fused kernels compute an activation, or null where one of them cannot. */
function fusedActivation(activation: Activation | null): FusedActivation | null {
  if (!activation) return { activation: 'linear', leakyreluAlpha: 0 };
  switch (activation.function) {
    case 'relu':
      return { activation: 'relu', leakyreluAlpha: 0 };
    case 'relu6':
      return { activation: 'relu6', leakyreluAlpha: 0 };
    case 'sigmoid':
      return { activation: 'sigmoid', leakyreluAlpha: 0 };
    case 'leakyRelu':
      return { activation: 'leakyrelu', leakyreluAlpha: activation.alpha };
    case 'elu':
    case 'hardSigmoid':
    case 'hardSwish':
    case 'softplus':
    case 'swish':
    case 'tanh':
    case 'selu':
    case 'gelu':
    case 'geluTanh':
    case 'mish':
    case 'softsign':
    case 'clip':
    case 'erf':
    case 'exp':
    case 'log':
    case 'sqrt':
    case 'square':
    case 'abs':
    case 'negate':
    case 'reciprocal':
      return null;
    default:
      return activation.function satisfies never;
  }
}

/** Splits an activation into what a fused kernel does and what is left to do afterwards. */
export function splitActivation(activation: Activation | null): {
  fused: FusedActivation;
  after: (x: tf.Tensor) => tf.Tensor;
} {
  const fused = fusedActivation(activation);
  if (fused) return { fused, after: (x) => x };
  const linear: FusedActivation = { activation: 'linear', leakyreluAlpha: 0 };
  return { fused: linear, after: (x) => (activation ? activate(x, activation) : x) };
}
