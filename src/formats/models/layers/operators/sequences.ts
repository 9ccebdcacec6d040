import type { Conv2d, Extent, Padding, Tensor } from '../../../../network/graph';
import { cannot } from '../../onnx/context';
import { samePadding, type LayerCall, type LayerConverter } from '../call';
import { found } from '../json';
import { withActivation } from './activations';
import { reshapedTensor } from '../weights';
import { ungrouped, withBias } from './layers';

/**
 * Layers of one dimension work on [length, channels]; here they are what the layers of two do to an image whose one
 * row is the sequence.
 */
const one: Extent = { height: 1, width: 1 };

function wide(width: number): Extent {
  return { height: 1, width };
}

/** The sequence that a layer reads as a row of an image, and its channels. */
function rowOf(call: LayerCall): {
  readonly row: string;
  readonly length: number;
  readonly channels: number;
} {
  if (call.text('data_format', 'channels_last') !== 'channels_last')
    cannot('its sequences have their channels first; the studio reads channels_last.');
  const row = call.context.rowOf(call.input);
  const [, length, channels] = call.context.shapes.get(row) as [number, number, number];
  return { row, length, channels };
}

/** Padding to the left and the right; "causal" pads all to the left, so that nothing is seen before its time. */
function paddingOf(
  call: LayerCall,
  length: number,
  window: number,
  stride: number,
  dilation: number,
): Padding {
  const mode = call.text('padding', 'valid').toLowerCase();
  const none = { top: 0, bottom: 0, left: 0, right: 0 };
  if (mode === 'valid') return none;
  if (mode === 'causal') return { ...none, left: (window - 1) * dilation };
  if (mode !== 'same')
    cannot(`its padding "${mode}" is not known; the studio reads "same", "valid" and "causal".`);
  return samePadding([1, length, 1], wide(window), wide(stride), wide(dilation));
}

type Sliding = Pick<Conv2d, 'stride' | 'dilation' | 'padding'>;

function slidingOf(call: LayerCall, length: number, window: number): Sliding {
  const stride = call.length('strides', 1);
  const dilation = call.length('dilation_rate', 1);
  return {
    stride: wide(stride),
    dilation: wide(dilation),
    padding: paddingOf(call, length, window, stride, dilation),
  };
}

/** A kernel [length, …] with a height of 1 in front. */
function flat(kernel: Tensor): Tensor {
  return reshapedTensor(kernel, [1, ...kernel.shape]);
}

/** Conv1D. */
function convolution(call: LayerCall): string {
  const { row, length, channels } = rowOf(call);
  const [outputs, groups, window] = [
    call.count('filters'),
    call.count('groups', 1),
    call.length('kernel_size'),
  ];
  if (channels % groups !== 0)
    cannot(`its ${channels} input channels cannot be split into ${groups} groups.`);
  const shape = [window, channels / groups, outputs];
  const [kernel, bias] = call.weights(withBias(call, [{ names: ['kernel'], shape }], outputs));
  const weights = { kernel: flat(kernel!), bias: bias?.data ?? null, groups };
  const operator: Conv2d = { kind: 'conv2d', ...weights, ...slidingOf(call, length, window) };
  return withActivation(call, call.emit(operator, '', [row]));
}

/** DepthwiseConv1D. */
function depthwise(call: LayerCall): string {
  const { row, length, channels } = rowOf(call);
  const [multiplier, window] = [call.count('depth_multiplier', 1), call.length('kernel_size')];
  const wanted = { names: ['depthwise_kernel', 'kernel'], shape: [window, channels, multiplier] };
  const [kernel, bias] = call.weights(withBias(call, [wanted], channels * multiplier));
  const weights = { kernel: ungrouped(flat(kernel!)), bias: bias?.data ?? null, groups: channels };
  const operator: Conv2d = { kind: 'conv2d', ...weights, ...slidingOf(call, length, window) };
  return withActivation(call, call.emit(operator, '', [row]));
}

/** SeparableConv1D: a depthwise convolution, then one of single elements. */
function separable(call: LayerCall): string {
  const { row, length, channels } = rowOf(call);
  const [outputs, multiplier] = [call.count('filters'), call.count('depth_multiplier', 1)];
  const window = call.length('kernel_size');
  const kernels = [
    { names: ['depthwise_kernel'], shape: [window, channels, multiplier] },
    { names: ['pointwise_kernel'], shape: [1, channels * multiplier, outputs] },
  ];
  const [first, second, bias] = call.weights(withBias(call, kernels, outputs));
  const spread: Conv2d = {
    ...{ kind: 'conv2d', kernel: ungrouped(flat(first!)), bias: null, groups: channels },
    ...slidingOf(call, length, window),
  };
  const pointwise: Conv2d = {
    ...{ kind: 'conv2d', kernel: flat(second!), bias: bias?.data ?? null, groups: 1 },
    ...{ stride: one, dilation: one, padding: { top: 0, bottom: 0, left: 0, right: 0 } },
  };
  return withActivation(call, call.emit(pointwise, '', [call.emit(spread, 'depthwise', [row])]));
}

/** MaxPooling1D and AveragePooling1D; averages leave the padding out. */
function pool(reduce: 'max' | 'average') {
  return (call: LayerCall): string => {
    const { row, length } = rowOf(call);
    const window = call.length('pool_size', 2);
    const stride = call.length('strides', window);
    const padding = paddingOf(call, length, window, stride, 1);
    const sliding = { window: wide(window), stride: wide(stride), padding };
    return call.emit({ kind: 'pool', reduce, ...sliding, roundUp: false, includePadding: false }, '', [row]);
  };
}

/** GlobalAveragePooling1D and GlobalMaxPooling1D. */
function globalPool(reduce: 'max' | 'average') {
  return (call: LayerCall): string => {
    const { row } = rowOf(call);
    return call.emit({ kind: 'globalPool', reduce, keepDimensions: call.flag('keepdims', false) }, '', [row]);
  };
}

/** Elements before and behind: one number for both, or two. */
function sidesOf(call: LayerCall, key: string): readonly [number, number] {
  const given = call.setting(key) ?? 1;
  const [before, behind = before] = [given].flat();
  const isWhole = (side: unknown): side is number => Number.isInteger(side) && (side as number) >= 0;
  if (isWhole(before) && isWhole(behind)) return [before, behind];
  return cannot(`its ${key} is ${found(given)}, expected whole numbers from 0 up.`);
}

/** ZeroPadding1D. */
function zeroPadding(call: LayerCall): string {
  const [left, right] = sidesOf(call, 'padding');
  const { row } = rowOf(call);
  return call.emit({ kind: 'pad', padding: { top: 0, bottom: 0, left, right }, value: 0 }, '', [row]);
}

/** Cropping1D. */
function cropping(call: LayerCall): string {
  const [before, behind] = sidesOf(call, 'cropping');
  const { row, length } = rowOf(call);
  return call.emit({ kind: 'slice', axis: 1, start: before, end: length - behind, step: 1 }, '', [row]);
}

/** UpSampling1D: every element so many times. */
function upsampling(call: LayerCall): string {
  const { row, length } = rowOf(call);
  const times = call.length('size', 2);
  return call.emit(
    {
      ...{ kind: 'resize', method: 'nearest', size: wide(length * times), scale: wide(times) },
      ...{ coordinates: 'asymmetric', rounding: 'floor' },
    },
    '',
    [row],
  );
}

/** Layers of one dimension, by class. */
export const sequenceLayers: ReadonlyMap<string, LayerConverter> = new Map<string, LayerConverter>([
  ['Conv1D', convolution],
  ['Convolution1D', convolution],
  ['DepthwiseConv1D', depthwise],
  ['SeparableConv1D', separable],
  ['MaxPooling1D', pool('max')],
  ['MaxPool1D', pool('max')],
  ['AveragePooling1D', pool('average')],
  ['AvgPool1D', pool('average')],
  ['GlobalAveragePooling1D', globalPool('average')],
  ['GlobalMaxPooling1D', globalPool('max')],
  ['ZeroPadding1D', zeroPadding],
  ['Cropping1D', cropping],
  ['UpSampling1D', upsampling],
]);

/** Classes to which a row of an image is as good as the sequence that it stands for. */
export const worksOnRows: ReadonlySet<string> = new Set([
  ...sequenceLayers.keys(),
  ...['BatchNormalization', 'Activation', 'ReLU', 'LeakyReLU', 'ELU', 'Softmax', 'Dense', 'Flatten'],
  ...['Dropout', 'SpatialDropout1D', 'AlphaDropout', 'GaussianDropout', 'GaussianNoise', 'Identity'],
  ...['Add', 'Multiply', 'Average', 'Maximum', 'Minimum', 'Subtract', 'Concatenate', 'Rescaling'],
]);
