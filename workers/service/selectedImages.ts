import type { ImageSet, Preprocessing } from '../../src/network/images';

/** Images of a set, as a run of the engine takes them. */
export interface SelectedImages {
  readonly images: ImageSet;
  readonly indices: Uint32Array;
  readonly preprocessing: Preprocessing;
}
