import type { MeasuredPoint, SweepLayer } from './points';

/** Standard deviation of a divergence over its mean, over images, where nothing is known of it. */
export const usualSpread = 1.5;

/** Logarithm of the divergence at r_max of a layer that nothing is known of, whose rank 1 diverges by 1. */
const usualFall = -6;

/**
 * The divergence that a layer will show at a rank, by what is known of it: log d linear between its points. Of a layer
 * without points it is that of a usual one.
 */
export function foreseenDivergence(
  { rankMax }: SweepLayer,
  points: readonly MeasuredPoint[],
  rank: number,
): number {
  const log = ({ divergence }: MeasuredPoint) => Math.log(Math.max(divergence, 1e-9));
  const below = points.filter((point) => point.rank <= rank).at(-1);
  const above = points.find((point) => point.rank >= rank);
  if (!below && !above) return Math.exp((usualFall * (rank - 1)) / Math.max(1, rankMax - 1));
  if (!below || !above || below.rank === above.rank) return Math.exp(log((below ?? above)!));
  const share = (rank - below.rank) / (above.rank - below.rank);
  return Math.exp(log(below) + share * (log(above) - log(below)));
}
