import { fail } from '../network/failure';
import type { ImageSet } from '../network/images';
import type { Predictions } from './predictions';

/** Probabilities below this are taken as this, so that a zero from rounding has a logarithm. */
const leastProbability = 1e-12;

/** How many of some images were answered correctly. */
export interface Correct {
  readonly images: number;
  readonly top1: number;
  readonly top5: number;
}

/**
 * Counts images whose label has the greatest score, or one of the five greatest; of equal scores the lower
 * class comes first. A NaN score is never right.
 *
 * @param labels one per prediction, in the same order
 */
export function countCorrect(predictions: Predictions, labels: Int32Array): Correct {
  requireLength('labels', labels.length, predictions.count);
  let top1 = 0;
  let top5 = 0;
  labels.forEach((label, image) => {
    const rank = rankOf(predictions, image, label);
    if (rank < 1) top1++;
    if (rank < 5) top5++;
  });
  return { images: predictions.count, top1, top5 };
}

/** How many classes come before `label` for one image; Infinity where its score is missing or NaN. */
function rankOf({ scores, classes }: Predictions, image: number, label: number): number {
  const start = image * classes;
  const own = label >= 0 && label < classes ? scores[start + label]! : NaN;
  if (Number.isNaN(own)) return Infinity;
  let before = 0;
  for (let c = 0; c < classes; c++) {
    const score = scores[start + c]!;
    if (score > own || (score === own && c < label)) before++;
  }
  return before;
}

/** Number of images for which both networks give the same class. */
export function countAgreement(a: Predictions, b: Predictions): number {
  requireLength('predictions', b.count, a.count);
  return a.top1.reduce((sum, label, image) => sum + (label >= 0 && label === b.top1[image] ? 1 : 0), 0);
}

/**
 * Mean Kullback–Leibler divergence Σ p (log p − log q) of a network's class probabilities q from the
 * original's p, in nats, accumulated in double precision. 0 for equal scores, exactly.
 */
export function meanDivergence(original: Predictions, other: Predictions): number {
  if (original.count === 0) return 0;
  return divergences(original, other).reduce((sum, value) => sum + value, 0) / original.count;
}

/** The divergence of each image, in nats. */
export function divergences(original: Predictions, other: Predictions): Float64Array {
  requireLength('predictions', other.count, original.count);
  requireLength('classes', other.classes, original.classes);
  const { classes, count } = original;
  const p = new Float64Array(classes);
  const q = new Float64Array(classes);
  return Float64Array.from({ length: count }, (_, image) => {
    logProbabilities(original, image, p);
    logProbabilities(other, image, q);
    return p.reduce((sum, logP, c) => sum + Math.exp(logP) * (logP - q[c]!), 0);
  });
}

/** Writes one image's log probabilities: log softmax of logits, or the clamped logarithm of probabilities. */
function logProbabilities(predictions: Predictions, image: number, target: Float64Array): void {
  const { scores, classes, kind } = predictions;
  const row = scores.subarray(image * classes, (image + 1) * classes);
  if (kind === 'probabilities') {
    row.forEach((value, c) => (target[c] = Math.log(Math.max(value, leastProbability))));
    return;
  }
  const greatest = row.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = row.reduce((total, value) => total + Math.exp(value - greatest), 0);
  row.forEach((value, c) => (target[c] = value - greatest - Math.log(sum)));
}

/** What a network answered for one image. */
export interface ImagePrediction {
  readonly label: number;
  readonly probability: number;
}

/** The `most` likeliest classes of one image with their probabilities, likeliest first. */
export function likeliestClasses(
  predictions: Predictions,
  image: number,
  most = 5,
): readonly ImagePrediction[] {
  const logs = new Float64Array(predictions.classes);
  logProbabilities(predictions, image, logs);
  const ranked = Array.from(logs, (log, label) => ({ label, probability: Math.exp(log) }));
  return ranked.sort((a, b) => b.probability - a.probability || a.label - b.label).slice(0, most);
}

/** Class probabilities [count · classes]; the scores themselves where the network ends in a softmax. */
export function probabilitiesOf(predictions: Predictions): Float32Array {
  const { kind, scores, classes, count } = predictions;
  if (kind === 'probabilities') return scores;
  const row = new Float64Array(classes);
  const probabilities = new Float32Array(scores.length);
  for (let image = 0; image < count; image++) {
    logProbabilities(predictions, image, row);
    row.forEach((log, c) => (probabilities[image * classes + c] = Math.exp(log)));
  }
  return probabilities;
}

/**
 * Labels of some images, in their order; null where the set has none.
 *
 * @throws FailureError 'invalid-request' where an index is outside of the set
 */
export function labelsOf(images: ImageSet, indices: Uint32Array): Int32Array | null {
  const { labels } = images;
  if (!labels) return null;
  return Int32Array.from(indices, (index) => {
    return (
      labels[index] ??
      fail('invalid-request', `Image ${index} was asked for, "${images.name}" has ${images.count}.`)
    );
  });
}

function requireLength(what: string, found: number, expected: number): void {
  if (found !== expected) throw new Error(`metrics: expected ${expected} ${what}, got ${found}`);
}
