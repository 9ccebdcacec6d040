import * as tf from '@tensorflow/tfjs-core';
import type { Conv2d, Extent, Padding, Shape, Tensor } from '../../network/graph';
import { compileConv2d, compileConv2dAndSum } from '../operators/conv2d';
import type { Kernel } from '../operators/kernel';
import { withZerosBetween } from './spread';

/** Makes the gradient of a convolution's input from that of its output, and adds what is there already. */
export interface InputGradient {
  run(gradient: tf.Tensor4D, addend: tf.Tensor | null): tf.Tensor;
  dispose(): void;
}

/**
 * The gradient of a convolution's input as a convolution forward: the kernel turned by half a turn, input and output
 * channels changing places within each group; zeros between the pixels of the gradient where the convolution strides.
 *
 * @param kernel the present one
 * @param input shape of the convolution's input
 */
export function compileInputGradient(convolution: Conv2d, kernel: Tensor, input: Shape): InputGradient {
  const { stride } = convolution;
  const backward = backwardConvolution(convolution, kernel, input);
  const { size } = backward;
  const group = {
    ...{ first: null, last: backward.convolution, norm: null, activation: null },
    shape: [size.height, size.width, kernel.shape[3] ?? 0],
  };
  let plain: Kernel | null = null;
  let adding: Kernel | null = null;
  return {
    run(gradient, addend) {
      // Every window lies in the padding.
      if (size.height <= 0 || size.width <= 0)
        return addend?.clone() ?? tf.zeros([gradient.shape[0], ...input]);
      const spread = cropped(withZerosBetween(gradient, stride), backward.crop);
      if (addend === null) return (plain ??= compileConv2d(group)).run([spread]);
      return (adding ??= compileConv2dAndSum(group)).run([spread, addend]);
    },
    dispose: () => [plain, adding].forEach((own) => own?.dispose()),
  };
}

interface Backward {
  readonly convolution: Conv2d;
  /** Of the gradient as the convolution reads it. */
  readonly size: Extent;
  /** Lines and columns of the gradient that reach beyond the input's padding only. */
  readonly crop: Padding;
}

function backwardConvolution(convolution: Conv2d, kernel: Tensor, [height = 1, width = 1]: Shape): Backward {
  const { dilation, stride, padding, groups } = convolution;
  const [taps = 1, across = 1] = kernel.shape;
  const down = oneAxis(height, taps, stride.height, dilation.height, padding.top, padding.bottom);
  const right = oneAxis(width, across, stride.width, dilation.width, padding.left, padding.right);
  const sides = (pick: (value: number) => number): Padding => ({
    ...{ top: pick(down.before), bottom: pick(down.after) },
    ...{ left: pick(right.before), right: pick(right.after) },
  });
  const one = { height: 1, width: 1 };
  const own = { kernel: turned(kernel, groups), bias: null, stride: one, dilation, groups };
  const crop = sides((value) => Math.max(0, -value));
  return {
    convolution: { kind: 'conv2d', ...own, padding: sides((value) => Math.max(0, value)) },
    size: {
      height: down.extent - crop.top - crop.bottom,
      width: right.extent - crop.left - crop.right,
    },
    crop,
  };
}

/** Padding of the backward convolution along one axis, negative where its input is to be cropped. */
function oneAxis(
  input: number,
  taps: number,
  stride: number,
  dilation: number,
  padBefore: number,
  padAfter: number,
): { readonly extent: number; readonly before: number; readonly after: number } {
  const reach = (taps - 1) * dilation;
  const outputs = Math.floor((input + padBefore + padAfter - reach - 1) / stride) + 1;
  const extent = (outputs - 1) * stride + 1;
  const before = reach - padBefore;
  return { extent, before, after: input + reach - before - extent };
}

/** [D_h, D_w, I / g, O] turned by half a turn, as [D_h, D_w, O / g, I]. */
function turned({ shape, data }: Tensor, groups: number): Tensor {
  const [height = 1, width = 1, depth = 1, outputs = 1] = shape;
  const perGroup = outputs / groups;
  const inputs = depth * groups;
  const tap = depth * outputs;
  const result = new Float32Array(data.length);
  for (let at = 0; at < height * width; at++) {
    const [from, to] = [at * tap, (height * width - 1 - at) * tap];
    for (let i = 0; i < depth; i++) {
      for (let o = 0; o < outputs; o++) {
        const group = Math.floor(o / perGroup);
        result[to + (o - group * perGroup) * inputs + group * depth + i] = data[from + i * outputs + o]!;
      }
    }
  }
  return { shape: [height, width, perGroup, inputs], data: result };
}

function cropped(x: tf.Tensor4D, { top, bottom, left, right }: Padding): tf.Tensor4D {
  if (top + bottom + left + right === 0) return x;
  const [images, height, width, channels] = x.shape;
  return tf.slice(x, [0, top, left, 0], [images, height - top - bottom, width - left - right, channels]);
}
