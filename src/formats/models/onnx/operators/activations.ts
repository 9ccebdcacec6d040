import type { ActivationFunction } from '../../../../network/graph';
import { cannot } from '../context';
import type { NodeDraft, OnnxNode } from '../node';

/** An activation, with the default that ONNX gives to its parameters. */
export function activation(name: ActivationFunction, defaults: { alpha?: number; beta?: number } = {}) {
  return (node: OnnxNode): NodeDraft => {
    const alpha = defaults.alpha === undefined ? 0 : node.float('alpha', defaults.alpha);
    const beta = defaults.beta === undefined ? 0 : node.float('beta', defaults.beta);
    return node.draft({ kind: 'activation', function: name, alpha, beta });
  };
}

/** Clip from 0 to 6 is ReLU6, from 0 to nothing ReLU; bounds are attributes before operator set 11. */
export function clip(node: OnnxNode): NodeDraft {
  const [low, high] =
    node.opset < 11 ? clipAttributes(node) : [node.scalar(1, 'lower bound'), node.scalar(2, 'upper bound')];
  const isUnbounded = high === null || high > largestFloat;
  if (low !== 0 || !(high === 6 || isUnbounded)) {
    cannot(`it clips from ${low ?? 'no bound'} to ${high ?? 'no bound'}, expected 0 to 6 (ReLU6).`);
  }
  return node.draft({ kind: 'activation', function: high === 6 ? 'relu6' : 'relu', alpha: 0, beta: 0 });
}

/** Bounds of ±3.4e38 are how older exporters say "none". */
const largestFloat = 3.4e38;

function clipAttributes(node: OnnxNode): [number | null, number | null] {
  return [node.has('min') ? node.float('min', 0) : null, node.has('max') ? node.float('max', 0) : null];
}

/** PRelu whose slopes are one and the same constant is a leaky ReLU. */
export function parametricRelu(node: OnnxNode): NodeDraft {
  const slopes = node.vector(1, 'slope') ?? cannot('its slope is missing.');
  const [alpha] = slopes;
  if (alpha === undefined || slopes.some((slope) => slope !== alpha))
    cannot('its slope differs from channel to channel.');
  return node.draft({ kind: 'activation', function: 'leakyRelu', alpha, beta: 0 });
}

/** Softmax over channels; before operator set 13 it went over everything from its axis on. */
export function softmax(node: OnnxNode): NodeDraft {
  const shape = node.shape(0);
  const rank = shape.length + 1;
  const axis = node.integer('axis', node.opset < 13 ? 1 : -1);
  if (axis !== 1 && axis !== 1 - rank) cannot(`it works along axis ${axis}, expected the channels (axis 1).`);
  const pixels = shape.length === 3 ? shape[0]! * shape[1]! : 1;
  if (node.opset < 13 && pixels !== 1)
    cannot('it works on all values of an image at once, expected the channels only.');
  return node.draft({ kind: 'softmax' });
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
