import { requireLength } from './lengths';
import { imageCount, type Scores } from './scores';
import { topClass } from './topClasses';

/**
 * Difference of a score that two faithful runs may show, as a share of the scores' size. float32 rounding in deep
 * networks stays near 2e-6 of it; a wrong constant shows as 1e-3 and more.
 */
const allowedShare = 1e-4;

/** Classes whose scores lie no further apart than this share of the scores' size may change places. */
const tieShare = 2e-5;

/** Probabilities below this are taken as this: float32 tells those of a softmax apart until here. */
const minProbability = 1e-30;

/** How far two runs of what should be the same network are apart. */
export interface Closeness {
  /** Greatest difference of a score; Infinity where one is no number. */
  readonly largestDifference: number;
  /** Greatest score of the first run, without its sign: what the difference is to be seen against. */
  readonly largestScore: number;
  /** Images of which a score differs by more than rounding explains. */
  readonly different: number;
  /** Images that are given another class although the scores of the two classes are no tie. */
  readonly reordered: number;
}

/**
 * Compares the answers of two runs on the same images, relative to the size of an image's scores, or to the mean
 * size of all images' scores where that is greater. Probabilities may be as close as either they or their
 * logarithms allow, because a softmax makes what rounding does to great logits greater.
 *
 * @param levelStep what a score may differ by beside that, where values are rounded to levels on the way: what a level
 *   more or less makes of it
 * @throws Error where the two differ in images or classes
 */
export function closenessOf(first: Scores, second: Scores, levelStep = 0): Closeness {
  requireLength('scores', second.scores.length, first.scores.length);
  requireLength('classes', second.classes, first.classes);
  const scales = scalesOf(first, second);
  const [before, after] = [topClass(first), topClass(second)];
  let different = 0;
  let reordered = 0;
  for (let image = 0; image < imageCount(first); image++) {
    if (!isClose(scales, image, first.classes, levelStep)) different++;
    const at = (top: Int32Array) => image * first.classes + Math.max(0, top[image]!);
    // Both classes' scores may be a step off, in opposite directions.
    if (before[image] !== after[image] && !isTie(scales, image, at(before), at(after), 2 * levelStep))
      reordered++;
  }
  return {
    largestDifference: greatest(first.scores, (score, index) => Math.abs(score - second.scores[index]!)),
    largestScore: greatest(first.scores, Math.abs),
    different,
    reordered,
  };
}

/** Both runs' scores on a scale on which they may be compared. */
interface Scale {
  readonly first: ArrayLike<number>;
  readonly second: ArrayLike<number>;
  /** What an image's differences are relative to. */
  readonly sizes: Float64Array;
}

function scalesOf(first: Scores, second: Scores): readonly Scale[] {
  const scale = (a: ArrayLike<number>, b: ArrayLike<number>) => ({
    first: a,
    second: b,
    sizes: sizesOf(a, first.classes),
  });
  const own = scale(first.scores, second.scores);
  return first.kind === 'probabilities' ? [own, scale(logs(first.scores), logs(second.scores))] : [own];
}

function logs(probabilities: Float32Array): Float64Array {
  return Float64Array.from(probabilities, (share) =>
    Math.log(Number.isNaN(share) ? NaN : Math.max(share, minProbability)),
  );
}

/** Size of every image's scores: the greatest of its own that is a number, but no less than their mean. */
function sizesOf(scores: ArrayLike<number>, classes: number): Float64Array {
  const images = classes > 0 ? scores.length / classes : 0;
  const sizes = new Float64Array(images);
  for (let index = 0; index < scores.length; index++) {
    const size = Math.abs(scores[index]!);
    const image = Math.floor(index / classes);
    if (Number.isFinite(size)) sizes[image] = Math.max(sizes[image]!, size);
  }
  const mean = sizes.reduce((sum, size) => sum + size, 0) / images;
  return sizes.map((size) => Math.max(size, mean));
}

/** @param step what a score may differ by in any case, on the first scale, which is that of the scores themselves */
function isClose(scales: readonly Scale[], image: number, classes: number, step: number): boolean {
  for (let index = image * classes; index < (image + 1) * classes; index++) {
    // NaN compares false with everything, so it is never close.
    const isNear = ({ first, second, sizes }: Scale, at: number) =>
      Math.abs(first[index]! - second[index]!) <= allowedShare * sizes[image]! + (at === 0 ? step : 0);
    if (!scales.some(isNear)) return false;
  }
  return true;
}

/** Whether two of an image's scores in the first run are as good as equal. */
function isTie(scales: readonly Scale[], image: number, one: number, other: number, step: number): boolean {
  return scales.some(({ first, sizes }, at) => {
    const allowed = tieShare * sizes[image]! + (at === 0 ? step : 0);
    return Math.abs(first[one]! - first[other]!) <= allowed;
  });
}

/** The greatest of a measure of every score; Infinity where it is no number. */
function greatest(scores: Float32Array, measure: (score: number, index: number) => number): number {
  return scores.reduce((most, score, index) => {
    const value = measure(score, index);
    return Number.isNaN(value) ? Infinity : Math.max(most, value);
  }, 0);
}
