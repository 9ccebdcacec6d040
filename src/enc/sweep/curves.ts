import { greatest } from '../../linalg/extremes';
import { isotonicFit } from '../../linalg/isotonic';
import { createPchip, evaluatePchip } from '../../linalg/pchip';
import type { Curve } from '../curve';
import { pointsOfLayer, relativeAccuracy, type MeasuredPoint, type SweepLayer } from './points';
import { relationTo } from './relation';

/** Draws the curve of one layer through its points by rising rank, 1 and r_max among them. */
export type CurveBuilder = (layer: SweepLayer, points: readonly MeasuredPoint[]) => Curve;

/** Divergences below this are rounding of float32 arithmetic; their logarithms mean nothing. */
const minDivergence = 1e-9;

/**
 * Quality y_d = exp(−d) of a layer at every rank (README, "How it works"). Between the points log d is
 * interpolated by PCHIP after an isotonic fit, weighted by images: a higher rank never diverges more. The
 * original layer, whose divergence is 0 by definition, is a choice of its own with quality 1; r_max is not.
 *
 * @param points of one layer by rising rank, 1 and r_max among them
 */
export function divergenceCurve(layer: SweepLayer, points: readonly MeasuredPoint[]): Curve {
  const logs = points.map(({ divergence }) => Math.log(Math.max(divergence, minDivergence)));
  const fitted = fitEveryRank(layer, points, logs, 'non-increasing');
  return { layer: layer.name, metric: 'divergence', quality: fitted.map((log) => Math.exp(-Math.exp(log))) };
}

/** How much of an image the divergence may outweigh in a measured curve. */
const tieBreak = 0.5;

/**
 * Quality y_m of a layer at every rank: accuracy divided by the uncut network's, made isotonic (weighted by
 * images), interpolated by PCHIP and held within 0 and 1.
 *
 * Accuracy saturates: on a few hundred images most layers lose none of them over most of their ranks, and
 * ranks that are all equally good say nothing about where to spend what a budget leaves. So half an image's
 * worth of the curve is y_d of the same points, which decides between ranks of equal accuracy only.
 *
 * @param points of one layer by rising rank, 1 and r_max among them
 */
export function measuredCurve(layer: SweepLayer, points: readonly MeasuredPoint[]): Curve {
  const fitted = fitEveryRank(layer, points, points.map(relativeAccuracy), 'non-decreasing');
  const share = tieBreak / greatest(points.map(({ images }) => images));
  const divergence = divergenceCurve(layer, points).quality;
  const quality = fitted.map(
    (y, index) => (1 - share) * Math.min(1, Math.max(0, y)) + share * divergence[index],
  );
  return { layer: layer.name, metric: 'measured', quality };
}

function fitEveryRank(
  layer: SweepLayer,
  points: readonly MeasuredPoint[],
  values: readonly number[],
  direction: 'non-increasing' | 'non-decreasing',
): Float64Array {
  if (!reachesBothEnds(layer, points)) {
    throw new RangeError(
      `curve of ${layer.name}: expected points at rank 1 and ${layer.rankMax}, found none`,
    );
  }
  const fit = isotonicFit(values, { direction, weights: points.map(({ images }) => images) });
  if (points.length === 1) return fit;
  const curve = createPchip(
    points.map(({ rank }) => rank),
    fit,
  );
  return Float64Array.from({ length: layer.rankMax }, (_, index) => evaluatePchip(curve, index + 1));
}

/** Whether a curve can be drawn through the points without guessing beyond them. */
export function reachesBothEnds(layer: SweepLayer, points: readonly MeasuredPoint[]): boolean {
  return points.length > 0 && points[0].rank === 1 && points[points.length - 1].rank === layer.rankMax;
}

/** Curves of all layers, and which of them were measured. */
export interface SweptCurves {
  readonly curves: ReadonlyMap<string, Curve>;
  /** Layers whose curve goes through points of their own. */
  readonly measured: ReadonlySet<string>;
}

/**
 * Curves of all layers by some metric from what was measured so far, so that plans can be made at any time.
 *
 * A layer counts as measured once its rank 1 and its r_max are. The curve of any other layer is its energy
 * curve carried over to the metric by the relation between the two that the measured layers show (see
 * {@link relationTo}); taken as it is, an energy of 0.9 and a quality of 0.9 would be compared, which have
 * nothing to do with each other. Before the first layer is measured all curves are energy curves.
 *
 * @param build the metric's curve of one layer
 * @param energy curves of all layers
 */
export function curvesFromPoints(
  build: CurveBuilder,
  layers: readonly SweepLayer[],
  points: Iterable<MeasuredPoint>,
  energy: ReadonlyMap<string, Curve>,
): SweptCurves {
  const all = [...points];
  const own = new Map<string, Curve>();
  for (const layer of layers) {
    const seen = pointsOfLayer(layer, all);
    if (reachesBothEnds(layer, seen)) own.set(layer.name, build(layer, seen));
  }
  const measured = new Set(own.keys());
  const known = [...own.values()];
  if (known.length === 0) return { curves: energy, measured };
  const { metric } = known[0];
  const carryOver = relationTo(known, energy);
  const curves = new Map<string, Curve>();
  for (const { name } of layers) {
    const fallback = energy.get(name);
    const curve =
      own.get(name) ?? (fallback && { ...fallback, metric, quality: carryOver(fallback.quality) });
    if (curve) curves.set(name, curve);
  }
  return { curves, measured };
}
