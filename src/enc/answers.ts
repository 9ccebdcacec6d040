/** Class scores of a network on some images: images × classes, as the network gives them. */
export interface Scores {
  readonly classes: number;
  readonly scores: Float32Array;
}

/**
 * Index of the greatest score of every image; the first of equals. NaN never wins, so an image whose scores are
 * all NaN gets −1.
 */
export function topClass({ classes, scores }: Scores): Int32Array {
  const answers = new Int32Array(scores.length / classes);
  for (let image = 0; image < answers.length; image++) {
    let best = -1;
    let bestScore = -Infinity;
    for (let index = 0; index < classes; index++) {
      const score = scores[image * classes + index];
      if (score > bestScore) {
        best = index;
        bestScore = score;
      }
    }
    answers[image] = best;
  }
  return answers;
}

/** Marks the images whose label is among the `top` greatest scores; ties count in the label's favour. */
export function correctWithinTop(answers: Scores, labels: ArrayLike<number>, top: number): Uint8Array {
  const { classes, scores } = answers;
  return Uint8Array.from({ length: scores.length / classes }, (_, image) => {
    const own = scores[image * classes + labels[image]];
    let better = 0;
    for (let index = 0; index < classes; index++) if (scores[image * classes + index] > own) better++;
    return own > -Infinity && better < top ? 1 : 0;
  });
}

/** Number of marked images. */
export function countCorrectImages(correctByImage: Uint8Array): number {
  return correctByImage.reduce((sum, mark) => sum + mark, 0);
}

/** Number of images that both networks give the same class. */
export function countAgreeing(a: Scores, b: Scores): number {
  const classesOfB = topClass(b);
  return topClass(a).reduce((sum, answer, image) => sum + (answer === classesOfB[image] ? 1 : 0), 0);
}

/**
 * Class probabilities in float64: the scores themselves where they already are probabilities, else their softmax.
 */
export function probabilities({ classes, scores }: Scores): Float64Array {
  const result = Float64Array.from(scores);
  for (let from = 0; from < scores.length; from += classes) {
    const row = result.subarray(from, from + classes);
    if (!isDistribution(row)) softmaxInPlace(row);
  }
  return result;
}

function isDistribution(row: Float64Array): boolean {
  const sum = row.reduce((total, value) => total + value, 0);
  return Math.abs(sum - 1) < 1e-3 && row.every((value) => value >= 0);
}

function softmaxInPlace(row: Float64Array): void {
  const greatest = row.reduce((max, value) => Math.max(max, value), -Infinity);
  let sum = 0;
  for (let index = 0; index < row.length; index++) sum += row[index] = Math.exp(row[index] - greatest);
  for (let index = 0; index < row.length; index++) row[index] /= sum;
}

/** Least probability that a divergence reckons with: float32 softmax rounds smaller ones to zero. */
const minProbability = 1e-12;

/**
 * Kullback–Leibler divergence of each image's class probabilities from the original network's, in nats:
 * Σ p log(p / q), p being the original's.
 *
 * @param original probabilities, images × classes
 * @param changed probabilities of the same images
 */
export function divergences(original: Float64Array, changed: Float64Array, classes: number): Float64Array {
  const result = new Float64Array(original.length / classes);
  for (let index = 0; index < original.length; index++) {
    const p = original[index];
    if (p <= 0) continue;
    const q = Math.max(changed[index], minProbability);
    result[Math.floor(index / classes)] += p * Math.log(Math.max(p, minProbability) / q);
  }
  return result;
}
