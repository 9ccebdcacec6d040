import * as tf from '@tensorflow/tfjs-core';
import type { Gather, Reduce, Slice, Transpose } from '../../network/graph';
import { pickAlong } from './along';
import { unaryKernel, type Kernel } from './kernel';

/** Compiles a reordering of axes; the batch stays in front. */
export function compileTranspose({ permutation }: Transpose): Kernel {
  const all = [0, ...permutation.map((axis) => axis + 1)];
  return unaryKernel((x) => tf.transpose(x, all));
}

/** Compiles a slice of one axis. */
export function compileSlice({ axis, start, end, step }: Slice): Kernel {
  const along = <T>(x: tf.Tensor, own: T, other: T) =>
    x.shape.map((_, at) => (at === axis + 1 ? own : other));
  return unaryKernel((x) => {
    if (step === 1) return tf.slice(x, along(x, start, 0), along(x, end - start, -1));
    const ends = x.shape.map((extent, at) => (at === axis + 1 ? end : extent));
    return tf.stridedSlice(x, along(x, start, 0), ends, along(x, step, 1));
  });
}

/** Compiles a choice of elements of one axis. */
export function compileGather({ axis, indices }: Gather): Kernel {
  return unaryKernel((x) => pickAlong(x, axis + 1, indices));
}

/** Compiles a reduction of some axes. */
export function compileReduce({ function: name, axes, keepDimensions }: Reduce): Kernel {
  const along = axes.map((axis) => axis + 1);
  return unaryKernel((x) => {
    // tfjs takes no axes for all of them.
    if (along.length === 0) return x.clone();
    return reductions[name](x, along, keepDimensions);
  });
}

const reductions: Readonly<
  Record<Reduce['function'], (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor>
> = {
  mean: (x, axes, keep) => tf.mean(x, axes, keep),
  sum: (x, axes, keep) => tf.sum(x, axes, keep),
  max: (x, axes, keep) => tf.max(x, axes, keep),
  min: (x, axes, keep) => tf.min(x, axes, keep),
};
