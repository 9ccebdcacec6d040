import { wilsonInterval, type Interval } from '../../linalg/intervals';
import type { Factorisation } from '../../network/layers';

/** What an answer is held against: the images' labels, or the original network's answer where there are none. */
export type AnswerBasis = 'labels' | 'agreement';

/** A layer that a sweep measures. */
export interface SweepLayer {
  readonly name: string;
  readonly factorisation: Factorisation;
  readonly rankMax: number;
}

/**
 * What was seen on images with one layer cut to one rank and all others whole. The images are the first
 * `images` of the sweep's list, so that points of the same sweep can be compared image by image.
 */
export interface MeasuredPoint {
  readonly layer: string;
  readonly factorisation: Factorisation;
  readonly rank: number;
  readonly images: number;
  readonly basis: AnswerBasis;
  /** Images answered right (or as the original does). */
  readonly correct: number;
  /** The same of the uncut network on the same images; all of them where the basis is agreement. */
  readonly correctUncut: number;
  /**
   * Mean Kullback–Leibler divergence of the class probabilities from the original's, in nats: of probabilities
   * softened to a temperature of 4 where the layer is truncated, as they are where it is re-fitted.
   */
  readonly divergence: number;
  /** Standard deviation of the divergence over the images, in nats. */
  readonly divergenceDeviation: number;
}

/** Wilson's interval of the accuracy (or agreement) at a point, 95 %. */
export function accuracyInterval({ correct, images }: MeasuredPoint): Interval {
  return wilsonInterval(correct, images);
}

/** Accuracy divided by that of the uncut network on the same images; may exceed 1; 1 where the uncut is never right. */
export function relativeAccuracy({ correct, correctUncut }: MeasuredPoint): number {
  return correctUncut === 0 ? 1 : correct / correctUncut;
}

/** Standard error of the mean divergence, in nats. */
export function divergenceError({ divergenceDeviation, images }: MeasuredPoint): number {
  return images > 0 ? divergenceDeviation / Math.sqrt(images) : Infinity;
}

/**
 * Joins what was measured on the first images with what was measured on those that follow them.
 *
 * @throws RangeError where the points are not of the same layer, factorisation, rank and basis
 */
export function mergePoints(first: MeasuredPoint, next: MeasuredPoint): MeasuredPoint {
  if (pointKey(first) !== pointKey(next) || first.basis !== next.basis) {
    throw new RangeError(
      `mergePoints: expected two measurements of ${pointKey(first)} by ${first.basis}, got ${pointKey(next)} by ${next.basis}`,
    );
  }
  const images = first.images + next.images;
  const [a, b] = [first.images / images, next.images / images];
  const gap = first.divergence - next.divergence;
  const variance = a * first.divergenceDeviation ** 2 + b * next.divergenceDeviation ** 2 + a * b * gap ** 2;
  return {
    ...first,
    images,
    correct: first.correct + next.correct,
    correctUncut: first.correctUncut + next.correctUncut,
    divergence: a * first.divergence + b * next.divergence,
    divergenceDeviation: Math.sqrt(variance),
  };
}

/** A text that names what a point measures within a sweep. */
export function pointKey({
  layer,
  factorisation,
  rank,
}: Pick<MeasuredPoint, 'layer' | 'factorisation' | 'rank'>): string {
  return `${layer}|${factorisation}|${rank}`;
}

/** The points of one layer as it is factorised now, by rising rank. */
export function pointsOfLayer(layer: SweepLayer, points: Iterable<MeasuredPoint>): MeasuredPoint[] {
  return [...points]
    .filter((point) => point.layer === layer.name && point.factorisation === layer.factorisation)
    .filter((point) => point.rank <= layer.rankMax)
    .sort((a, b) => a.rank - b.rank);
}

/** A point without whatever else is said beside it. */
export function bare(point: MeasuredPoint): MeasuredPoint {
  const { layer, factorisation, rank, images, basis } = point;
  const { correct, correctUncut, divergence, divergenceDeviation } = point;
  return {
    ...{ layer, factorisation, rank, images, basis },
    ...{ correct, correctUncut, divergence, divergenceDeviation },
  };
}
