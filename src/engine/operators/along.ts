import * as tf from '@tensorflow/tfjs-core';

/**
 * tfjs's own gather takes four to nine times as long on WebAssembly as a 1×1 convolution of the same images. Elements
 * of one axis are picked by slices where few runs of neighbours are wanted, else by a product with a matrix of zeros
 * and ones.
 */
const maxRuns = 8;

/** Elements of one axis (the batch is axis 0) by their indices. */
export function pickAlong(x: tf.Tensor, axis: number, indices: readonly number[]): tf.Tensor {
  const runs = runsOf(indices);
  const extent = x.shape[axis] ?? 1;
  if (runs.length > maxRuns) return mixAlong(x, axis, oneHot(indices, extent));
  const parts = runs.map(([start, length]) => {
    const begin = x.shape.map((_, at) => (at === axis ? start : 0));
    return tf.slice(
      x,
      begin,
      x.shape.map((own, at) => (at === axis ? length : own)),
    );
  });
  return tf.concat(parts, axis);
}

/** Start and length of each run of indices that follow one another. */
function runsOf(indices: readonly number[]): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const index of indices) {
    const last = runs.at(-1);
    if (last && last[0] + last[1] === index) last[1]++;
    else runs.push([index, 1]);
  }
  return runs;
}

function oneHot(indices: readonly number[], extent: number): tf.Tensor2D {
  const values = new Float32Array(indices.length * extent);
  indices.forEach((index, at) => (values[index * indices.length + at] = 1));
  return tf.tensor2d(values, [extent, indices.length]);
}

/**
 * Every output along an axis (the batch is axis 0) as a weighted sum of its inputs. The axis is moved to the end,
 * because only products of two matrices as they lie are fast on WebAssembly.
 *
 * @param matrix [inputs, outputs]
 */
export function mixAlong(x: tf.Tensor, axis: number, matrix: tf.Tensor2D): tf.Tensor {
  const [inputs, outputs] = matrix.shape;
  const last = x.rank - 1;
  const moved = axis === last ? x : tf.transpose(x, swapped(x.rank, axis));
  const rows = tf.reshape<tf.Rank.R2>(moved, [-1, inputs]);
  const mixed = tf.reshape(tf.fused.matMul({ a: rows, b: matrix }), [...moved.shape.slice(0, -1), outputs]);
  return axis === last ? mixed : tf.transpose(mixed, swapped(x.rank, axis));
}

/** The order of axes in which one changes places with the last. */
function swapped(rank: number, axis: number): number[] {
  const place = (at: number) => (at === axis ? rank - 1 : at === rank - 1 ? axis : at);
  return Array.from({ length: rank }, (_, at) => place(at));
}
