import * as tf from '@tensorflow/tfjs-core';
import type { Padding, Pool } from '../../network/graph';
import { resolvedPadding } from '../../network/window';
import { explicitPadding } from './conv2d';
import { unaryKernel, type Kernel } from './kernel';

/** Compiles a max or average pool. */
export function compilePool(pool: Pool): Kernel {
  return unaryKernel((x) => runPool(pool, x as tf.Tensor4D));
}

/**
 * tfjs averages over the pixels inside the image only. Where the padding's zeros count, they are made part of
 * the image first; what rounding up adds at the bottom and right never counts and stays padding.
 */
function runPool(pool: Pool, x: tf.Tensor4D): tf.Tensor {
  const padding = resolvedPadding(pool, x.shape.slice(1));
  if (pool.reduce === 'average' && pool.includePadding) {
    return slide(pool, padImages(x, pool.padding, 0), without(padding, pool.padding));
  }
  return slide(pool, x, padding);
}

function slide(pool: Pool, x: tf.Tensor4D, padding: Padding): tf.Tensor {
  const { window, stride } = pool;
  if (window.height === 1 && window.width === 1) return takeEvery(pool, x);
  const size: [number, number] = [window.height, window.width];
  const strides: [number, number] = [stride.height, stride.width];
  const pad = explicitPadding(padding);
  return pool.reduce === 'max' ? tf.maxPool(x, size, strides, pad) : tf.avgPool(x, size, strides, pad);
}

/** A window of one pixel only thins out; WebAssembly's kernels refuse it. It has no padding (see shape inference). */
function takeEvery({ stride }: Pool, x: tf.Tensor4D): tf.Tensor {
  if (stride.height === 1 && stride.width === 1) return x.clone();
  return tf.stridedSlice(x, [0, 0, 0, 0], x.shape, [1, stride.height, stride.width, 1]);
}

/** Surrounds images with a constant. */
export function padImages(x: tf.Tensor4D, padding: Padding, value: number): tf.Tensor4D {
  const { top, bottom, left, right } = padding;
  if (top + bottom + left + right === 0) return x;
  return tf.pad(x, explicitPadding(padding), value);
}

function without(all: Padding, part: Padding): Padding {
  return {
    top: all.top - part.top,
    bottom: all.bottom - part.bottom,
    left: all.left - part.left,
    right: all.right - part.right,
  };
}
