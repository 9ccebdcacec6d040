import { shuffledImages } from '../enc/split';
import type { Preprocessing } from '../network/images';

/**
 * Which images of a set: all of them, a run of them in the order of the files, or a run of them in the order that
 * a seed shuffles them into. The indices follow from it and from the number of images, so it can be written down.
 */
export type Draw =
  | { readonly kind: 'all' }
  | { readonly kind: 'run'; readonly from: number; readonly count: number }
  | {
      readonly kind: 'shuffled';
      readonly seed: number;
      readonly from: number;
      readonly count: number;
      /** Only the first so many images of the set take part; all of them unless given. */
      readonly among?: number;
    };

/** Some images of a set, and how their pixels become the network's input. */
export interface DrawnImages {
  /** Fingerprint of the set. */
  readonly images: string;
  readonly draw: Draw;
  readonly preprocessing: Preprocessing;
}

/**
 * The indices that a draw stands for, rising.
 *
 * @param count images in the set; a draw that reaches beyond it is cut off there
 */
export function drawnIndices(draw: Draw, count: number): Uint32Array {
  switch (draw.kind) {
    case 'all':
      return Uint32Array.from({ length: count }, (_, index) => index);
    case 'run':
      return drawnIndices({ kind: 'all' }, count).slice(draw.from, draw.from + draw.count);
    case 'shuffled':
      return shuffledImages(Math.min(draw.among ?? count, count), draw.seed)
        .slice(draw.from, draw.from + draw.count)
        .sort();
  }
}
