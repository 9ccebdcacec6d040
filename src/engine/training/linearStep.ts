import * as tf from '@tensorflow/tfjs-core';
import type { Activation, BatchNorm, Conv2d, Dense } from '../../network/graph';
import { foldBatchNorm, type LinearWeights } from '../operators/fold';
import { sumOverPixels, gated, type Gate } from './gate';
import type { LinearGroup } from './groups';
import type { TrainedParameters } from './parameters';
import type { WeightGradient } from './step';

/** Weights and norm of a layer as the parameters say at present. */
export interface PresentLayer {
  readonly raw: LinearWeights;
  readonly norm: BatchNorm | null;
  /** With the norm in them. */
  readonly folded: LinearWeights;
}

/** The present values of an array of the network. */
function presentArray(
  values: Float32Array,
  parameters: TrainedParameters,
  weights: Float32Array,
): Float32Array {
  const place = parameters.placeOf(values);
  return place ? weights.subarray(place.offset, place.offset + place.size) : values;
}

/** A batch norm with the present scale and offset. */
export function presentNorm(
  norm: BatchNorm,
  parameters: TrainedParameters,
  weights: Float32Array,
): BatchNorm {
  const present = (values: Float32Array) => presentArray(values, parameters, weights);
  return { ...norm, scale: present(norm.scale), offset: present(norm.offset) };
}

/** A layer with its present weights. */
export function presentLayer(
  operator: Conv2d | Dense,
  norm: BatchNorm | null,
  parameters: TrainedParameters,
  weights: Float32Array,
): PresentLayer {
  const tensor = operator.kind === 'conv2d' ? operator.kernel : operator.weights;
  const present = (values: Float32Array) => presentArray(values, parameters, weights);
  const kernel = { shape: tensor.shape, data: present(tensor.data) };
  const raw = { kernel, bias: operator.bias && present(operator.bias) };
  const own = norm && presentNorm(norm, parameters, weights);
  return { raw, norm: own, folded: own ? foldBatchNorm(raw, own) : raw };
}

/** Whether a layer, or the norm behind it, has parameters. */
export function isLayerTrained(
  operator: Conv2d | Dense,
  norm: BatchNorm | null,
  { placeOf }: TrainedParameters,
): boolean {
  const tensor = operator.kind === 'conv2d' ? operator.kernel : operator.weights;
  const all = [tensor.data, operator.bias, norm?.scale, norm?.offset];
  return all.some((values) => values && placeOf(values) !== undefined);
}

/** The activation of a gate. */
export function activationOf(gate: Gate): Activation | null {
  return gate === 'none' ? null : { kind: 'activation', function: gate, alpha: 0, beta: 0 };
}

/** The gradient before a group's gate. */
export function beforeGate({ gate }: LinearGroup, gradient: tf.Tensor, output: tf.Tensor): tf.Tensor {
  return gate === 'none' ? gradient : gated(gradient, output, gate);
}

/** A gradient with what is there already. */
export function plus(gradient: tf.Tensor, there: tf.Tensor | null | undefined): tf.Tensor {
  return there ? tf.add(gradient, there) : gradient.clone();
}

/**
 * What a layer's parameters have of the gradients of its folded weights: with s = γ / √(variance + ε), the folded kernel
 * is s · W and the folded bias s · (b − mean) + β.
 *
 * @param operator of the network, whose arrays name the parameters
 * @param kernel gradient of the folded kernel, output channels last
 * @param outputs gradient of the layer's output
 */
export function layerGradient(
  operator: Conv2d | Dense,
  norm: BatchNorm | null,
  present: PresentLayer,
  parameters: TrainedParameters,
  kernel: tf.Tensor,
  outputs: tf.Tensor,
): WeightGradient {
  const names = operator.kind === 'conv2d' ? operator.kernel.data : operator.weights.data;
  const needsSums = norm !== null || operator.bias !== null;
  const tensors = needsSums ? [kernel, sumOverPixels(outputs)] : [kernel];
  return {
    tensors,
    addTo(total, [slopes = new Float32Array(0), sums = new Float32Array(0)]) {
      const { raw, norm: own } = present;
      const channels = raw.kernel.shape.at(-1) ?? 1;
      const factor = (c: number) => (own ? own.scale[c]! / Math.sqrt(own.variance[c]! + own.epsilon) : 1);
      const factors = Float64Array.from({ length: channels }, (_, c) => factor(c));
      addScaled(total, parameters, names, slopes, factors);
      if (operator.bias) addScaled(total, parameters, operator.bias, sums.subarray(0, channels), factors);
      if (!norm || !own) return;
      const ones = new Float64Array(channels).fill(1);
      addScaled(total, parameters, norm.offset, sums.subarray(0, channels), ones);
      const ofFactors = Float64Array.from({ length: channels }, (_, c) => {
        return sums[c]! * ((raw.bias?.[c] ?? 0) - own.mean[c]!);
      });
      raw.kernel.data.forEach((value, at) => (ofFactors[at % channels]! += value * slopes[at]!));
      const inverse = Float64Array.from(own.variance, (value) => 1 / Math.sqrt(value + own.epsilon));
      addScaled(total, parameters, norm.scale, ofFactors, inverse);
    },
  };
}

/** Adds values, each times its channel's factor, where an array of the network lies. */
export function addScaled(
  total: Float32Array,
  { placeOf }: TrainedParameters,
  array: Float32Array,
  values: ArrayLike<number>,
  factors: Float64Array,
): void {
  const place = placeOf(array);
  if (!place) return;
  const channels = factors.length;
  for (let from = 0; from < place.size; from += channels) {
    for (let c = 0; c < channels; c++) total[place.offset + from + c]! += values[from + c]! * factors[c]!;
  }
}
