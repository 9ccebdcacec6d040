import type { Network } from '../network/graph';
import { classesOfScores, isSigmoid, scoringOperator } from '../network/outputs';

/** What a network's scores mean. */
export type ScoreKind = 'probabilities' | 'logits';

/** Class scores of a network on some images, in the order in which the images were asked for. */
export interface Scores {
  /** Scores per image; 0 where nothing was run. */
  readonly classes: number;
  /** images × classes raw outputs */
  readonly scores: Float32Array;
  /** As the graph says ({@link scoreKind}): the numbers alone do not tell. */
  readonly kind: ScoreKind;
}

/** Number of images that were scored. */
export function imageCount({ classes, scores }: Scores): number {
  return classes > 0 ? scores.length / classes : 0;
}

/** The scores of some images and then of others, by one network; no scores of none. */
export function joinedScores(parts: readonly Scores[]): Scores {
  const scores = new Float32Array(parts.reduce((sum, part) => sum + part.scores.length, 0));
  let offset = 0;
  for (const part of parts) {
    scores.set(part.scores, offset);
    offset += part.scores.length;
  }
  const { classes = 0, kind = 'logits' } = parts[0] ?? {};
  return { classes, kind, scores };
}

/** The first image with a score that is no number, by its position; −1 where there is none. */
export function firstNotFinite({ classes, scores }: Scores): number {
  const at = scores.findIndex((score) => !Number.isFinite(score));
  return at < 0 ? -1 : Math.floor(at / classes);
}

/**
 * Whether scores come out of a softmax, perhaps reshaped. Everything else counts as logits, sigmoids of several
 * classes too, whose probabilities of each class by itself do not add up to 1, and the logarithm of a softmax, whose
 * softmax are the probabilities again. One sigmoid alone is the probability of the second of two classes.
 *
 * @param perImage how many scores the network gives an image
 */
export function scoreKind(network: Network, perImage: number): ScoreKind {
  const operator = scoringOperator(network);
  const areProbabilities = operator?.kind === 'softmax' || (perImage === 1 && isSigmoid(operator));
  return areProbabilities ? 'probabilities' : 'logits';
}

/**
 * The class scores in what a network answers. One number for an image scores two classes: a probability p becomes
 * (1 − p, p), a logit z becomes (0, z), whose softmax is (1 − σ(z), σ(z)); so the second class is given where p
 * exceeds 0.5, or z exceeds 0.
 *
 * @param values images × scores, as the output that holds the scores gives them
 * @param images how many images there are
 */
export function classScores(network: Network, values: Float32Array, images: number): Scores {
  const perImage = images > 0 ? values.length / images : 0;
  const kind = scoreKind(network, perImage);
  const scores = perImage === 1 ? twoClasses(values, kind) : values;
  return { classes: classesOfScores(perImage), scores, kind };
}

function twoClasses(values: Float32Array, kind: ScoreKind): Float32Array {
  const scores = new Float32Array(2 * values.length);
  values.forEach((value, image) => {
    // Of a logit that is no number, the first class's 0 would pass for an answer.
    const none = Number.isNaN(value) ? NaN : 0;
    scores.set([kind === 'probabilities' ? 1 - value : none, value], 2 * image);
  });
  return scores;
}
