import type { Draw } from '../src/compression/draw';
import type { Curve } from '../src/enc/curve';
import type { QualityMetric } from '../src/compression/metrics/metric';
import type { MeasuredPoint } from '../src/enc/sweep/points';
import { defaultSweepSettings } from '../src/enc/sweep/schedule';
import { intervalWarning } from '../src/enc/sweep/warnings';
import { fail } from '../src/network/failure';
import type { LayerDescription } from '../src/network/layers';
import { note } from './output';
import type { OpenImages, Workspace } from './workspace';

/** Images that curves are measured on unless another number is asked for. */
export const defaultSelection = 256;

/** Calibration images that layers are re-fitted on before their curves are measured. */
export const defaultCurveCalibration = 256;

export interface MeasureOptions {
  /** Most ranks to measure per layer; null for the default number. */
  readonly ranks: number | null;
  /** Measure that many ranks on every image, whether or not it can matter. */
  readonly exhaustive: boolean;
  /** Calibration images to re-fit every layer on before it is measured; null measures truncated layers. */
  readonly calibration: OpenImages | null;
  readonly seed: number;
}

export interface MeasuredCurves {
  readonly points: readonly MeasuredPoint[];
  readonly curves: ReadonlyMap<string, Curve>;
}

/**
 * Measures the curves of factorised layers by a metric that looks at images, on selection images, each layer cut alone.
 *
 * @param energy curves of the same layers
 */
export async function measureCurves(
  workspace: Workspace,
  { decides, curves }: QualityMetric,
  images: OpenImages,
  layers: readonly LayerDescription[],
  energy: ReadonlyMap<string, Curve>,
  { ranks, exhaustive, calibration, seed }: MeasureOptions,
): Promise<MeasuredCurves> {
  const settings = {
    ...defaultSweepSettings,
    ranksPerLayer: ranks ?? defaultSweepSettings.ranksPerLayer,
    exhaustive,
    decides: decides ?? defaultSweepSettings.decides,
  };
  const refit = calibration && workspace.step('refit', calibration, seed);
  const points = await workspace.sweep(images, layers, settings, refit);
  const max = points.reduce((a, b) => (b.images > a.images ? b : a), points[0]!);
  const warning = decides === 'measured' && intervalWarning(max.correctUncut, max.images);
  if (warning) note(warning.message);
  return { points, curves: curves(layers, points, energy).curves };
}

/**
 * A run of some opened images.
 *
 * @param what names the images in the failure
 * @throws FailureError `invalid-request` where there are fewer
 */
export function someImages(images: OpenImages, from: number, count: number, what: string): OpenImages {
  const { selection, summary } = images;
  const indices = selection.indices.slice(from, from + count);
  if (indices.length < count) {
    fail(
      'invalid-request',
      `${summary.name}: expected ${from + count} images, ${count} of them ${what}, found ${selection.indices.length}.`,
    );
  }
  return { summary, selection: { ...selection, indices }, draw: partOfDraw(images.draw, from, count) };
}

/** A run of the images that a draw stands for, before they are sorted. */
function partOfDraw(draw: Draw, from: number, count: number): Draw {
  return draw.kind === 'all' ? { kind: 'run', from, count } : { ...draw, from: draw.from + from, count };
}
