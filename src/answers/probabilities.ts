import { requireLength } from './lengths';
import { imageCount, type Scores } from './scores';

/**
 * Class probabilities in float64, images × classes: the scores themselves where the network ends in a softmax, else
 * their softmax. All NaN for an image of whose logits one is NaN.
 */
export function probabilities({ classes, scores, kind }: Scores): Float64Array {
  const result = Float64Array.from(scores);
  if (kind === 'probabilities') return result;
  for (let from = 0; from < scores.length; from += classes)
    softmaxInPlace(result.subarray(from, from + classes));
  return result;
}

function softmaxInPlace(row: Float64Array): void {
  const max = row.reduce((greatest, value) => Math.max(greatest, value), -Infinity);
  let sum = 0;
  for (let index = 0; index < row.length; index++) sum += row[index] = Math.exp(row[index] - max);
  for (let index = 0; index < row.length; index++) row[index] /= sum;
}

/**
 * Mean probability of one class per image. A class that the network does not have (−1: none) and a probability that
 * is no number count as 0.
 *
 * @param expected a class per image, in the same order
 * @returns 0 without images
 * @throws Error where classes and images differ in number
 */
export function meanProbability(answers: Scores, expected: ArrayLike<number>): number {
  const images = imageCount(answers);
  requireLength('classes', expected.length, images);
  const shares = probabilities(answers);
  let sum = 0;
  for (let image = 0; image < images; image++) {
    const isClass = expected[image] >= 0 && expected[image] < answers.classes;
    const share = isClass ? shares[image * answers.classes + expected[image]] : 0;
    sum += Number.isFinite(share) ? share : 0;
  }
  return images > 0 ? sum / images : 0;
}
