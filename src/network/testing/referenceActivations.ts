import type { Activation } from '../graph';

/** One activation function at one point, by its definition in the ONNX operator list. */
export function referenceActivation(activation: Activation, x: number): number {
  const { alpha, beta } = activation;
  switch (activation.function) {
    case 'relu':
      return Math.max(0, x);
    case 'relu6':
      return Math.min(6, Math.max(0, x));
    case 'leakyRelu':
      return x < 0 ? alpha * x : x;
    case 'elu':
      return x < 0 ? alpha * Math.expm1(x) : x;
    case 'sigmoid':
      return sigmoid(x);
    case 'hardSigmoid':
      return hardSigmoid(x, alpha, beta);
    case 'tanh':
      return Math.tanh(x);
    case 'softplus':
      return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    case 'swish':
      return x * sigmoid(x);
    case 'hardSwish':
      return x * hardSigmoid(x, 1 / 6, 0.5);
    default:
      return activation.function satisfies never;
  }
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function hardSigmoid(x: number, alpha: number, beta: number): number {
  return Math.max(0, Math.min(1, alpha * x + beta));
}
