import type { BatchNorm, Conv2d, Dense, GraphNode, ParametricRelu } from '../../../../network/graph';
import { cannotWrite, type WriteContext, type WrittenWeight } from './context';
import { padded, pair } from './sliding';

const one = { height: 1, width: 1 };

function biasOf(bias: Float32Array | null): readonly WrittenWeight[] {
  return bias ? [{ name: 'bias', shape: [bias.length], data: bias }] : [];
}

/** Conv2D or DepthwiseConv2D; kernels lie in Keras as they do here. */
export function writeConvolution(node: GraphNode, operator: Conv2d, context: WriteContext): string {
  const { kernel, bias, stride, dilation, groups } = operator;
  const [height, width, inputs, outputs] = kernel.shape as [number, number, number, number];
  const isStrided = stride.height * stride.width > 1;
  if (isStrided && dilation.height * dilation.width > 1)
    cannotWrite(context, node, 'it has both a stride and a dilation');
  const window = { height, width };
  const { inputs: reads, padding } = padded(node, { ...operator, window }, context);
  const shared = {
    kernel_size: pair(window),
    strides: pair(stride),
    padding,
    data_format: 'channels_last',
    dilation_rate: pair(dilation),
    activation: 'linear',
    use_bias: bias !== null,
  };
  if (groups > 1 && inputs === 1) {
    if (stride.height !== stride.width)
      cannotWrite(context, node, 'it is depthwise with two different strides');
    const multiplier = outputs / groups;
    const config = { ...shared, depth_multiplier: multiplier };
    const weight = {
      name: 'depthwise_kernel',
      ...kernel,
      shape: [height, width, groups, multiplier],
    };
    return context.add(node, 'DepthwiseConv2D', {
      config,
      inputs: reads,
      weights: [weight, ...biasOf(bias)],
    });
  }
  if (groups > 1 && context.dialect === 'tfjs')
    cannotWrite(context, node, `it convolves in ${groups} groups, which TF.js has no layer for`);
  const config = { filters: outputs, ...shared, ...(groups > 1 ? { groups } : {}) };
  const weight = { name: 'kernel', ...kernel };
  return context.add(node, 'Conv2D', { config, inputs: reads, weights: [weight, ...biasOf(bias)] });
}

/** Dense on a vector; on every pixel of an image it is a 1×1 convolution. */
export function writeDense(node: GraphNode, operator: Dense, context: WriteContext): string {
  const { weights, bias } = operator;
  const padding = { top: 0, bottom: 0, left: 0, right: 0 };
  if (context.shape(node.inputs[0]!).length === 3) {
    const kernel = { ...weights, shape: [1, 1, ...weights.shape] };
    const pointwise = { kernel, bias, stride: one, dilation: one, padding, groups: 1 };
    return writeConvolution(node, { kind: 'conv2d', ...pointwise }, context);
  }
  const config = { units: weights.shape[1]!, activation: 'linear', use_bias: bias !== null };
  const weight = { name: 'kernel', ...weights };
  return context.add(node, 'Dense', { config, weights: [weight, ...biasOf(bias)] });
}

/** Everything of a BatchNormalization but its place in the network. */
export function batchNormLayer({ scale, offset, mean, variance, epsilon }: Omit<BatchNorm, 'kind'>) {
  const parts = { gamma: scale, beta: offset, moving_mean: mean, moving_variance: variance };
  const weights = Object.entries(parts).map(([name, data]) => ({ name, shape: [data.length], data }));
  return { config: { axis: -1, momentum: 0.99, epsilon, center: true, scale: true }, weights };
}

/**
 * x · factor + summand per channel, as a batch normalisation that normalises nothing. Its epsilon is the default
 * one because TensorFlow replaces smaller ones.
 */
export function perChannel(factor: Float32Array, summand: Float32Array) {
  const epsilon = 1e-3;
  const mean = new Float32Array(factor.length);
  const variance = new Float32Array(factor.length).fill(1 - epsilon);
  return batchNormLayer({ scale: factor, offset: summand, mean, variance, epsilon });
}

/** PReLU; its slopes have all axes of what it reads, 1 where they are shared. */
export function writeParametricRelu(
  node: GraphNode,
  { slopes }: ParametricRelu,
  context: WriteContext,
): string {
  const shape = context.shape(node.inputs[0]!);
  const own = [...Array<number>(Math.max(0, shape.length - slopes.shape.length)).fill(1), ...slopes.shape];
  if (own.length > shape.length)
    cannotWrite(context, node, `its slopes are ${slopes.shape.join('×')}, more axes than it reads`);
  const shared = own.flatMap((extent, axis) => (extent === 1 && shape[axis] !== 1 ? [axis + 1] : []));
  const config = { shared_axes: shared.length > 0 ? shared : null };
  return context.add(node, 'PReLU', { config, weights: [{ name: 'alpha', shape: own, data: slopes.data }] });
}
