import type { Preprocessing } from '../../src/network/images';

/** Which images of a set to use, in which form. */
export interface ImageSelection {
  /** Fingerprint of an image set that was opened. */
  readonly images: string;
  /** Indices into the set. */
  readonly indices: Uint32Array;
  readonly preprocessing: Preprocessing;
}
