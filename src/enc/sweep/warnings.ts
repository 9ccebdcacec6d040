import { wilsonInterval } from '../../linalg/intervals';

/** Accuracies that differ by less than this are alike to most people. */
const matteringDifference = 0.02;
/** Two-sided 95 %. */
const z = 1.96;

/** That the images are too few for the differences that matter. */
export interface IntervalWarning {
  /** Width of the 95 % interval of the accuracy. */
  readonly width: number;
  readonly difference: number;
  /** Images with which the interval would be as narrow as the difference, about. */
  readonly imagesNeeded: number;
  readonly message: string;
}

/**
 * Warns where the interval of an accuracy is wider than the differences that matter; null where it is not.
 *
 * @param correct images answered right
 * @param difference share of images; two points (0.02) unless given
 */
export function intervalWarning(
  correct: number,
  images: number,
  difference = matteringDifference,
): IntervalWarning | null {
  const { low, high } = wilsonInterval(correct, images);
  const width = high - low;
  if (width <= difference) return null;
  const share = images === 0 ? 0.5 : correct / images;
  const spread = Math.max(share * (1 - share), 1 / (4 * Math.max(1, images)));
  const imagesNeeded = Math.max(images + 1, Math.ceil(spread * ((2 * z) / difference) ** 2));
  const points = (value: number) => `${(100 * value).toFixed(1)} points`;
  return {
    width,
    difference,
    imagesNeeded,
    message:
      `With ${images} images the accuracy is known to ${points(width)}, wider than the ${points(difference)} ` +
      `that matter; about ${imagesNeeded} images would do. Divergence needs far fewer.`,
  };
}
