import { requireLength } from './lengths';
import { imageCount, type Scores } from './scores';
import { topClasses } from './topClasses';

/** How many of some images were answered correctly. */
export interface Correct {
  readonly images: number;
  /** Images whose label has the greatest score. */
  readonly top1: number;
  /** Images whose label has one of the five greatest scores. */
  readonly top5: number;
}

/**
 * Which images are answered correctly: those whose label is among the `top` best classes, in the order of
 * {@link topClasses}. A label whose score is NaN, or that no class has, is never right.
 *
 * @param labels one per image, in the same order
 * @returns 1 per correct image, 0 per other
 * @throws Error where labels and images differ in number
 */
export function correctWithin(answers: Scores, labels: ArrayLike<number>, top: number): Uint8Array {
  const images = imageCount(answers);
  requireLength('labels', labels.length, images);
  const best = topClasses(answers, top);
  return Uint8Array.from({ length: images }, (_, image) => {
    const isRight =
      labels[image] >= 0 && best.subarray(image * top, (image + 1) * top).includes(labels[image]);
    return isRight ? 1 : 0;
  });
}

/** Number of images that {@link correctWithin} found correct. */
export function countCorrectImages(correctByImage: Uint8Array): number {
  return correctByImage.reduce((sum, one) => sum + one, 0);
}

/**
 * Counts right answers by {@link correctWithin}.
 *
 * @param labels one per image, in the same order
 * @throws Error where labels and images differ in number
 */
export function countCorrect(answers: Scores, labels: ArrayLike<number>): Correct {
  const within = (top: number) => countCorrectImages(correctWithin(answers, labels, top));
  return { images: imageCount(answers), top1: within(1), top5: within(5) };
}
