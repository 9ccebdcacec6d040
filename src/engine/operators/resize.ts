import * as tf from '@tensorflow/tfjs-core';
import type { Resize } from '../../network/graph';
import { mixAlong, pickAlong } from './along';
import { unaryKernel, type Kernel } from './kernel';

/** Compiles a resizing of images: by tfjs's own kernels where their rules are the same, else axis by axis. */
export function compileResize(resize: Resize): Kernel {
  return unaryKernel((x) => {
    const own = builtIn(x as tf.Tensor4D, resize);
    return own ?? along(along(x, resize, 'height'), resize, 'width').clone();
  });
}

/** TensorFlow's rules: places by the ratio of the sizes, nearest neighbours from the left or with halves up. */
function builtIn(x: tf.Tensor4D, { method, size, scale, coordinates, rounding }: Resize): tf.Tensor | null {
  const [, height, width] = x.shape;
  const isRatio = size.height === scale.height * height && size.width === scale.width * width;
  const isWhole = isRatio && Number.isInteger(scale.height) && Number.isInteger(scale.width);
  const target: [number, number] = [size.height, size.width];
  const isHalf = coordinates === 'halfPixel';
  if (method === 'linear' && isRatio && (isHalf || coordinates === 'asymmetric'))
    return tf.image.resizeBilinear(x, target, false, isHalf);
  // Between whole pixels rounding errors decide, and runtimes differ: those places are worked out here.
  const isNearest = isWhole && rounding === (isHalf ? 'halfUp' : 'floor');
  if (method === 'nearest' && isNearest && (isHalf || coordinates === 'asymmetric'))
    return tf.image.resizeNearestNeighbor(x, target, false, isHalf);
  return null;
}

function along(x: tf.Tensor, resize: Resize, side: 'height' | 'width'): tf.Tensor {
  const axis = side === 'height' ? 1 : 2;
  const input = x.shape[axis] ?? 1;
  const output = resize.size[side];
  const whole = placesOf(input, resize, side);
  if (output === input && whole.every((place, at) => place === at)) return x;
  if (whole.every(Number.isInteger)) return pickAlong(x, axis, whole);
  return mixAlong(x, axis, weightsOf(whole, input));
}

/** Where each place of the output reads from, within the input; whole numbers for nearest neighbours. */
function placesOf(input: number, resize: Resize, side: 'height' | 'width'): readonly number[] {
  const last = input - 1;
  return Array.from({ length: resize.size[side] }, (_, at) => {
    const place = placeOf(at, input, resize, side);
    return clamp(resize.method === 'nearest' ? round(place, resize.rounding) : place, last);
  });
}

/** Resizing along one axis as a matrix [inputs, outputs]. */
export function axisMatrix(resize: Resize, side: 'height' | 'width', input: number): tf.Tensor2D {
  return weightsOf(placesOf(input, resize, side), input);
}

/** Shares of the two neighbours of each place: [inputs, outputs]. */
function weightsOf(places: readonly number[], input: number): tf.Tensor2D {
  const outputs = places.length;
  const values = new Float32Array(input * outputs);
  places.forEach((place, at) => {
    const low = Math.floor(place);
    values[low * outputs + at]! += 1 - (place - low);
    if (low + 1 < input) values[(low + 1) * outputs + at]! += place - low;
  });
  return tf.tensor2d(values, [input, outputs]);
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
