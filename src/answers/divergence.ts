import { requireLength } from './lengths';
import { imageCount, type Scores } from './scores';

/** Probabilities below this are taken as this, so that a zero from rounding has a logarithm. */
const minProbability = 1e-12;

/** The same where they are softened, which makes use of all that a float32 softmax tells apart. */
const minSoftened = 1e-30;

/** Temperature of {@link softenedDivergences}. From 2 to 8 it chooses nearly the same ranks. */
const softTemperature = 4;

/**
 * Mean Kullback–Leibler divergence Σ p (log p − log q) of a network's class probabilities q from the
 * original's p, in nats, accumulated in double precision. 0 for equal scores, exactly, and for no images.
 */
export function meanDivergence(original: Scores, other: Scores): number {
  const images = imageCount(original);
  if (images === 0) return 0;
  return divergences(original, other).reduce((sum, value) => sum + value, 0) / images;
}

/**
 * The divergence of each image, in nats; NaN where either network gives it a NaN.
 *
 * @throws Error where the two differ in images or classes, here and in the other functions of this file
 */
export function divergences(original: Scores, other: Scores): Float64Array {
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
export function softenedDivergences(original: Scores, other: Scores): Float64Array {
  return divergencesAt(softTemperature, original, other);
}

function divergencesAt(temperature: number, original: Scores, other: Scores): Float64Array {
  const images = imageCount(original);
  requireLength('predictions', imageCount(other), images);
  requireLength('classes', other.classes, original.classes);
  const p = new Float64Array(original.classes);
  const q = new Float64Array(original.classes);
  return Float64Array.from({ length: images }, (_, image) => {
    logProbabilities(original, image, p, temperature);
    logProbabilities(other, image, q, temperature);
    return p.reduce((sum, logP, c) => sum + Math.exp(logP) * (logP - q[c]), 0);
  });
}

/**
 * Writes one image's log probabilities: log softmax of logits, or the clamped logarithm of probabilities; both
 * divided by the temperature and normalised again where it is not 1.
 */
function logProbabilities(answers: Scores, image: number, target: Float64Array, temperature: number): void {
  const { scores, classes, kind } = answers;
  const row = scores.subarray(image * classes, (image + 1) * classes);
  if (kind === 'probabilities') {
    const min = temperature === 1 ? minProbability : minSoftened;
    row.forEach((value, c) => (target[c] = Math.log(Math.max(value, min)) / temperature));
    if (temperature === 1) return;
  } else {
    row.forEach((value, c) => (target[c] = value / temperature));
  }
  subtractLogSum(target);
}

/** Normalises log probabilities in place: log softmax. */
function subtractLogSum(logs: Float64Array): void {
  const max = logs.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = logs.reduce((total, value) => total + Math.exp(value - max), 0);
  const logSum = max + Math.log(sum);
  logs.forEach((value, c) => (logs[c] = value - logSum));
}
