import { createRandom } from '../linalg/random';

/** Disjoint sets of image indices, each sorted. */
export interface ImageSplit {
  /** For repair. */
  readonly calibration: Uint32Array;
  /** For curves and for racing candidates: numbers chosen on these images are never shown as the result. */
  readonly selection: Uint32Array;
  /** For what is called accuracy. */
  readonly report: Uint32Array;
}

/**
 * Splits images once, by seed.
 *
 * @param count number of images
 * @param sizes images wanted for calibration and selection; what is left is for the report
 * @throws RangeError where the sizes leave no image for the report
 */
export function splitImages(
  count: number,
  seed: number,
  sizes: { readonly calibration: number; readonly selection: number },
): ImageSplit {
  const taken = sizes.calibration + sizes.selection;
  if (taken >= count) {
    throw new RangeError(
      `splitImages: expected fewer than ${count} images for calibration and selection, got ${taken}`,
    );
  }
  const order = shuffledImages(count, seed);
  const part = (from: number, to: number) => order.slice(from, to).sort();
  return {
    calibration: part(0, sizes.calibration),
    selection: part(sizes.calibration, taken),
    report: part(taken, count),
  };
}

/** The indices of all images in an order that the seed alone decides. */
export function shuffledImages(count: number, seed: number): Uint32Array {
  return createRandom(seed).shuffle(Uint32Array.from({ length: count }, (_, index) => index));
}
