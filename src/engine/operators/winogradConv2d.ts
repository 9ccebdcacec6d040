import type * as tf from '@tensorflow/tfjs-core';
import type { Activation, Conv2d } from '../../network/graph';
import { compileConvolution, transformKernel, type Clamp, type Convolve } from '../winograd';
import { activate } from './activation';
import { unaryKernel, upload, type Kernel } from './kernel';

/** Compiles a 3×3 convolution of step 1, batch norm folded in, for WebAssembly; see `compileConvolution`. */
export function compileWinograd(convolution: Conv2d, activation: Activation | null): Kernel {
  const { kernel, bias } = convolution;
  const transformed = transformKernel(kernel);
  const weights = upload(transformed, [transformed.length]);
  const [, , , outputs = 0] = kernel.shape;
  const offset = upload(bias ?? new Float32Array(outputs), [outputs]);
  const clamp = clampOf(activation);
  const forSize = bySize(convolution, clamp);
  const run = (x: tf.Tensor) => {
    const y = forSize(x)(x, weights, offset);
    return activation && clamp === 'none' ? activate(y, activation) : y;
  };
  return unaryKernel(run, [weights, offset]);
}

/** The code for images of the size at hand, made when the first of them comes. */
function bySize({ kernel, padding }: Conv2d, clamp: Clamp): (x: tf.Tensor) => Convolve {
  const [, , inputs = 0, outputs = 0] = kernel.shape;
  const known = new Map<string, Convolve>();
  return (x) => {
    const [, height = 0, width = 0] = x.shape;
    const size = `${height}×${width}`;
    const convolve =
      known.get(size) ?? compileConvolution({ height, width, inputs, outputs, padding }, clamp);
    known.set(size, convolve);
    return convolve;
  };
}

function clampOf(activation: Activation | null): Clamp {
  const name = activation?.function;
  return name === 'relu' || name === 'relu6' ? name : 'none';
}
