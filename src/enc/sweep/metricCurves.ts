import type { Curve, Metric } from '../curve';
import { curvesFromPoints, type SweptCurves } from './curves';
import type { MeasuredPoint, SweepLayer } from './points';

/**
 * The curves that drive the methods under a metric: the page and the command line both ask here, so that the
 * same points give the same plans. Layers without points of their own fall back to energy, see
 * {@link curvesFromPoints}.
 *
 * @param layers those that have an energy curve count, others are left out
 * @param energy curves of all layers, from the weights alone
 */
export function curvesByMetric(
  metric: Metric,
  layers: readonly SweepLayer[],
  points: Iterable<MeasuredPoint>,
  energy: ReadonlyMap<string, Curve>,
): SweptCurves {
  if (metric === 'energy') return { curves: energy, measured: new Set() };
  const known = layers.filter(({ name }) => energy.has(name));
  return curvesFromPoints(metric, known, points, energy);
}
