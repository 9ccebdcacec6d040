import type { ActivationFunction, Tensor } from '../../../../network/graph';
import { constantTensor } from '../constants';
import { cannot } from '../context';
import type { NodeDraft, OnnxNode } from '../node';

/** An activation, with the default that ONNX gives to its parameters. */
export function activation(name: ActivationFunction, defaults: { alpha?: number; beta?: number } = {}) {
  return (node: OnnxNode): NodeDraft => {
    const alpha = defaults.alpha === undefined ? 0 : node.float('alpha', defaults.alpha);
    const beta = defaults.beta === undefined ? 0 : node.float('beta', defaults.beta);
    return node.passOn({ kind: 'activation', function: name, alpha, beta });
  };
}

/** Selu calls its second parameter gamma. */
export function selu(node: OnnxNode): NodeDraft {
  const alpha = node.float('alpha', 1.6732632423543772);
  const beta = node.float('gamma', 1.0507009873554805);
  return node.passOn({ kind: 'activation', function: 'selu', alpha, beta });
}

/** Gelu by the error function, or approximated. */
export function gelu(node: OnnxNode): NodeDraft {
  const approximation = node.text('approximate', 'none') || 'none';
  if (approximation !== 'none' && approximation !== 'tanh')
    cannot(`its approximation "${approximation}" is not known, expected none or tanh.`);
  const name = approximation === 'tanh' ? 'geluTanh' : 'gelu';
  return node.passOn({ kind: 'activation', function: name, alpha: 0, beta: 0 });
}

/** Clip: from 0 to 6 ReLU6, from 0 on ReLU, between other bounds itself; bounds are attributes before set 11. */
export function clip(node: OnnxNode): NodeDraft {
  const [low, high] =
    node.opset < 11 ? clipAttributes(node) : [node.scalar(1, 'lower bound'), node.scalar(2, 'upper bound')];
  return node.passOn(clipBetween(bound(low, -Infinity), bound(high, Infinity)));
}

/** The operator that bounds values on both sides. */
export function clipBetween(low: number, high: number): NodeDraft['operator'] {
  const plain = (name: ActivationFunction) =>
    ({ kind: 'activation', function: name, alpha: 0, beta: 0 }) as const;
  if (low === 0 && high === 6) return plain('relu6');
  if (low === 0 && high === Infinity) return plain('relu');
  if (low === -Infinity && high === Infinity) return { kind: 'identity', origin: 'identity' };
  return { kind: 'activation', function: 'clip', alpha: low, beta: high };
}

/** Bounds of ±3.4e38 are how older exporters say "none". */
const largestFloat = 3.4e38;

function bound(value: number | null, absent: number): number {
  return value === null || Math.abs(value) > largestFloat ? absent : value;
}

function clipAttributes(node: OnnxNode): [number | null, number | null] {
  return [node.has('min') ? node.float('min', 0) : null, node.has('max') ? node.float('max', 0) : null];
}

/** PRelu with constant slopes; where they are all the same it is a leaky ReLU. */
export function parametricRelu(node: OnnxNode): NodeDraft {
  const slopes = node.weights(1, 'slope');
  const view = node.context.viewOf(node.computed(0));
  const { data } = node.context.materialise(slopes);
  const [alpha] = data;
  if (alpha !== undefined && data.every((slope) => slope === alpha))
    return node.passOn({ kind: 'activation', function: 'leakyRelu', alpha, beta: 0 });
  if (!view) return cannot('the shape of its input is not known.');
  // Before operator set 7 slopes went with the channels, however many axes followed.
  const isPerChannel = node.opset < 7 && slopes.dims.length === 1;
  const dims = isPerChannel ? [data.length, ...view.axes.slice(1).map(() => 1)] : slopes.dims;
  const tensor = constantTensor({ ...slopes, dims }, view, node.context);
  return node.passOn({ kind: 'parametricRelu', slopes: alongLastAxis(tensor) });
}

/** Slopes that differ along the last axis alone, as a list. */
function alongLastAxis({ shape, data }: Tensor): Tensor {
  return { shape: shape.at(-1) === data.length ? [data.length] : shape, data };
}

/** LRN: the window of `size` channels starts (size − 1) / 2, rounded down, before the channel. */
export function localResponseNormalisation(node: OnnxNode): NodeDraft {
  const size = node.integer('size', 0);
  if (size < 1) cannot(`its window is ${size} channels, expected at least 1.`);
  return node.draft({
    kind: 'localResponseNormalisation',
    size,
    alpha: node.float('alpha', 1e-4),
    beta: node.float('beta', 0.75),
    bias: node.float('bias', 1),
  });
}
