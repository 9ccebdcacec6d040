import { imageCount, type Scores } from './scores';

/**
 * The classes with the greatest scores of every image, best first. The one order of classes: of equal scores the
 * lowest class wins, and NaN is never among the best.
 *
 * @returns images × top class indices; −1 in the places that an image has no score for which is a number
 */
export function topClasses(answers: Scores, top: number): Int32Array {
  const { classes, scores } = answers;
  const images = imageCount(answers);
  const best = new Int32Array(images * top).fill(-1);
  for (let image = 0; image < images; image++) {
    const row = scores.subarray(image * classes, (image + 1) * classes);
    rank(row, best.subarray(image * top, (image + 1) * top));
  }
  return best;
}

/** The class that every image is given: the first of {@link topClasses}; −1 where no score is a number. */
export function topClass(answers: Scores): Int32Array {
  return topClasses(answers, 1);
}

/** Inserts the classes of one image, lowest first, into the places of its best. */
function rank(row: Float32Array, best: Int32Array): void {
  for (let index = 0; index < row.length; index++) {
    if (Number.isNaN(row[index])) continue;
    let place = best.length;
    while (place > 0 && isBetter(row, index, best[place - 1])) place--;
    if (place === best.length) continue;
    best.copyWithin(place + 1, place);
    best[place] = index;
  }
}

/** Strictly: a class that came before keeps its place among equals. */
function isBetter(row: Float32Array, index: number, other: number): boolean {
  return other < 0 || row[index] > row[other];
}
