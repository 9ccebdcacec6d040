import * as tf from '@tensorflow/tfjs-core';
import type { Activation, BatchNorm, Conv2d, Extent, Padding, Shape, Tensor } from '../../network/graph';
import { slidingOutput } from '../../network/window';
import { splitActivation, type FusedActivation } from './activation';
import { foldBatchNorm } from './fold';
import { blockDiagonal, blocksPay, groupKernels } from './groups';
import { unaryKernel, uploadBias, uploadTensor, type Kernel } from './kernel';
import { canBeDirect, formOf, pairOf, type Layer } from '../convolution';
import { compileStrips, compileStripsAndSum, sumAndActivate } from './stripConv2d';

type ExplicitPadding = [[number, number], [number, number], [number, number], [number, number]];

/** What every form of convolution is called with, except its weights. */
interface Window {
  readonly strides: [number, number];
  readonly dilations: [number, number];
  readonly pad: ExplicitPadding;
}

/** A convolution with what is computed with it in one step. */
export interface ConvolutionGroup {
  /** The convolution before it, whose lines it reads one by one. */
  readonly first: Conv2d | null;
  readonly last: Conv2d;
  readonly norm: BatchNorm | null;
  readonly activation: Activation | null;
  /** Shape of the images, where it is known. */
  readonly shape: Shape | null;
}

/** Compiles a convolution with the one before it and the batch norm and the activation that follow it. */
export function compileConv2d(group: ConvolutionGroup): Kernel {
  const layers = layersOf(group);
  if (layers) return compileStrips(layers, group.activation);
  if (group.first) return inTurn(group, compileConv2d(afterFirst(group)));
  return compileGeneral(foldedLast(group), group.activation);
}

/** The same with a second input, which is added before the activation. */
export function compileConv2dAndSum(group: ConvolutionGroup): Kernel {
  const layers = layersOf(group);
  if (layers) return compileStripsAndSum(layers, group.activation);
  if (group.first) return inTurn(group, compileConv2dAndSum(afterFirst(group)));
  const kernel = compileConv2d({ ...group, activation: null });
  return {
    run: ([x, addend]) => sumAndActivate(kernel.run([x!]), addend!, group.activation),
    dispose: () => kernel.dispose(),
  };
}

/** Compiles a convolution by its definition, product by product, so that whole numbers stay whole. */
export function compileExactConv2d(convolution: Conv2d, shape: Shape | null): Kernel {
  return canBeDirect(convolution, shape)
    ? compileStrips([{ convolution, form: 'direct' }], null)
    : compileGeneral(convolution, null);
}

/** Whether a group is computed by code of our own. */
export function isOwnCode({ first, last, shape }: ConvolutionGroup): boolean {
  return first ? pairOf(first, last, shape) !== null : formOf(last, shape) !== null;
}

/** How the group is computed by code of our own; null where it is not. */
function layersOf(group: ConvolutionGroup): readonly Layer[] | null {
  const last = foldedLast(group);
  if (group.first) return pairOf(group.first, last, group.shape);
  const form = formOf(last, group.shape);
  return form && [{ convolution: last, form }];
}

function foldedLast({ last, norm }: ConvolutionGroup): Conv2d {
  return norm ? { ...last, ...foldBatchNorm(last, norm) } : last;
}

/** The group without the first convolution. */
function afterFirst(group: ConvolutionGroup): ConvolutionGroup {
  const { first, shape } = group;
  const size = first && shape && slidingOutput(first, shape);
  return { ...group, first: null, shape: size && [size.height, size.width, first.kernel.shape[3] ?? 0] };
}

/** Runs the group's first convolution and then what reads it. */
function inTurn({ first, shape }: ConvolutionGroup, then: Kernel): Kernel {
  const before = compileConv2d({ first: null, last: first!, norm: null, activation: null, shape });
  return {
    run: ([x, ...others]) => then.run([before.run([x!]), ...others]),
    dispose: () => [before, then].forEach((kernel) => kernel.dispose()),
  };
}

/** By tfjs's kernels. */
function compileGeneral(convolution: Conv2d, activation: Activation | null): Kernel {
  const { fused, after } = splitActivation(activation);
  const kernel = compileForm(runnable(convolution), fused);
  return { run: (inputs) => after(kernel.run(inputs)), dispose: () => kernel.dispose() };
}

/** Picks how the groups are computed. */
function compileForm(convolution: Conv2d, fused: FusedActivation): Kernel {
  const { kernel, groups } = convolution;
  if (groups === 1) return compilePlain(convolution, kernel, fused);
  if (kernel.shape[2] === 1) return compileDepthwise(convolution, fused);
  if (blocksPay(kernel, groups)) return compilePlain(convolution, blockDiagonal(kernel, groups), fused);
  return compileSplit(convolution, fused);
}

function compilePlain(convolution: Conv2d, kernel: Tensor, fused: FusedActivation): Kernel {
  const filter = uploadTensor(kernel) as tf.Tensor4D;
  const bias = uploadBias(convolution.bias);
  const window = windowOf(convolution);
  const options = { ...window, ...fused, filter, ...(bias ? { bias } : {}) };
  return unaryKernel((x) => tf.fused.conv2d({ x: x as tf.Tensor4D, ...options }), owned(filter, bias));
}

/** One input channel per group; each may feed several outputs, which lie next to each other as tfjs has them. */
function compileDepthwise(convolution: Conv2d, fused: FusedActivation): Kernel {
  const { kernel, groups } = convolution;
  const [height = 1, width = 1, , outputs = groups] = kernel.shape;
  const shape = [height, width, groups, outputs / groups];
  const filter = uploadTensor({ shape, data: kernel.data }) as tf.Tensor4D;
  const bias = uploadBias(convolution.bias);
  const { pad, ...window } = windowOf(convolution);
  // The declared type lacks explicit padding; all three backends take it.
  const options = { ...window, ...fused, filter, pad: pad as unknown as number, ...(bias ? { bias } : {}) };
  return unaryKernel(
    (x) => tf.fused.depthwiseConv2d({ x: x as tf.Tensor4D, ...options }),
    owned(filter, bias),
  );
}

/** Each group on its own slice of the channels, results joined. */
function compileSplit(convolution: Conv2d, fused: FusedActivation): Kernel {
  const { kernel, bias, groups } = convolution;
  const perGroup = (kernel.shape[3] ?? 0) / groups;
  const parts = groupKernels(kernel, groups).map((part, group) => {
    const partBias = bias && bias.slice(group * perGroup, (group + 1) * perGroup);
    return compilePlain({ ...convolution, bias: partBias, groups: 1 }, part, fused);
  });
  const run = (x: tf.Tensor) => {
    const slices = tf.split(x, groups, 3);
    return tf.concat(
      parts.map((part, group) => part.run(slices.slice(group, group + 1))),
      3,
    );
  };
  return { ...unaryKernel(run), dispose: () => parts.forEach((part) => part.dispose()) };
}

function owned(filter: tf.Tensor, bias: tf.Tensor | null): tf.Tensor[] {
  return bias ? [filter, bias] : [filter];
}

function windowOf({ stride, dilation, padding }: Conv2d): Window {
  return {
    strides: [stride.height, stride.width],
    dilations: [dilation.height, dilation.width],
    pad: explicitPadding(padding),
  };
}

/** Padding in the form tfjs takes for NHWC tensors. */
export function explicitPadding({ top, bottom, left, right }: Padding): ExplicitPadding {
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

/** tfjs refuses strides and dilation together: the dilation is then written into the kernel as zeros. */
function runnable(convolution: Conv2d): Conv2d {
  const { stride, dilation } = convolution;
  const isOne = ({ height, width }: Extent) => height === 1 && width === 1;
  if (isOne(stride) || isOne(dilation)) return convolution;
  const kernel = spreadKernel(convolution.kernel, dilation);
  return { ...convolution, kernel, dilation: { height: 1, width: 1 } };
}

/** A kernel [D_h, D_w, I, O] with dilation − 1 zeros between neighbouring taps. */
function spreadKernel({ shape, data }: Tensor, dilation: Extent): Tensor {
  const [height = 1, width = 1, inputs = 1, outputs = 1] = shape;
  const tap = inputs * outputs;
  const wide = (width - 1) * dilation.width + 1;
  const high = (height - 1) * dilation.height + 1;
  const spread = new Float32Array(high * wide * tap);
  for (let h = 0; h < height; h++) {
    for (let w = 0; w < width; w++) {
      const from = (h * width + w) * tap;
      const to = (h * dilation.height * wide + w * dilation.width) * tap;
      spread.set(data.subarray(from, from + tap), to);
    }
  }
  return { shape: [high, wide, inputs, outputs], data: spread };
}
