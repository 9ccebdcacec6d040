import type { BatchNorm } from '../../../../network/graph';
import { cannot } from '../../onnx/context';
import type { CaffeLayer } from '../layer';

const defaultEpsilon = Math.fround(1e-5);

/** Scale, offset, mean and variance that change nothing. */
function unchanged(channels: number): BatchNorm {
  return {
    kind: 'batchNorm',
    scale: new Float32Array(channels).fill(1),
    offset: new Float32Array(channels),
    mean: new Float32Array(channels),
    variance: new Float32Array(channels).fill(1),
    epsilon: 0,
  };
}

/** BatchNorm at inference: sums of means and variances, divided by the weight of the moving average. */
export function batchNormalisation(layer: CaffeLayer): void {
  const { channels } = layer;
  const means = layer.weights(0, 'mean', [channels]);
  const variances = layer.weights(1, 'variance', [channels]);
  const [weight = 0] = layer.weights(2, 'weight of the moving average', [1]);
  const factor = weight === 0 ? 0 : Math.fround(1 / weight);
  layer.emit({
    ...unchanged(channels),
    mean: means.map((value) => value * factor),
    variance: variances.map((value) => value * factor),
    epsilon: layer.message.batch_norm_param?.eps ?? defaultEpsilon,
  });
}

/**
 * Scale: of one value with learned numbers, or of one value with another. Behind a BatchNorm that nothing
 * else can have read, its numbers become that one's scale and offset.
 */
export function scale(layer: CaffeLayer): void {
  if (layer.inputs.length === 2) return product(layer);
  const { axis = 1, num_axes = 1, bias_term = 0 } = layer.message.scale_param ?? {};
  requireChannels(layer, axis, num_axes);
  const { channels } = layer;
  const factors = layer.weights(0, 'scale', [channels]);
  const offset = bias_term ? layer.weights(1, 'bias', [channels]) : new Float32Array(channels);
  const last = layer.context.nodes.at(-1);
  const isBehindNorm = last?.output === layer.input && last.operator.kind === 'batchNorm';
  if (isBehindNorm && isInPlace(layer) && isPlain(last.operator)) {
    layer.context.replaceLast({ ...last.operator, scale: factors, offset });
  } else {
    layer.emit({ ...unchanged(channels), scale: factors, offset });
  }
}

/** Whether a layer writes the blob that it reads, so that nobody else can read the one before. */
function isInPlace({ message }: CaffeLayer): boolean {
  return message.bottom[0] === message.top[0];
}

function isPlain({ scale: factors, offset, epsilon }: BatchNorm): boolean {
  return epsilon > 0 && factors.every((value) => value === 1) && offset.every((value) => value === 0);
}

/** An image times one number per channel, as squeeze-and-excitation needs it. */
function product(layer: CaffeLayer): void {
  const [first, second] = [layer.shape(0), layer.shape(1)];
  const axis = layer.message.scale_param?.axis ?? 1;
  const isPerChannel = axis === 0 && second.length === 1 && second[0] === first.at(-1);
  if (!isPerChannel && first.join() !== second.join())
    cannot(`it multiplies ${first.join('×')} by ${second.join('×')} from axis ${axis} on.`);
  layer.emit({ kind: 'multiply' }, layer.inputs);
}

/** Bias: one number per channel is added. */
export function bias(layer: CaffeLayer): void {
  if (layer.inputs.length === 2) cannot('it adds a computed value.');
  const { axis = 1, num_axes = 1 } = layer.message.bias_param ?? {};
  requireChannels(layer, axis, num_axes);
  const { channels } = layer;
  layer.emit({ ...unchanged(channels), offset: layer.weights(0, 'bias', [channels]) });
}

function requireChannels(layer: CaffeLayer, axis: number, axes: number): void {
  const rank = layer.shape().length + 1;
  if ((axis === 1 || axis === 1 - rank) && (axes === 1 || (axes === -1 && rank === 2))) return;
  cannot(`it works on ${axes} axes from axis ${axis} on, expected the channels (axis 1).`);
}

/** Power of one: (shift + scale · x). */
export function power(layer: CaffeLayer): void {
  const { power: exponent = 1, scale: factor = 1, shift = 0 } = layer.message.power_param ?? {};
  if (exponent !== 1) cannot(`it raises values to the power of ${exponent}, expected 1.`);
  const { channels } = layer;
  layer.emit({
    ...unchanged(channels),
    scale: new Float32Array(channels).fill(factor),
    offset: new Float32Array(channels).fill(shift),
  });
}
