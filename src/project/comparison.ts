import { isSameClass } from '../answers/agreement';
import { mcnemarTest } from '../linalg/intervals';
import type { Measurement } from './measurement';
import type { Accuracy } from './measurements';

/** Two measured plans on the same images. */
export interface Comparison {
  /** Images that only the first, or only the second, answered right (or as the original does). */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** Two-sided probability of such a difference by chance: exact McNemar test. */
  readonly chance: number;
  readonly isSignificant: boolean;
  /** Images that the two did not answer alike. */
  readonly changed: number;
  readonly images: number;
}

/** Below this probability a difference is called significant. */
const significance = 0.05;

/**
 * Compares two runs image by image.
 *
 * @param right the right class per image: its label, or the original's answer
 */
export function compareMeasurements(
  first: Measurement,
  second: Measurement,
  right: ArrayLike<number>,
): Comparison {
  let onlyFirst = 0;
  let onlySecond = 0;
  let changed = 0;
  first.answers.forEach((answer, image) => {
    const other = second.answers[image]!;
    const isRight = isSameClass(answer, right[image]!);
    const isOtherRight = isSameClass(other, right[image]!);
    if (!isSameClass(answer, other)) changed++;
    if (isRight && !isOtherRight) onlyFirst++;
    if (!isRight && isOtherRight) onlySecond++;
  });
  const chance = mcnemarTest(onlyFirst, onlySecond).exact;
  const isSignificant = chance < significance;
  return { onlyFirst, onlySecond, chance, isSignificant, changed, images: first.count };
}

/**
 * The difference in a sentence.
 *
 * @param kind what counts: right answers, or the original's where the images carry no labels
 */
export function comparisonText(
  first: string,
  second: string,
  comparison: Comparison,
  kind: Accuracy['kind'],
): string {
  const { onlyFirst, onlySecond, chance, isSignificant } = comparison;
  const [are, is] =
    kind === 'top-1'
      ? ['are right', 'is right']
      : ['answer as the original does', 'answers as the original does'];
  if (onlyFirst === onlySecond) {
    return `${first} and ${second} ${are} equally often${onlyFirst > 0 ? `, each alone on ${onlyFirst} images` : ''}.`;
  }
  const [better, worse, more, fewer] =
    onlyFirst > onlySecond ? [first, second, onlyFirst, onlySecond] : [second, first, onlySecond, onlyFirst];
  const verdict = isSignificant ? 'a significant difference' : 'not significant: it may be chance';
  return `${better} alone ${is} on ${more} images, ${worse} alone on ${fewer}; ${verdict} (p = ${chanceText(chance)}, McNemar).`;
}

function chanceText(chance: number): string {
  return chance < 0.001 ? 'below 0.001' : chance.toFixed(3);
}
