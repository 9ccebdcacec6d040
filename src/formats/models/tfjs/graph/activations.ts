import type { Activation, ActivationFunction, ParametricRelu } from '../../../../network/graph';
import { cannot } from '../../onnx/context';
import type { GraphCall } from './call';
import { ownValue } from '../../../../network/ownValue';

const functions: Readonly<Record<string, ActivationFunction>> = {
  Relu: 'relu',
  Relu6: 'relu6',
  Elu: 'elu',
  LeakyRelu: 'leakyRelu',
  Sigmoid: 'sigmoid',
  Tanh: 'tanh',
  Softplus: 'softplus',
  Selu: 'selu',
  Erf: 'erf',
  Exp: 'exp',
  Log: 'log',
  Sqrt: 'sqrt',
  Square: 'square',
  Abs: 'abs',
  Neg: 'negate',
  Reciprocal: 'reciprocal',
};

/** Constants of SELU, which TensorFlow has fixed. */
const selu = { alpha: 1.6732632423543772, beta: 1.0507009873554805 };

/** Operators that are an activation of their own. */
export const activationOps: readonly string[] = Object.keys(functions);

/** The activation that TensorFlow calls so, with the slope that the node gives. */
export function activationNamed({ node }: GraphCall, name: string): Activation {
  const known = ownValue(functions, name) ?? cannot(`its fused operator ${name} is not known to the studio.`);
  const slope = known === 'leakyRelu' ? node.number('leakyrelu_alpha', node.number('alpha', 0.2)) : 0;
  if (known === 'selu') return { kind: 'activation', function: known, ...selu };
  return { kind: 'activation', function: known, alpha: known === 'elu' ? 1 : slope, beta: 0 };
}

/** An activation as a node of its own. */
export function activation(call: GraphCall): string {
  return call.emit(activationNamed(call, call.node.op));
}

/** A parametric ReLU; where all slopes are the same it is a leaky one. */
export function slopes(call: GraphCall, index: number): Activation | ParametricRelu {
  const { shape, data } = call.weights(index, 'slope');
  const [alpha = 0] = data;
  if (data.every((slope) => slope === alpha))
    return { kind: 'activation', function: 'leakyRelu', alpha, beta: 0 };
  // Axes that all values share may stand in front; the batch is one of them.
  const first = shape.findIndex((extent) => extent !== 1);
  return { kind: 'parametricRelu', slopes: { shape: shape.slice(first), data } };
}

export function parametricRelu(call: GraphCall): string {
  return call.emit(slopes(call, 1));
}

/** 1 / √x. */
export function inverseRoot(call: GraphCall): string {
  const plain = { kind: 'activation', alpha: 0, beta: 0 } as const;
  const root = call.emit({ ...plain, function: 'sqrt' }, undefined, 'root');
  return call.emit({ ...plain, function: 'reciprocal' }, [root]);
}

/** ClipByValue between two constants. */
export function clip(call: GraphCall): string {
  const [alpha = 0] = call.weights(1, 'lower bound').data;
  const [beta = 0] = call.weights(2, 'upper bound').data;
  if (alpha === 0 && beta === 6)
    return call.emit({ kind: 'activation', function: 'relu6', alpha: 0, beta: 0 });
  return call.emit({ kind: 'activation', function: 'clip', alpha, beta });
}

export function softmax(call: GraphCall): string {
  return call.emit({ kind: 'softmax' });
}

export function logSoftmax(call: GraphCall): string {
  return call.emit({ kind: 'logSoftmax' });
}
