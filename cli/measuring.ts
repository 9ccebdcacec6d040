import type { DrawnImages } from '../src/compression/draw';
import type { QualityMetric } from '../src/compression/metrics/metric';
import type { MeasuredPoint } from '../src/enc/sweep/points';
import { intervalWarning } from '../src/enc/sweep/warnings';
import { fail } from '../src/network/failure';
import { defaultSelection, maxCurveCalibration } from '../src/project/images';
import { sweep } from '../src/project/jobs/sweep';
import { possibleRefit } from '../src/project/points';
import { sweepEndText, sweepNotes } from '../src/project/sweepNotes';
import { sweepTaskOf, type SweepTask } from '../src/project/sweeps';
import { withCurvesFrom } from '../src/project/foundTransitions';
import { withSettings } from '../src/project/transitions';
import { firstOf, runOf, type OpenImages } from './images';
import { note } from './output';
import { askFor, type RequestOptions } from './planning';
import type { ImageOptions, Workspace } from './workspace';

export interface MeasureOptions {
  /** Most ranks to measure per layer; null for the default number. */
  readonly ranks: number | null;
  /** Measure that many ranks on every image, whether or not it can matter. */
  readonly exhaustive: boolean;
  /** Re-fit every layer on the calibration images before it is measured. */
  readonly isRefitted: boolean;
  /** What it has to end in; without a limit unless given. */
  readonly limit?: SweepLimit | null;
}

/** The time that a sweep has. */
export interface SweepLimit {
  readonly minutes: number;
  /** Share of the MACs that plans are to keep: ranks and images are spent near them first. */
  readonly target: number;
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
  options: MeasureOptions,
): Promise<{ readonly key: string; readonly points: readonly MeasuredPoint[] }> {
  return measureSweep(workspace, metric, sweepFor(workspace, metric, options));
}

/** Measures a sweep to its end. Curves are drawn through its points from then on. */
export async function measureSweep(
  workspace: Workspace,
  metric: QualityMetric,
  task: SweepTask,
): Promise<{ readonly key: string; readonly points: readonly MeasuredPoint[] }> {
  await workspace.perform(sweep, task);
  const key = task.pointsKey;
  workspace.update((state) => withCurvesFrom(state, key));
  const points = workspace.state.document.points[key] ?? [];
  warnOfFew(metric, points);
  const ended = sweepNotes.of(workspace.state, key);
  if (task.minutes !== null && ended) note(sweepEndText(ended, task.minutes));
  return { key, points };
}

/** What decides a sweep of the layers' curves. */
export interface SweepOptions extends RequestOptions, Omit<ImageOptions, 'data'> {
  readonly metric: QualityMetric;
  readonly data: readonly string[] | null;
  /** Most ranks to measure per layer. */
  readonly ranks: number | null;
  /** Measure that many ranks on every image, whether or not it can matter. */
  readonly exhaustive: boolean;
  /** Re-fit every layer before it is measured, so that the curves foretell a network that will be repaired. */
  readonly repair: {
    /** Calibration images; null takes those of --data that follow the selection images. */
    readonly calibration: readonly string[] | null;
    readonly count: number | null;
  } | null;
  /** What it has to end in; without a limit unless given. */
  readonly limit?: SweepLimit | null;
}

/** A sweep whose images are open. */
export interface OpenSweep {
  readonly task: SweepTask;
  readonly images: OpenImages;
  /** How many of them it looks at. */
  readonly count: number;
}

/**
 * Opens the images of a sweep: of the layers that may be cut, those kept by default only where they are included.
 *
 * @throws FailureError `invalid-request` where there are no images
 */
export async function openSweep(workspace: Workspace, options: SweepOptions): Promise<OpenSweep> {
  const {
    metric,
    images: asked = defaultSelection,
    repair,
    ranks,
    exhaustive,
    limit = null,
    ...given
  } = options;
  const data =
    options.data ??
    fail(
      'invalid-request',
      `--metric ${metric.id}: expected --data with images, found none; name files, a folder or a zip.`,
    );
  askFor(workspace, options);
  const images = await workspace.open({ ...given, data });
  const count = Math.min(asked, images.summary.count);
  workspace.use({ selection: firstOf(images, count) });
  if (repair) workspace.use({ calibration: await calibrationOf(workspace, repair, given, images, count) });
  const task = sweepFor(workspace, metric, { ranks, exhaustive, isRefitted: repair !== null, limit });
  return { task, images, count };
}

/** @param used how many images of --data the curves are measured on */
async function calibrationOf(
  workspace: Workspace,
  { calibration, count }: NonNullable<SweepOptions['repair']>,
  given: Omit<ImageOptions, 'data'>,
  all: OpenImages,
  used: number,
): Promise<DrawnImages> {
  if (calibration === null) return runOf(all, used, count ?? maxCurveCalibration, 'for calibration');
  const own = await workspace.open({ ...given, data: calibration }, 'calibration');
  const size = count ?? Math.min(maxCurveCalibration, own.summary.count);
  return runOf(own, 0, size, 'for calibration');
}

/** The sweep that measures the curves of a metric on the selection images; the metric becomes the project's. */
export function sweepFor(
  workspace: Workspace,
  metric: QualityMetric,
  { ranks, exhaustive, isRefitted, limit = null }: MeasureOptions,
): SweepTask {
  workspace.update((state) =>
    withSettings(state, {
      metric: metric.id,
      ...(limit ? { sweepMinutes: limit.minutes, target: limit.target } : {}),
    }),
  );
  const task = sweepTaskOf(workspace.state, isRefitted ? possibleRefit(workspace.state) : null)!;
  return { ...task, spent: { exhaustive, ...(ranks === null ? {} : { ranksPerLayer: ranks }) } };
}

/** Says where accuracy is known less well than the differences that matter. */
function warnOfFew({ decides }: QualityMetric, points: readonly MeasuredPoint[]): void {
  if (decides !== 'measured' || points.length === 0) return;
  const max = points.reduce((a, b) => (b.images > a.images ? b : a));
  const warning = intervalWarning(max.correctUncut, max.images);
  if (warning) note(warning.message);
}
