/** Shape of one value for one image, batch left out. */
export type Shape = readonly number[];

/** Dense float32 tensor, row-major. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
  /** How a file may hold it in fewer bits; `data` are to the bit what is read from there. */
  readonly stored?: Stored;
}

/** Half precision numbers, by their bits. */
export interface StoredHalves {
  readonly type: 'float16';
  readonly values: Uint16Array;
}

/** Whole numbers of which each stands for (value − zeroPoint) · scale. */
export interface StoredIntegers {
  readonly type: 'int8' | 'uint8' | 'uint16';
  readonly values: Int8Array | Uint8Array | Uint16Array;
  /** One for all values, or one for each position of the last axis (a kernel's output channels). */
  readonly scales: Float32Array;
  readonly zeroPoint: number;
}

/** The numbers of a tensor in fewer bits, in the tensor's own order. Writers that know no such form write float32. */
export type Stored = StoredHalves | StoredIntegers;

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
