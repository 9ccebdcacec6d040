import type { Curve } from '../../enc/curve';

/** Share of the plot's width that r_max stands at; to its right lies the lane of layers kept whole. */
export const rankMaxAt = 0.94;
/** Middle of that lane. */
export const wholeAt = 0.975;

/** A curve as an SVG path in the unit square, y pointing down. */
export function curvePath(curve: Curve, width = rankMaxAt): string {
  const { quality } = curve;
  const points = Array.from(quality, (value, index) => {
    const x = ((index + 1) / quality.length) * width;
    return `${round(x)} ${round(1 - value)}`;
  });
  return points.length === 1 ? `M${points[0]}h0` : `M${points.join('L')}`;
}

/** Four decimals are a tenth of a pixel on the widest screen. */
function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

/** Quality at a rank; the original layer is whole. */
export function qualityAt(curve: Curve, rank: number | null): number {
  return rank === null ? 1 : (curve.quality[rank - 1] ?? 1);
}

/**
 * The curve that passes nearest below or above a place in the plot.
 *
 * @param endOf share of the plot's width at which a layer's curve ends
 * @param reach farthest distance that still counts, as a share of the plot's height, and of its width behind a curve's end
 * @returns the layer's name, or null where no curve is near
 */
export function nearestCurve(
  curves: ReadonlyMap<string, Curve>,
  x: number,
  y: number,
  endOf: (layer: string) => number = () => rankMaxAt,
  reach = 0.08,
): string | null {
  let nearest: string | null = null;
  let distance = reach;
  for (const [layer, curve] of curves) {
    const end = endOf(layer);
    if (x > end + reach) continue;
    const rank = Math.min(Math.max(Math.round((x / end) * curve.quality.length), 1), curve.quality.length);
    const gap = Math.abs(qualityAt(curve, rank) - y);
    if (gap < distance) {
      nearest = layer;
      distance = gap;
    }
  }
  return nearest;
}
