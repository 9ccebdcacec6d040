import * as tf from '@tensorflow/tfjs-core';
import type { Conv2d } from '../../network/graph';
import { float, lanes } from '../convolution/code';
import { outOfMemory } from '../convolution/convolution';
import { currentHeap, type Heap } from '../convolution/heap';
import { hasFusedArithmetic, hasVectors } from '../convolution/instructions';
import { copyLinesFunction } from '../convolution/plan';
import { padImages } from '../operators/pool';
import { everySo } from './spread';
import { accumulateFunction, filterKey, type FilterShape } from './filterCode';

/**
 * The gradient of a convolution's kernel, laid out like it: [D_h, D_w, I / groups, O].
 *
 * @param x the convolution's input, [n, height, width, I]
 * @param gradient of its output, [n, height, width, O]
 */
export function filterGradient(convolution: Conv2d, x: tf.Tensor4D, gradient: tf.Tensor4D): tf.Tensor {
  const { groups } = convolution;
  const heap = hasVectors() ? currentHeap() : null;
  const outputs = gradient.shape[3];
  if (groups === 1 && heap && outputs % lanes === 0) return ownGradient(heap, convolution, x, gradient);
  return tf.tidy(() => byTaps(convolution, x, gradient));
}

/** By code of our own: tap by tap, line by line of each image. */
function ownGradient(heap: Heap, convolution: Conv2d, x: tf.Tensor4D, gradient: tf.Tensor4D): tf.Tensor {
  const { kernel, stride, dilation, padding } = convolution;
  const [taps = 1, across = 1] = kernel.shape;
  const [images, height, width, inputs] = x.shape;
  const [, lines, columns, outputs] = gradient.shape;
  const isPadded = Object.values(padding).some((side) => side > 0);
  const line = (width + padding.left + padding.right) * inputs * float;
  const high = height + padding.top + padding.bottom;
  const pixel = inputs * float;
  const shape: FilterShape = {
    ...{ width: columns, inputs, outputs },
    lineBytes: stride.height * line,
    pixelBytes: stride.width * pixel,
  };
  const code = heap.compile(filterKey(shape), () => [accumulateFunction(shape, hasFusedArithmetic())]);
  const copy = heap.compile(`copy ${width * pixel} ${line}`, () => [copyLinesFunction(width * pixel, line)]);
  const sums = heap.emptyTensor([taps, across, inputs, outputs]);
  const room = isPadded ? heap.scratch(high * line) : 0;
  const [from, slopes, to] = [x, gradient, sums].map((tensor) => heap.addressOf(tensor)) as [
    number,
    number,
    number,
  ];
  if ((isPadded && room === 0) || to === 0) outOfMemory();
  heap.clear(to, sums.size * float);
  if (isPadded) heap.clear(room, high * line);
  for (let image = 0; image < images; image++) {
    const own = from + image * height * width * pixel;
    if (isPadded) copy.copyLines!(room + padding.top * line + padding.left * pixel, own, height);
    const start = isPadded ? room : own;
    const slope = slopes + image * lines * columns * outputs * float;
    for (let tap = 0; tap < taps * across; tap++) {
      const [down, right] = [Math.floor(tap / across) * dilation.height, (tap % across) * dilation.width];
      const place = start + down * line + right * pixel;
      code.accumulate!(place, slope, to + tap * inputs * outputs * float, lines);
    }
  }
  return sums;
}

/** As products of matrices, one for each tap, or of values where every filter reads one channel. */
function byTaps(convolution: Conv2d, x: tf.Tensor4D, gradient: tf.Tensor4D): tf.Tensor {
  const { kernel, stride, dilation, padding, groups } = convolution;
  const [taps = 1, across = 1, depth = 1, outputs = 1] = kernel.shape;
  const padded = padImages(x, padding, 0);
  const [images, lines, columns] = gradient.shape;
  const found: tf.Tensor[] = [];
  for (let down = 0; down < taps; down++) {
    for (let right = 0; right < across; right++) {
      const tap = { height: down * dilation.height, width: right * dilation.width };
      const seen = everySo(padded, tap, { height: lines, width: columns }, stride);
      const rows = tf.reshape<tf.Rank.R3>(seen, [images * lines * columns, groups, depth]);
      found.push(tapGradient(rows, gradient, groups, outputs));
    }
  }
  return tf.reshape(tf.stack(found), [taps, across, depth, outputs]);
}

/** @returns [I / groups, O] */
function tapGradient(rows: tf.Tensor3D, gradient: tf.Tensor4D, groups: number, outputs: number): tf.Tensor {
  const [pixels, , depth] = rows.shape;
  const perGroup = outputs / groups;
  if (groups === 1) {
    const slopes = tf.reshape<tf.Rank.R2>(gradient, [pixels, outputs]);
    return tf.matMul(tf.reshape<tf.Rank.R2>(rows, [pixels, depth]), slopes, true);
  }
  const slopes = tf.reshape<tf.Rank.R3>(gradient, [pixels, groups, perGroup]);
  if (depth === 1) return tf.reshape(tf.sum(tf.mul(rows, slopes), 0), [1, outputs]);
  // [groups, pixels, depth]ᵀ · [groups, pixels, perGroup], and the groups side by side.
  const [left, right] = [rows, slopes].map((part) => tf.transpose(part, [1, 0, 2]));
  return tf.reshape(tf.transpose(tf.matMul(left!, right!, true), [1, 0, 2]), [depth, outputs]);
}
