import type { Curve, Metric } from '../../enc/curve';
import { curvesFromPoints } from '../../enc/sweep/curves';
import { accuracyInterval, divergenceError, pointsOfLayer, type MeasuredPoint } from '../../enc/sweep/points';
import type { LayerDescription } from '../../network/layers';

/**
 * Which metric drives the methods; "auto" is divergence once every layer has been measured, else energy, and
 * "repaired" divergence with each layer re-fitted before it is measured.
 */
export type MetricChoice = 'auto' | Metric | 'repaired';

export const metricChoices: readonly MetricChoice[] = [
  'auto',
  'energy',
  'measured',
  'divergence',
  'repaired',
];

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
  const byEnergy: ShownCurves = { metric: 'energy', curves: energy, measured: new Set() };
  if (choice === 'energy' || points.length === 0) return byEnergy;
  const metric = choice === 'auto' || choice === 'repaired' ? 'divergence' : choice;
  const { curves, measured } = curvesFromPoints(metric, layers, points, energy);
  if (measured.size === 0 || (choice === 'auto' && measured.size < layers.length)) return byEnergy;
  return { metric, curves, measured };
}

/** Decades of divergence that a chart shows, from 1 nat at the bottom up. */
export const divergenceDecades = 6;

/**
 * Height of a quality in a chart, 0 to 1. Qualities by divergence, exp(−d), all lie close to 1 where anything is
 * to be chosen, so they are drawn by the logarithm of d.
 */
export function heightOf(metric: Metric, quality: number): number {
  if (metric !== 'divergence') return quality;
  return heightOfDivergence(-Math.log(quality));
}

/** Height of a divergence in nats. */
export function heightOfDivergence(divergence: number): number {
  if (divergence <= 10 ** -divergenceDecades) return 1;
  return Math.min(1, Math.max(0, -Math.log10(divergence) / divergenceDecades));
}

/** Curves with heights in place of qualities. */
export function drawnCurves({ metric, curves }: ShownCurves): ReadonlyMap<string, Curve> {
  if (metric !== 'divergence') return curves;
  return new Map(
    [...curves].map(([layer, curve]) => [
      layer,
      { ...curve, quality: curve.quality.map((quality) => heightOf(metric, quality)) },
    ]),
  );
}

/** A raw point in a layer's chart, in heights. */
export interface PointMark {
  readonly rank: number;
  readonly at: number;
  /** Ends of its 95 % interval. */
  readonly low: number;
  readonly high: number;
  readonly images: number;
}

/** The raw points of a layer: accuracy relative to the uncut network with Wilson's interval, or divergence. */
export function pointMarks(
  metric: Metric,
  layer: LayerDescription,
  points: readonly MeasuredPoint[],
): PointMark[] {
  if (metric === 'energy') return [];
  const own = pointsOfLayer(layer, points);
  return own.map((point) => {
    const { rank, images } = point;
    if (metric === 'divergence') {
      const spread = 1.96 * divergenceError(point);
      return {
        rank,
        images,
        at: heightOfDivergence(point.divergence),
        low: heightOfDivergence(point.divergence + spread),
        high: heightOfDivergence(point.divergence - spread),
      };
    }
    const uncut = Math.max(1, point.correctUncut) / images;
    const { low, high } = accuracyInterval(point);
    const held = (share: number) => Math.min(1, Math.max(0, share / uncut));
    return { rank, images, at: held(point.correct / images), low: held(low), high: held(high) };
  });
}
