import type { Reduce, Resize, Shape, Slice } from '../graph';
import { indices, stretched, valueOf, type Value } from './referenceLayout';
import { greatest, least } from '../../linalg/extremes';

/** A value of this shape whose elements are picked one by one. */
function pick(shape: Shape, element: (index: readonly number[]) => number): Value {
  return valueOf(shape, Array.from(indices(shape), element));
}

/** Axis k of the output is axis `permutation[k]` of the input. */
export function referenceTranspose(x: Value, permutation: readonly number[]): Value {
  return pick(
    permutation.map((axis) => x.shape[axis]),
    (index) => {
      const own = [...index];
      permutation.forEach((axis, at) => (own[axis] = index[at]));
      return stretched(x, own);
    },
  );
}

/** Elements of one axis by index. */
export function referenceGather(x: Value, axis: number, picked: readonly number[]): Value {
  return pick(
    x.shape.map((extent, at) => (at === axis ? picked.length : extent)),
    (index) =>
      stretched(
        x,
        index.map((position, at) => (at === axis ? picked[position] : position)),
      ),
  );
}

/** Elements start, start + step, … before end. */
export function referenceSlice(x: Value, { axis, start, end, step }: Omit<Slice, 'kind'>): Value {
  const picked: number[] = [];
  for (let at = start; at < end; at += step) picked.push(at);
  return referenceGather(x, axis, picked);
}

/** Folds the values that differ only in the reduced axes, in the order in which they lie. */
export function referenceReduce(x: Value, operator: Omit<Reduce, 'kind'>): Value {
  const { function: name, axes, keepDimensions } = operator;
  const kept = x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  const { data } = pick(kept, (place) => {
    const values = Array.from(indices(x.shape))
      .filter((index) => index.every((at, axis) => axes.includes(axis) || at === place[axis]))
      .map((index) => stretched(x, index));
    const sum = values.reduce((a, b) => a + b, 0);
    if (name === 'sum') return sum;
    if (name === 'mean') return sum / values.length;
    return name === 'max' ? greatest(values) : least(values);
  });
  return { shape: keepDimensions ? kept : x.shape.filter((_, axis) => !axes.includes(axis)), data };
}

/** Rows times columns, for every index of the axes before them. */
export function referenceMatrixProduct(left: Value, right: Value): Value {
  const rank = Math.max(left.shape.length, right.shape.length);
  const extents = ({ shape }: Value) => [...new Array<number>(rank - shape.length).fill(1), ...shape];
  const [a, b] = [extents(left), extents(right)];
  const shape = [
    ...a.slice(0, -2).map((extent, axis) => Math.max(extent, b[axis])),
    a[rank - 2],
    b[rank - 1],
  ];
  return pick(shape, (index) => {
    const lead = index.slice(0, -2);
    let sum = 0;
    for (let k = 0; k < a[rank - 1]; k++) {
      sum += stretched(left, [...lead, index[rank - 2], k]) * stretched(right, [...lead, k, index[rank - 1]]);
    }
    return sum;
  });
}

/** Reads every pixel of the output from the place in the input that the rule names. */
export function referenceResize(x: Value, operator: Omit<Resize, 'kind'>): Value {
  const [height, width, channels] = x.shape;
  const { size, scale, method } = operator;
  const at = (row: number, column: number, c: number) => x.data[(row * width + column) * channels + c];
  return pick([size.height, size.width, channels], ([row, column, c]) => {
    const y = sourcePlace(row, height, size.height, scale.height, operator);
    const z = sourcePlace(column, width, size.width, scale.width, operator);
    if (method === 'nearest') return at(rounded(y, height, operator), rounded(z, width, operator), c);
    const [top, left] = [Math.floor(y), Math.floor(z)];
    const bottom = Math.min(top + 1, height - 1);
    const right = Math.min(left + 1, width - 1);
    const upper = (1 - (z - left)) * at(top, left, c) + (z - left) * at(top, right, c);
    const lower = (1 - (z - left)) * at(bottom, left, c) + (z - left) * at(bottom, right, c);
    return (1 - (y - top)) * upper + (y - top) * lower;
  });
}

/** Where an output's pixel lies in the input, inside of it. */
function sourcePlace(
  x: number,
  input: number,
  output: number,
  scale: number,
  { coordinates, method }: Omit<Resize, 'kind'>,
): number {
  const quotient = (at: number) => Math.fround(at / Math.fround(scale));
  const half = Math.fround(quotient(x + 0.5) - 0.5);
  const places = {
    halfPixel: half,
    pytorchHalfPixel: output > 1 ? half : 0,
    alignCorners: output > 1 ? Math.fround((x * (input - 1)) / (output - 1)) : 0,
    asymmetric: quotient(x),
  };
  const place = places[coordinates];
  return method === 'nearest' ? place : Math.min(input - 1, Math.max(0, place));
}

function rounded(place: number, input: number, { rounding }: Omit<Resize, 'kind'>): number {
  const whole = {
    floor: Math.floor(place),
    ceil: Math.ceil(place),
    halfDown: Math.ceil(place - 0.5),
    halfUp: Math.floor(place + 0.5),
  };
  return Math.min(input - 1, Math.max(0, whole[rounding]));
}
