import * as tf from '@tensorflow/tfjs-core';
import type { Activation, Conv2d } from '../../network/graph';
import { compileConvolution, transformKernel, type Clamp, type Convolve } from '../winograd';
import { activate } from './activation';
import { compileElementwise } from './elementwise';
import { kernelOf, unaryKernel, upload, type Kernel } from './kernel';

/** Compiles a 3×3 convolution of stride 1, batch norm folded in, for WebAssembly; see `compileConvolution`. */
export function compileWinograd(convolution: Conv2d, activation: Activation | null): Kernel {
  const [weights, bias] = uploadWeights(convolution);
  const clamp = clampOf(activation);
  const convolve = bySize(convolution, clamp, false);
  const run = (x: tf.Tensor) => {
    const y = convolve(x)(x, weights, bias, null);
    return activation && clamp === 'none' ? activate(y, activation) : y;
  };
  return unaryKernel(run, [weights, bias]);
}

/** The same with a second input, which is added before the activation. */
export function compileWinogradAndSum(convolution: Conv2d, activation: Activation | null): Kernel {
  const [weights, bias] = uploadWeights(convolution);
  const clamp = clampOf(activation);
  const plain = bySize(convolution, 'none', false);
  const adding = bySize(convolution, clamp, true);
  const run = (x: tf.Tensor, addend: tf.Tensor) => {
    if (!isSameSize(convolution, x, addend)) {
      return sumAndActivate(plain(x)(x, weights, bias, null), addend, activation);
    }
    const y = adding(x)(x, weights, bias, addend);
    return activation && clamp === 'none' ? activate(y, activation) : y;
  };
  return kernelOf(([x, addend]) => run(x!, addend!), [weights, bias]);
}

const sum = compileElementwise((a, b) => tf.add(a, b));

/** What a convolution's sum and activation give where its own code cannot do them. */
export function sumAndActivate(y: tf.Tensor, addend: tf.Tensor, activation: Activation | null): tf.Tensor {
  const total = sum.run([y, addend]);
  return activation ? activate(total, activation) : total;
}

function uploadWeights({ kernel, bias }: Conv2d): [tf.Tensor, tf.Tensor] {
  const transformed = transformKernel(kernel);
  const outputs = kernel.shape[3] ?? 0;
  return [upload(transformed, [transformed.length]), upload(bias ?? new Float32Array(outputs), [outputs])];
}

/** Whether a value has the shape of the convolution's output, so that nothing is stretched. */
function isSameSize({ kernel, padding }: Conv2d, x: tf.Tensor, addend: tf.Tensor): boolean {
  const [images = 0, height = 0, width = 0] = x.shape;
  const { top, bottom, left, right } = padding;
  const output = [images, height + top + bottom - 2, width + left + right - 2, kernel.shape[3]];
  return addend.rank === 4 && output.every((extent, axis) => extent === addend.shape[axis]);
}

/** The code for images of the size at hand, made when the first of them comes. */
function bySize({ kernel, padding }: Conv2d, clamp: Clamp, adds: boolean): (x: tf.Tensor) => Convolve {
  const [, , inputs = 0, outputs = 0] = kernel.shape;
  const known = new Map<string, Convolve>();
  return (x) => {
    const [, height = 0, width = 0] = x.shape;
    const size = `${height}×${width}`;
    const shape = { height, width, inputs, outputs, padding };
    const convolve = known.get(size) ?? compileConvolution(shape, { clamp, adds });
    known.set(size, convolve);
    return convolve;
  };
}

function clampOf(activation: Activation | null): Clamp {
  const name = activation?.function;
  return name === 'relu' || name === 'relu6' ? name : 'none';
}
