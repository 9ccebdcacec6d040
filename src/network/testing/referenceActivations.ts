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
    case 'selu':
      return beta * (x < 0 ? alpha * Math.expm1(x) : x);
    case 'gelu':
      return (x / 2) * (1 + errorFunction(x / Math.SQRT2));
    case 'geluTanh':
      return (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
    case 'mish':
      return x * Math.tanh(Math.log1p(Math.exp(x)));
    case 'softsign':
      return x / (1 + Math.abs(x));
    case 'clip':
      return Math.min(beta, Math.max(alpha, x));
    case 'erf':
      return errorFunction(x);
    case 'exp':
      return Math.exp(x);
    case 'log':
      return Math.log(x);
    case 'sqrt':
      return Math.sqrt(x);
    case 'square':
      return x * x;
    case 'abs':
      return Math.abs(x);
    case 'negate':
      return -x;
    case 'reciprocal':
      return 1 / x;
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

/** The error function by its series 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!!, all of whose terms have one sign. */
function errorFunction(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; n < 200; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}
