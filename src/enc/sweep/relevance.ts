import { divergenceError, type MeasuredPoint } from './points';

/** Divergences of one layer, in nats, between which it matters how large exactly they are. */
export interface RelevantBand {
  readonly min: number;
  readonly max: number;
}

/**
 * Share of the whole network's quality, all layers together, that a few hundred images could not tell from none
 * (their accuracy is known to ± 3 points).
 */
const negligibleLoss = 0.03;
/** A layer that alone costs this much (quality exp(−1) = 0.37) is in nobody's plan. */
const hopeless = 1;

/** Divergences of layers add up, so what is negligible in one depends on how many there are. */
export function relevantBand(layers: number): RelevantBand {
  return { min: negligibleLoss / Math.max(1, layers), max: hopeless };
}

/** Logarithm of a divergence, held at the ends of the band beyond which differences do not matter. */
export function relevantLog(divergence: number, { min, max }: RelevantBand): number {
  return Math.log(Math.min(max, Math.max(min, divergence)));
}

/** Relative standard error at which a divergence is known well enough. */
const precise = 0.25;

/**
 * Whether more images could change a decision: not where the divergence is negligible or hopeless beyond
 * doubt, nor where it is already known to a quarter. Where accuracy decides, which is far noisier, every
 * point inside the band needs all the images there are.
 */
export function needsMoreImages(
  point: MeasuredPoint,
  band: RelevantBand,
  decides: 'measured' | 'divergence',
): boolean {
  const error = divergenceError(point);
  if (point.divergence + 2 * error < band.min || point.divergence - 2 * error > band.max) return false;
  return decides === 'measured' || error > precise * point.divergence;
}
