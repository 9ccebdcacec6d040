import type { Stored } from './stored';

/** Shape of one value for one image, batch left out. */
export type Shape = readonly number[];

/** Dense float32 tensor, row-major. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
  /** How a file may hold it in fewer bits; `data` are to the bit what is read from there. */
  readonly stored?: Stored;
}

/** A pair of vertical and horizontal numbers: stride, dilation, window. */
export interface Extent {
  readonly height: number;
  readonly width: number;
}

/** Zeros added on each side before a window slides; may be asymmetric. */
export interface Padding {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}
