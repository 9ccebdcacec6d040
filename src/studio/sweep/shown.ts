import { bestMetric, firstMetric, metrics } from '../../compression/metrics';
import type { QualityMetric } from '../../compression/metrics/metric';
import type { MetricScale, PointHeights } from '../../compression/metrics/scales';
import type { Curve, Metric } from '../../enc/curve';
import { pointsOfLayer, type MeasuredPoint } from '../../enc/sweep/points';
import type { LayerDescription } from '../../network/layers';

/** Which metric drives the methods; "auto" is the best one once every layer has been measured, else energy. */
export type MetricChoice = 'auto' | Metric;

/** The metrics that the page offers: those whose curves alone say how good a plan is. */
export function offeredMetrics(): readonly QualityMetric[] {
  return metrics.all.filter(({ needs }) => !needs.energy);
}

/** Whether a text names a metric that the page offers, or "auto". */
export function isMetricChoice(text: string): text is MetricChoice {
  return text === 'auto' || offeredMetrics().some(({ id }) => id === text);
}

/** The metric that a choice stands for once everything is measured. */
export function chosenMetric(choice: MetricChoice): QualityMetric {
  return metrics.get(choice === 'auto' ? bestMetric : choice);
}

/** The curves that plans are made from and charts draw. */
export interface ShownCurves {
  /** What they are drawn by in the end. */
  readonly metric: Metric;
  readonly curves: ReadonlyMap<string, Curve>;
  /** Layers that went into it with points of their own; the others are carried over from energy. */
  readonly measured: ReadonlySet<string>;
}

/**
 * The curves of the metric that was chosen, as far as there is anything measured.
 *
 * @param layers that rank selection may cut
 * @param energy curves by layer
 */
export function shownCurves(
  choice: MetricChoice,
  layers: readonly LayerDescription[],
  points: readonly MeasuredPoint[],
  energy: ReadonlyMap<string, Curve>,
): ShownCurves {
  const metric = chosenMetric(choice);
  const { curves, measured } = metric.curves(layers, points, energy);
  const isTooEarly = measured.size === 0 || (choice === 'auto' && measured.size < layers.length);
  if (metric.needs.images && isTooEarly) return { metric: firstMetric, curves: energy, measured: new Set() };
  return { metric: metric.draws, curves, measured };
}

/** Height of a quality in a chart, 0 to 1. */
export function heightOf(metric: Metric, quality: number): number {
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
  metric: Metric,
  layer: LayerDescription,
  points: readonly MeasuredPoint[],
): PointMark[] {
  const { scale } = metrics.get(metric);
  return pointsOfLayer(layer, points).flatMap((point) => {
    const heights = scale.heightsOf(point);
    return heights ? [{ rank: point.rank, images: point.images, ...heights }] : [];
  });
}
