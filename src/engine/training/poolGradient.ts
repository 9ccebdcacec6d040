import * as tf from '@tensorflow/tfjs-core';
import type { Extent, Padding, Pool } from '../../network/graph';
import { resolvedPadding } from '../../network/window';
import { padImages } from '../operators/pool';
import { everySo, putBack } from './spread';

/**
 * The gradient of a pool's input, tap by tap of its window. tfjs's own divides averages by the whole window where padding
 * does not count (all backends), and mixes up images that are not square (maxima on WebAssembly).
 *
 * @param output what the pool made of `x`; of equal maxima the first one counts, as in PyTorch
 */
export function poolGradient(
  pool: Pool,
  gradient: tf.Tensor4D,
  x: tf.Tensor4D,
  output: tf.Tensor4D,
): tf.Tensor {
  const padding = resolvedPadding(pool, x.shape.slice(1));
  return pool.reduce === 'max'
    ? maxGradient(pool, padding, gradient, x, output)
    : averageGradient(pool, padding, gradient, x);
}

/** Where a window's taps lie in the padded image. */
function tapsOf({ window }: Pool): readonly Extent[] {
  const count = window.height * window.width;
  return Array.from({ length: count }, (_, tap) => ({
    height: Math.floor(tap / window.width),
    width: tap % window.width,
  }));
}

function maxGradient(
  pool: Pool,
  padding: Padding,
  gradient: tf.Tensor4D,
  x: tf.Tensor4D,
  output: tf.Tensor4D,
): tf.Tensor {
  const padded = padImages(x, padding, -3e38);
  const size = sizeOf(padded);
  let left: tf.Tensor4D = tf.onesLike(output);
  const parts = tapsOf(pool).map((tap) => {
    const seen = everySo(padded, tap, sizeOf(output), pool.stride);
    const isGreatest = tf.mul(tf.cast(tf.equal(seen, output), 'float32'), left);
    left = tf.sub(left, isGreatest);
    return putBack(tf.mul(gradient, isGreatest), tap, size, pool.stride);
  });
  return inside(sumOf(parts), padding, x);
}

function averageGradient(pool: Pool, padding: Padding, gradient: tf.Tensor4D, x: tf.Tensor4D): tf.Tensor {
  const size = {
    height: x.shape[1] + padding.top + padding.bottom,
    width: x.shape[2] + padding.left + padding.right,
  };
  const share = tf.mul(
    gradient,
    tf.tensor4d(sharesOf(pool, x, sizeOf(gradient)), [1, ...rowsOf(gradient), 1]),
  );
  const parts = tapsOf(pool).map((tap) => putBack(share as tf.Tensor4D, tap, size, pool.stride));
  return inside(sumOf(parts), padding, x);
}

/** One over the number of pixels that each window averages. */
function sharesOf(pool: Pool, x: tf.Tensor4D, outputs: Extent): Float32Array {
  const { window, stride, padding, includePadding } = pool;
  const along = (at: number, taps: number, step: number, before: number, after: number, extent: number) => {
    const start = at * step - before;
    const [first, end] = includePadding ? [-before, extent + after] : [0, extent];
    return Math.min(start + taps, end) - Math.max(start, first);
  };
  return Float32Array.from({ length: outputs.height * outputs.width }, (_, at) => {
    const [row, column] = [Math.floor(at / outputs.width), at % outputs.width];
    const down = along(row, window.height, stride.height, padding.top, padding.bottom, x.shape[1]);
    return 1 / (down * along(column, window.width, stride.width, padding.left, padding.right, x.shape[2]));
  });
}

const sizeOf = ({ shape }: tf.Tensor4D): Extent => ({ height: shape[1], width: shape[2] });
const rowsOf = ({ shape }: tf.Tensor4D): [number, number] => [shape[1], shape[2]];
const sumOf = (parts: readonly tf.Tensor4D[]): tf.Tensor4D => parts.reduce((sum, part) => tf.add(sum, part));

/** What lies within the padding. */
function inside(padded: tf.Tensor4D, { top, left }: Padding, x: tf.Tensor4D): tf.Tensor {
  return tf.slice(padded, [0, top, left, 0], x.shape);
}
