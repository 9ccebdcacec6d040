import { metrics } from '../../compression/metrics';
import type { MetricScale, PointHeights } from '../../compression/metrics/scales';
import type { Curve } from '../../enc/curve';
import { pointsOfLayer, type MeasuredPoint } from '../../enc/sweep/points';
import type { LayerDescription } from '../../network/layers';
import type { ShownCurves } from '../../project/plans';

/** Height of a quality in a chart, 0 to 1. */
export function heightOf(metric: string, quality: number): number {
  return metrics.get(metric).scale.heightOf(quality);
}

/** Curves with heights in place of qualities: the same object for the same curve, so that charts see no change. */
export function drawnCurves({ metric, curves }: ShownCurves): ReadonlyMap<string, Curve> {
  const { scale } = metrics.get(metric);
  const known = drawn.get(scale) ?? new WeakMap<Curve, Curve>();
  drawn.set(scale, known);
  return new Map([...curves].map(([layer, curve]) => [layer, drawnCurve(curve, scale, known)]));
}

const drawn = new WeakMap<MetricScale, WeakMap<Curve, Curve>>();

function drawnCurve(curve: Curve, scale: MetricScale, known: WeakMap<Curve, Curve>): Curve {
  const former = known.get(curve);
  if (former) return former;
  const heights = { ...curve, quality: curve.quality.map((quality) => scale.heightOf(quality)) };
  known.set(curve, heights);
  return heights;
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
