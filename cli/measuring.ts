import type { QualityMetric } from '../src/compression/metrics/metric';
import type { MeasuredPoint } from '../src/enc/sweep/points';
import { intervalWarning } from '../src/enc/sweep/warnings';
import { sweep } from '../src/project/jobs/sweep';
import { possibleRefit } from '../src/project/points';
import { sweepTaskOf } from '../src/project/sweeps';
import { withCurvesFrom, withSettings } from '../src/project/transitions';
import { note } from './output';
import type { Workspace } from './workspace';

export interface MeasureOptions {
  /** Most ranks to measure per layer; null for the default number. */
  readonly ranks: number | null;
  /** Measure that many ranks on every image, whether or not it can matter. */
  readonly exhaustive: boolean;
  /** Re-fit every layer on the calibration images before it is measured. */
  readonly isRefitted: boolean;
}

/**
 * Measures the layers that ranks are chosen for, which are factorised, by a metric that looks at images: on the
 * selection images, each layer cut alone. Curves are drawn through these points from then on.
 *
 * @returns the points, and their name
 */
export async function measureCurves(
  workspace: Workspace,
  metric: QualityMetric,
  { ranks, exhaustive, isRefitted }: MeasureOptions,
): Promise<{ readonly key: string; readonly points: readonly MeasuredPoint[] }> {
  workspace.update((state) => withSettings(state, { metric: metric.id }));
  const task = sweepTaskOf(workspace.state, isRefitted ? possibleRefit(workspace.state) : null)!;
  const spent = { exhaustive, ...(ranks === null ? {} : { ranksPerLayer: ranks }) };
  await workspace.perform(sweep, { ...task, spent });
  const key = task.pointsKey;
  workspace.update((state) => withCurvesFrom(state, key));
  const points = workspace.state.document.points[key] ?? [];
  warnOfFew(metric, points);
  return { key, points };
}

/** Says where accuracy is known less well than the differences that matter. */
function warnOfFew({ decides }: QualityMetric, points: readonly MeasuredPoint[]): void {
  if (decides !== 'measured' || points.length === 0) return;
  const max = points.reduce((a, b) => (b.images > a.images ? b : a));
  const warning = intervalWarning(max.correctUncut, max.images);
  if (warning) note(warning.message);
}
