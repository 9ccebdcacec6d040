import { fail } from '../network/failure';
import type { ImageSet } from '../network/images';
import type { Predictions } from './predictions';

/** Probabilities below this are taken as this, so that a zero from rounding has a logarithm. */
const minProbability = 1e-12;

/** The same where they are softened, which makes use of all that a float32 softmax tells apart. */
const minSoftened = 1e-30;

/** Temperature of {@link softenedDivergences}. From 2 to 8 it chooses nearly the same ranks. */
const softTemperature = 4;

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
  return divergencesAt(1, original, other);
}

/**
 * The divergence of each image between probabilities softened to a temperature of 4, in nats: softmax of the
 * logits divided by 4, as in distillation (Hinton, Vinyals, Dean, "Distilling the knowledge in a neural
 * network", 2015, section 2). 0 for equal scores, exactly.
 *
 * A network that is sure of its answer hides what cutting one layer does to its logits: the probabilities hardly
 * move until the cuts of many layers together have used the margin up, and the mean over images is what the few
 * unsure ones make it. Softened, the divergence sees the shift of the logits on every image, so that those of
 * single layers say more about what all of them will do together (README, "Numbers").
 */
export function softenedDivergences(original: Predictions, other: Predictions): Float64Array {
  return divergencesAt(softTemperature, original, other);
}

function divergencesAt(temperature: number, original: Predictions, other: Predictions): Float64Array {
  requireLength('predictions', other.count, original.count);
  requireLength('classes', other.classes, original.classes);
  const { classes, count } = original;
  const p = new Float64Array(classes);
  const q = new Float64Array(classes);
  return Float64Array.from({ length: count }, (_, image) => {
    logProbabilities(original, image, p, temperature);
    logProbabilities(other, image, q, temperature);
    return p.reduce((sum, logP, c) => sum + Math.exp(logP) * (logP - q[c]!), 0);
  });
}

/**
 * Writes one image's log probabilities: log softmax of logits, or the clamped logarithm of probabilities; both
 * divided by the temperature and normalised again where it is not 1.
 */
function logProbabilities(
  predictions: Predictions,
  image: number,
  target: Float64Array,
  temperature = 1,
): void {
  const { scores, classes, kind } = predictions;
  const row = scores.subarray(image * classes, (image + 1) * classes);
  if (kind === 'probabilities') {
    const min = temperature === 1 ? minProbability : minSoftened;
    row.forEach((value, c) => (target[c] = Math.log(Math.max(value, min)) / temperature));
    if (temperature === 1) return;
  } else {
    row.forEach((value, c) => (target[c] = value / temperature));
  }
  const greatest = target.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = target.reduce((total, value) => total + Math.exp(value - greatest), 0);
  const logSum = greatest + Math.log(sum);
  target.forEach((value, c) => (target[c] = value - logSum));
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
  max = 5,
): readonly ImagePrediction[] {
  const logs = new Float64Array(predictions.classes);
  logProbabilities(predictions, image, logs);
  const ranked = Array.from(logs, (log, label) => ({ label, probability: Math.exp(log) }));
  return ranked.sort((a, b) => b.probability - a.probability || a.label - b.label).slice(0, max);
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
