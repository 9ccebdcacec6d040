import { requireLength } from './lengths';

/** Whether an answer is a certain class. No answer (−1) is none, not even where no answer was expected. */
export function isSameClass(answer: number, expected: number): boolean {
  return answer >= 0 && answer === expected;
}

/**
 * Number of images that two networks give the same class.
 *
 * @param a class per image, −1 for none, as topClass gives them
 * @param b those of the other network on the same images
 * @throws Error where the two differ in length
 */
export function countAgreeing(a: ArrayLike<number>, b: ArrayLike<number>): number {
  requireLength('predictions', b.length, a.length);
  let same = 0;
  for (let image = 0; image < a.length; image++) if (isSameClass(a[image], b[image])) same++;
  return same;
}
