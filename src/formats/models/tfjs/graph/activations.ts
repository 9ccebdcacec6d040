import type { Activation, ActivationFunction } from '../../../../network/graph';
import { cannot } from '../../onnx/context';
import type { GraphCall } from './call';

const functions: Readonly<Record<string, ActivationFunction>> = {
  Relu: 'relu',
  Relu6: 'relu6',
  Elu: 'elu',
  LeakyRelu: 'leakyRelu',
  Sigmoid: 'sigmoid',
  Tanh: 'tanh',
  Softplus: 'softplus',
};

/** Operators that are an activation of their own. */
export const activationOps: readonly string[] = Object.keys(functions);

/** The activation that TensorFlow calls so, with the slope that the node gives. */
export function activationNamed({ node }: GraphCall, name: string): Activation {
  const known = functions[name] ?? cannot(`its fused operator ${name} is not known to the studio.`);
  const slope = known === 'leakyRelu' ? node.number('leakyrelu_alpha', node.number('alpha', 0.2)) : 0;
  return { kind: 'activation', function: known, alpha: known === 'elu' ? 1 : slope, beta: 0 };
}

/** An activation as a node of its own. */
export function activation(call: GraphCall): string {
  return call.emit(activationNamed(call, call.node.op));
}

/** A parametric ReLU whose slopes are one and the same constant. */
export function leakyRelu(call: GraphCall, slopes: number): Activation {
  const { data } = call.weights(slopes, 'slope');
  const [alpha] = data;
  if (alpha === undefined || data.some((slope) => slope !== alpha))
    return cannot('its slope differs from channel to channel.');
  return { kind: 'activation', function: 'leakyRelu', alpha, beta: 0 };
}

export function parametricRelu(call: GraphCall): string {
  return call.emit(leakyRelu(call, 1));
}

export function softmax(call: GraphCall): string {
  return call.emit({ kind: 'softmax' });
}
