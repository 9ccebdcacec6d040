import type { ElementOrder, Pad, Shape } from '../graph';

/** A value of one image in double precision, row-major, NHWC without batch. */
export interface Value {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** A value from any numbers; throws where their count is not that of the shape. */
export function valueOf(shape: Shape, data: ArrayLike<number>): Value {
  const expected = shape.reduce((a, b) => a * b, 1);
  if (data.length !== expected) throw new Error(`expected ${expected} values, found ${data.length}`);
  return { shape, data: Float64Array.from(data) };
}

/** Every index tuple of a shape, in row-major order. */
export function* indices(shape: Shape): Generator<number[]> {
  const size = shape.reduce((a, b) => a * b, 1);
  for (let flat = 0; flat < size; flat++) {
    let rest = flat;
    yield shape.map((_, axis) => {
      const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
      const index = Math.floor(rest / inner);
      rest %= inner;
      return index;
    });
  }
}

/** The value at an index tuple; missing leading axes are left out, extents of 1 stretch. */
export function stretched(x: Value, index: readonly number[]): number {
  const own = index.slice(index.length - x.shape.length);
  return x.data[own.reduce((flat, at, axis) => flat * x.shape[axis] + (x.shape[axis] === 1 ? 0 : at), 0)];
}

/** Combines two values element by element, axes aligned at the last one. */
export function referenceElementwise(
  left: Value,
  right: Value,
  combine: (a: number, b: number) => number,
): Value {
  const axes = Math.max(left.shape.length, right.shape.length);
  const extent = (shape: Shape, axis: number) => shape[axis - axes + shape.length] ?? 1;
  const shape = Array.from({ length: axes }, (_, axis) =>
    Math.max(extent(left.shape, axis), extent(right.shape, axis)),
  );
  return valueOf(
    shape,
    Array.from(indices(shape), (index) => combine(stretched(left, index), stretched(right, index))),
  );
}

/** Joins values along one axis. */
export function referenceConcat(inputs: readonly Value[], axis: number): Value {
  const joined = inputs.reduce((sum, { shape }) => sum + shape[axis], 0);
  const shape = inputs[0].shape.map((extent, at) => (at === axis ? joined : extent));
  const data = Array.from(indices(shape), (index) => {
    const own = [...index];
    const owner = inputs.find((input) => {
      if (own[axis] < input.shape[axis]) return true;
      own[axis] -= input.shape[axis];
      return false;
    });
    return stretched(owner ?? inputs[0], own);
  });
  return valueOf(shape, data);
}

/** Surrounds an image with a constant, channels too. */
export function referencePad(x: Value, { padding, channels: added, value }: Omit<Pad, 'kind'>): Value {
  const [height, width, channels] = x.shape;
  const { before, after } = added ?? { before: 0, after: 0 };
  const shape = [
    height + padding.top + padding.bottom,
    width + padding.left + padding.right,
    channels + before + after,
  ];
  const data = Array.from(indices(shape), ([row, column, channel]) => {
    const [r, q, c] = [row - padding.top, column - padding.left, channel - before];
    const inside = r >= 0 && r < height && q >= 0 && q < width && c >= 0 && c < channels;
    return inside ? x.data[(r * width + q) * channels + c] : value;
  });
  return valueOf(shape, data);
}

/**
 * Reads the elements in the given order and lays them out, in the same order, as another shape. The order
 * matters only to shapes of three axes (images); others are counted as they lie.
 */
export function referenceReorder(x: Value, shape: Shape, order: ElementOrder): Value {
  const counted = order === 'chw' && x.shape.length === 3 ? channelsFirst(x) : [...x.data];
  if (order === 'hwc' || shape.length !== 3) return valueOf(shape, counted);
  const [height, width, channels] = shape;
  const data = Array.from(indices(shape), ([h, w, c]) => counted[(c * height + h) * width + w]);
  return valueOf([height, width, channels], data);
}

function channelsFirst(x: Value): number[] {
  const [height, width, channels] = x.shape;
  return Array.from(
    indices([channels, height, width]),
    ([c, h, w]) => x.data[(h * width + w) * channels + c],
  );
}
