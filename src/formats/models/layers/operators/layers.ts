import type { BatchNorm, Conv2d, Extent, Tensor } from '../../../../network/graph';
import { cannot } from '../../onnx/context';
import type { LayerCall } from '../call';
import { reshapedTensor, type WantedWeight } from '../weights';
import { withActivation } from './activations';

const one: Extent = { height: 1, width: 1 };

/** Kernels by name and shape, and the bias where the layer has one. */
export function withBias(
  call: LayerCall,
  kernel: readonly WantedWeight[],
  outputs: number,
): readonly WantedWeight[] {
  if (!call.flag('use_bias', true)) return kernel;
  return [...kernel, { names: ['bias'], shape: [outputs] }];
}

function geometry(call: LayerCall): Pick<Conv2d, 'stride' | 'dilation' | 'padding'> & { window: Extent } {
  const window = call.extent('kernel_size');
  const stride = call.extent('strides', one);
  const dilation = call.extent('dilation_rate', one);
  return { window, stride, dilation, padding: call.windowPadding(window, stride, dilation) };
}

/** Conv2D; its kernel already lies as ours does: [D_h, D_w, I / g, O]. */
export function convolution(call: LayerCall): string {
  const [, , channels] = call.imageShape() as [number, number, number];
  const outputs = call.count('filters');
  const groups = call.count('groups', 1);
  if (channels % groups !== 0)
    cannot(`its ${channels} input channels cannot be split into ${groups} groups.`);
  const { window, ...sliding } = geometry(call);
  const shape = [window.height, window.width, channels / groups, outputs];
  const [kernel, bias] = call.weights(withBias(call, [{ names: ['kernel'], shape }], outputs));
  const operator: Conv2d = { kind: 'conv2d', kernel: kernel!, bias: bias?.data ?? null, groups, ...sliding };
  return withActivation(call, call.emit(operator));
}

/** A kernel [D_h, D_w, I, m] in which channel i makes outputs i·m … i·m + m − 1, as ours of I groups does. */
export function ungrouped(kernel: Tensor): Tensor {
  const [height, width, channels, multiplier] = kernel.shape as [number, number, number, number];
  return reshapedTensor(kernel, [height, width, 1, channels * multiplier]);
}

/** DepthwiseConv2D. */
export function depthwise(call: LayerCall): string {
  const [, , channels] = call.imageShape() as [number, number, number];
  const multiplier = call.count('depth_multiplier', 1);
  const { window, ...sliding } = geometry(call);
  const shape = [window.height, window.width, channels, multiplier];
  const names = ['depthwise_kernel', 'kernel'];
  const [kernel, bias] = call.weights(withBias(call, [{ names, shape }], channels * multiplier));
  const weights = { kernel: ungrouped(kernel!), bias: bias?.data ?? null };
  return withActivation(call, call.emit({ kind: 'conv2d', ...weights, groups: channels, ...sliding }));
}

/** SeparableConv2D: a depthwise convolution and a 1×1 convolution. */
export function separable(call: LayerCall): string {
  const [, , channels] = call.imageShape() as [number, number, number];
  const outputs = call.count('filters');
  const multiplier = call.count('depth_multiplier', 1);
  const { window, ...sliding } = geometry(call);
  const kernels = [
    { names: ['depthwise_kernel'], shape: [window.height, window.width, channels, multiplier] },
    { names: ['pointwise_kernel'], shape: [1, 1, channels * multiplier, outputs] },
  ];
  const [first, second, bias] = call.weights(withBias(call, kernels, outputs));
  const spread = call.emit(
    { kind: 'conv2d', kernel: ungrouped(first!), bias: null, groups: channels, ...sliding },
    'depthwise',
  );
  const padding = { top: 0, bottom: 0, left: 0, right: 0 };
  const pointwise = {
    kernel: second!,
    bias: bias?.data ?? null,
    stride: one,
    dilation: one,
    padding,
    groups: 1,
  };
  return withActivation(call, call.emit({ kind: 'conv2d', ...pointwise }, '', [spread]));
}

/** Dense, on the last axis. */
export function dense(call: LayerCall): string {
  const inputs = call.shape().at(-1) ?? cannot('it reads a single number.');
  const outputs = call.count('units');
  const wanted = withBias(call, [{ names: ['kernel'], shape: [inputs, outputs] }], outputs);
  const [weights, bias] = call.weights(wanted);
  return withActivation(call, call.emit({ kind: 'dense', weights: weights!, bias: bias?.data ?? null }));
}

/** BatchNormalization over channels; a scale or an offset that is left out is 1 or 0. */
export function batchNorm(call: LayerCall): string {
  const channels = call.shape().at(-1) ?? cannot('it reads a single number.');
  const given = call.layer.config['axis'];
  const axis = Array.isArray(given) ? (given[0] as unknown) : (given ?? -1);
  if (axis !== -1 && axis !== call.axes) cannot(`it works on axis ${String(axis)}, expected the last one.`);
  const parts = [
    ...(call.flag('scale', true) ? ['gamma'] : []),
    ...(call.flag('center', true) ? ['beta'] : []),
    ...['moving_mean', 'moving_variance'],
  ];
  const found = call.weights(parts.map((name) => ({ names: [name], shape: [channels] })));
  const part = (name: string, defaults: number) =>
    found[parts.indexOf(name)]?.data ?? new Float32Array(channels).fill(defaults);
  const operator: BatchNorm = {
    kind: 'batchNorm',
    scale: part('gamma', 1),
    offset: part('beta', 0),
    mean: part('moving_mean', 0),
    variance: part('moving_variance', 1),
    epsilon: call.number('epsilon', 1e-3),
  };
  return call.emit(operator);
}
