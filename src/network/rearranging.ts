import type { Extent } from './tensor';

/**
 * Operators over single axes, which networks take to pieces and put together with. Axes are counted from 0
 * without the batch, in the order in which the value lies: of an image 0 is the height, 1 the width, 2 the channels.
 */

/** Reorders axes: axis k of the output is axis `permutation[k]` of the input. */
export interface Transpose {
  readonly kind: 'transpose';
  readonly permutation: readonly number[];
}

/** Elements start, start + step, … before end of one axis. */
export interface Slice {
  readonly kind: 'slice';
  readonly axis: number;
  readonly start: number;
  /** Not counted; at most the extent. */
  readonly end: number;
  /** At least 1. */
  readonly step: number;
}

/** Elements of one axis by their indices, which may repeat and stand in any order. */
export interface Gather {
  readonly kind: 'gather';
  readonly axis: number;
  readonly indices: readonly number[];
}

/**
 * Resizes images. A place x of the output reads from the input, along each axis by itself:
 * halfPixel (x + ½) / scale − ½; pytorchHalfPixel the same, and 0 where the output has one pixel;
 * alignCorners x · (input − 1) / (output − 1); asymmetric x / scale. Places are computed in float32, as runtimes
 * compute them: which neighbour is the nearest depends on it. The names are those of ONNX's Resize; TensorFlow's
 * nearest neighbour with half pixels is halfPixel with halfUp.
 */
export interface Resize {
  readonly kind: 'resize';
  readonly method: 'nearest' | 'linear';
  /** Of the output. */
  readonly size: Extent;
  /** Output per input as the file has it, which need not be the ratio of the rounded sizes. */
  readonly scale: Extent;
  readonly coordinates: 'halfPixel' | 'pytorchHalfPixel' | 'alignCorners' | 'asymmetric';
  /** How `nearest` rounds a place; halves go up or down. */
  readonly rounding: 'floor' | 'ceil' | 'halfDown' | 'halfUp';
}

/** Reduces some axes to one value each, or away where `keepDimensions` is false. */
export interface Reduce {
  readonly kind: 'reduce';
  readonly function: 'mean' | 'sum' | 'max' | 'min';
  readonly axes: readonly number[];
  readonly keepDimensions: boolean;
}

/** Product of the matrices that the last two axes of two computed values hold; axes before them broadcast. */
export interface MatrixProduct {
  readonly kind: 'matrixProduct';
}
