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
export function countAgreeing(a: Int32Array, b: Int32Array): number {
  requireLength('predictions', b.length, a.length);
  return a.reduce((sum, answer, image) => sum + (isSameClass(answer, b[image]) ? 1 : 0), 0);
}
