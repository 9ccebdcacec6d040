import * as tf from '@tensorflow/tfjs-core';
import type { Resize } from '../../network/graph';
import { unaryKernel, type Kernel } from './kernel';

/** Compiles a resizing of images, one axis after the other. */
export function compileResize(resize: Resize): Kernel {
  return unaryKernel((x) => along(along(x, resize, 'height'), resize, 'width').clone());
}

function along(x: tf.Tensor, resize: Resize, side: 'height' | 'width'): tf.Tensor {
  const axis = side === 'height' ? 1 : 2;
  const input = x.shape[axis] ?? 1;
  const output = resize.size[side];
  const places = Array.from({ length: output }, (_, at) => placeOf(at, input, resize, side));
  const last = input - 1;
  const pick = (indices: readonly number[]) =>
    indices.length === input && indices.every((index, at) => index === at)
      ? x
      : tf.gather(x, tf.tensor1d([...indices], 'int32'), axis);
  if (resize.method === 'nearest')
    return pick(places.map((place) => clamp(round(place, resize.rounding), last)));
  const inside = places.map((place) => clamp(place, last));
  const low = inside.map((place) => Math.floor(place));
  const shares = inside.map((place, at) => place - low[at]!);
  if (shares.every((share) => share === 0)) return pick(low);
  const [before, after] = [pick(low), pick(low.map((index) => Math.min(index + 1, last)))];
  const weights = tf.tensor(shares, side === 'height' ? [1, output, 1, 1] : [1, 1, output, 1], 'float32');
  return tf.add(before, tf.mul(tf.sub(after, before), weights));
}

/** The place in the input that a place of the output reads from; see the graph's operator. */
function placeOf(at: number, input: number, resize: Resize, side: 'height' | 'width'): number {
  const scale = resize.scale[side];
  const output = resize.size[side];
  switch (resize.coordinates) {
    case 'halfPixel':
      return halfPixel(at, scale);
    case 'pytorchHalfPixel':
      return output > 1 ? halfPixel(at, scale) : 0;
    case 'alignCorners':
      return output > 1 ? float(float(at * (input - 1)) / (output - 1)) : 0;
    case 'asymmetric':
      return float(at / float(scale));
    default:
      return resize.coordinates satisfies never;
  }
}

function halfPixel(at: number, scale: number): number {
  return float(float((at + 0.5) / float(scale)) - 0.5);
}

const float = Math.fround;

function round(place: number, rounding: Resize['rounding']): number {
  switch (rounding) {
    case 'floor':
      return Math.floor(place);
    case 'ceil':
      return Math.ceil(place);
    case 'halfDown':
      return Math.ceil(place - 0.5);
    case 'halfUp':
      return Math.floor(place + 0.5);
    default:
      return rounding satisfies never;
  }
}

function clamp(place: number, last: number): number {
  return Math.max(0, Math.min(last, place));
}
