import type { ActivationFunction, BatchNorm, Operator } from '../../../../network/graph';
import { cannot } from '../../onnx/context';
import type { CaffeLayer } from '../layer';
import { requireChannels } from './axes';

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
  requireChannels(layer, 1, 'normalises');
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
  requireChannelsAlone(layer, axis, num_axes);
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
  const isPerChannel = axis === 0 && first.length === 3 && second.length === 1 && second[0] === first.at(-1);
  if (!isPerChannel && first.join() !== second.join())
    cannot(`it multiplies ${first.join('×')} by ${second.join('×')} from axis ${axis} on.`);
  layer.emit({ kind: 'multiply' }, layer.inputs);
}

/** Bias: one number per channel is added. */
export function bias(layer: CaffeLayer): void {
  if (layer.inputs.length === 2) cannot('it adds a computed value.');
  const { axis = 1, num_axes = 1 } = layer.message.bias_param ?? {};
  requireChannelsAlone(layer, axis, num_axes);
  const { channels } = layer;
  layer.emit({ ...unchanged(channels), offset: layer.weights(0, 'bias', [channels]) });
}

/** One axis alone, the channels; -1 axes are all behind the first of them. */
function requireChannelsAlone(layer: CaffeLayer, axis: number, axes: number): void {
  const isAlone = axes === 1 || (axes === -1 && layer.shape().length !== 3);
  if (!isAlone) cannot(`it works on ${axes} axes from axis ${axis} on, expected the channels alone.`);
  requireChannels(layer, axis);
}

/** (shift + scale · x), the same for all channels, as a node in front of the layer's own; x itself where it is that. */
function shifted(layer: CaffeLayer, factor: number, shift: number): string {
  if (factor === 1 && shift === 0) return layer.input;
  return layer.emitBefore('scaled', uniform(layer, factor, shift));
}

function uniform({ channels }: CaffeLayer, factor: number, shift: number): BatchNorm {
  return {
    ...unchanged(channels),
    scale: new Float32Array(channels).fill(factor),
    offset: new Float32Array(channels).fill(shift),
  };
}

const roots: ReadonlyMap<number, ActivationFunction> = new Map([
  [2, 'square'],
  [0.5, 'sqrt'],
  [-1, 'reciprocal'],
]);

/** Power: (shift + scale · x)^power. */
export function power(layer: CaffeLayer): void {
  const { power: exponent = 1, scale: factor = 1, shift = 0 } = layer.message.power_param ?? {};
  if (exponent === 1) return void layer.emit(uniform(layer, factor, shift));
  const inner = shifted(layer, factor, shift);
  const name = roots.get(exponent);
  if (name) return void layer.emit({ kind: 'activation', function: name, alpha: 0, beta: 0 }, [inner]);
  const value = { shape: [1], data: Float32Array.of(exponent) };
  const constant = layer.emitBefore('exponent', { kind: 'constant', value }, []);
  layer.emit({ kind: 'elementwise', function: 'power' }, [inner, constant]);
}

/** Exp: base^(shift + scale · x) = e^(ln base · (shift + scale · x)). */
export function exponential(layer: CaffeLayer): void {
  const { base = -1, scale: factor = 1, shift = 0 } = layer.message.exp_param ?? {};
  const times = base === -1 ? 1 : Math.log(base);
  const inner = shifted(layer, factor * times, shift * times);
  layer.emit({ kind: 'activation', function: 'exp', alpha: 0, beta: 0 }, [inner]);
}

/** Log: the logarithm of (shift + scale · x) to the base. */
export function logarithm(layer: CaffeLayer): void {
  const { base = -1, scale: factor = 1, shift = 0 } = layer.message.log_param ?? {};
  const log: Operator = { kind: 'activation', function: 'log', alpha: 0, beta: 0 };
  const inner = shifted(layer, factor, shift);
  if (base === -1) return void layer.emit(log, [inner]);
  layer.emit(uniform(layer, 1 / Math.log(base), 0), [layer.emitBefore('log', log, [inner])]);
}

/** Axpy: the first value, one number per channel, times the second, plus the third. */
export function gatedSum(layer: CaffeLayer): void {
  const [gate, value, rest] = layer.inputs;
  if (!gate || !value || !rest) return cannot(`it reads ${layer.inputs.length} values, expected 3.`);
  const product = layer.emitBefore('product', { kind: 'multiply' }, [gate, value]);
  layer.emit({ kind: 'add' }, [product, rest]);
}

/** A value times a number, in front of the layer's own node. */
export function times(layer: CaffeLayer, index: number, factor: number): string {
  const channels = layer.shape(index).at(-1)!;
  const scale = new Float32Array(channels).fill(factor);
  return layer.emitBefore(`times${index + 1}`, { ...unchanged(channels), scale }, [layer.inputs[index]!]);
}
