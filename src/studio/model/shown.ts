import { metrics } from '../../compression/metrics';
import type { PointHeights } from '../../compression/metrics/scales';
import type { Curve } from '../../enc/curve';
import { pointsOfLayer, type MeasuredPoint } from '../../enc/sweep/points';
import type { LayerDescription } from '../../network/layers';
import type { ShownCurves } from '../../project/plans';

/** Height of a quality in a chart, 0 to 1. */
export function heightOf(metric: string, quality: number): number {
  return metrics.get(metric).scale.heightOf(quality);
}

/** Curves with heights in place of qualities. */
export function drawnCurves({ metric, curves }: ShownCurves): ReadonlyMap<string, Curve> {
  const { scale } = metrics.get(metric);
  return new Map(
    [...curves].map(([layer, curve]) => [
      layer,
      { ...curve, quality: curve.quality.map((quality) => scale.heightOf(quality)) },
    ]),
  );
}

/** A raw point in a layer's chart, in heights. */
export interface PointMark extends PointHeights {
  readonly rank: number;
  readonly images: number;
}

/** The raw points of a layer, where the metric has any: with their 95 % intervals. */
export function pointMarks(
  metric: string,
  layer: LayerDescription,
  points: readonly MeasuredPoint[],
): PointMark[] {
  const { scale } = metrics.get(metric);
  return pointsOfLayer(layer, points).flatMap((point) => {
    const heights = scale.heightsOf(point);
    return heights ? [{ rank: point.rank, images: point.images, ...heights }] : [];
  });
}
