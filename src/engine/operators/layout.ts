import * as tf from '@tensorflow/tfjs-core';
import type { Concat, Constant, ElementOrder, Flatten, Pad, Reshape, Shape } from '../../network/graph';
import { kernelOf, unaryKernel, upload, type Kernel } from './kernel';
import { padImages } from './pool';
import { greatest } from '../../linalg/extremes';

/** Compiles a concatenation; the axis is counted without the batch. */
export function compileConcat({ axis }: Concat): Kernel {
  return kernelOf((inputs) => {
    const batch = greatest(inputs.map((x) => x.shape[0] ?? 1));
    return tf.concat(
      inputs.map((x) => repeated(x, batch)),
      axis + 1,
    );
  });
}

/** Constants have a batch of 1 until they meet a value of the images. */
function repeated(x: tf.Tensor, batch: number): tf.Tensor {
  if (x.shape[0] === batch) return x;
  return tf.tile(x, [batch, ...x.shape.slice(1).map(() => 1)]);
}

/** Compiles a padding with a constant. */
export function compilePad({ padding, channels, value }: Pad): Kernel {
  const sides: [number, number] = [channels?.before ?? 0, channels?.after ?? 0];
  return unaryKernel((x) => {
    const padded = padImages(x as tf.Tensor4D, padding, value);
    if (sides[0] + sides[1] === 0) return padded.clone();
    const nothing: [number, number] = [0, 0];
    return tf.pad(padded, [nothing, nothing, nothing, sides], value);
  });
}

/** Compiles a flatten. */
export function compileFlatten({ order }: Flatten): Kernel {
  return unaryKernel((x) => reorder(x, [x.size / (x.shape[0] ?? 1)], order));
}

/** Compiles a reshape. */
export function compileReshape({ shape, order }: Reshape): Kernel {
  return unaryKernel((x) => reorder(x, shape, order));
}

/** Reads elements in the given order and lays them out in the same order; only images have more than one order. */
export function reorder(x: tf.Tensor, shape: Shape, order: ElementOrder): tf.Tensor {
  const batch = x.shape[0] ?? 1;
  const counted = order === 'chw' && x.rank === 4 ? tf.transpose(x, [0, 3, 1, 2]) : x;
  if (order === 'hwc' || shape.length !== 3) return tf.reshape(counted, [batch, ...shape]);
  const [height = 1, width = 1, channels = 1] = shape;
  return tf.transpose(tf.reshape(counted, [batch, channels, height, width]), [0, 2, 3, 1]);
}

/** Compiles a constant: one image's worth, stretched over the batch by whoever reads it. */
export function compileConstant({ value }: Constant): Kernel {
  const constant = upload(value.data, [1, ...value.shape]);
  return kernelOf(() => constant.clone(), [constant]);
}
