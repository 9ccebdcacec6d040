import { writeFile } from 'node:fs/promises';
import type { QualityMetric } from '../../src/compression/metrics/metric';
import { firstMetric, metrics } from '../../src/compression/metrics';
import type { BackendRequest } from '../../src/engine/backend';
import { fail } from '../../src/network/failure';
import { printedCurves, type PrintedCurves } from '../curvesFile';
import { measureCurves, someImages, defaultCurveCalibration, defaultSelection } from '../measuring';
import { printAnswer, table } from '../output';
import { askedProblem, type LayerOptions } from '../planning';
import { Workspace, type ImageOptions, type OpenImages } from '../workspace';

export interface CurvesOptions extends LayerOptions, Omit<ImageOptions, 'data'> {
  readonly json: boolean;
  readonly backend: BackendRequest;
  readonly metric: QualityMetric;
  readonly data: readonly string[] | null;
  /** Most ranks to measure per layer. */
  readonly ranks: number | null;
  /** Measure that many ranks on every image, whether or not it can matter. */
  readonly exhaustive: boolean;
  /** Where to write the curves, beside printing them. */
  readonly out: string | null;
  /** Re-fit every layer before it is measured, so that the curves foretell a network that will be repaired. */
  readonly repair: {
    /** Calibration images; null takes those of --data that follow the selection images. */
    readonly calibration: readonly string[] | null;
    readonly count: number | null;
    readonly seed: number;
  } | null;
}

/** Prints the curve of every layer that can be factorised, from its weights or measured on images. */
export async function curves(model: readonly string[], options: CurvesOptions): Promise<void> {
  await Workspace.with(model, options.backend, async (workspace) => {
    const printed = options.metric.needs.images
      ? await measure(workspace, options.metric, options)
      : await energyCurves(workspace);
    if (options.out !== null) await writeFile(options.out, `${JSON.stringify(printed)}\n`);
    printAnswer(options.json, printed, () => curvesText(printed));
  });
}

async function energyCurves(workspace: Workspace): Promise<PrintedCurves> {
  const able = workspace.network.layers.filter((layer) => layer.kept === null);
  return printedCurves(workspace.network, firstMetric, await workspace.factorise(able), null);
}

/** Measures the layers that may be cut; those kept by default only where they are included. */
async function measure(
  workspace: Workspace,
  metric: QualityMetric,
  options: CurvesOptions,
): Promise<PrintedCurves> {
  const data =
    options.data ??
    fail('invalid-request', `--metric ${metric.id}: expected --data with images, found none.`);
  const layers = askedProblem(workspace.network, options).layers.map(({ name }) => workspace.layer(name));
  const { images: asked = defaultSelection, ...given } = options;
  const all = await workspace.openImages({ ...given, data });
  const count = Math.min(asked, all.selection.indices.length);
  const images = someImages(all, 0, count, 'to select ranks by');
  const calibration = options.repair && (await calibrationOf(workspace, options, all, count));
  const energy = await workspace.factorise(layers);
  const settings = { ...options, calibration, seed: options.repair?.seed ?? 0 };
  const { points, curves } = await measureCurves(workspace, metric, images, layers, energy, settings);
  const measured = { images: images.summary, count, points, isRepaired: calibration !== null };
  return printedCurves(workspace.network, metric.id, curves, measured);
}

/** @param used how many images of --data the curves are measured on */
async function calibrationOf(
  workspace: Workspace,
  options: CurvesOptions,
  all: OpenImages,
  used: number,
): Promise<OpenImages> {
  const { calibration = null, count: asked = null } = options.repair ?? {};
  if (calibration === null) {
    return someImages(all, used, asked ?? defaultCurveCalibration, 'for calibration');
  }
  const given = { ...options, data: calibration, images: Infinity };
  const own = await workspace.openImages(given, 'calibration');
  return someImages(
    own,
    0,
    asked ?? Math.min(defaultCurveCalibration, own.selection.indices.length),
    'for calibration',
  );
}

function curvesText({ metric, layers }: PrintedCurves): string {
  const { scale, needs } = metrics.get(metric);
  const { levels } = scale;
  const rankAt = (values: readonly number[], level: number) => {
    const index = values.findIndex((value) => value >= level);
    return index < 0 ? 'none' : index + 1;
  };
  const measured = needs.images ? ['points'] : [];
  return table([
    [
      'layer',
      'r_max',
      ...measured,
      ...levels.map((level, index) => `${index === 0 ? 'rank at ' : ''}${100 * level} %`),
    ],
    ...layers.map(({ name, rankMax, values, points }) => [
      name,
      rankMax,
      ...measured.map(() => points.length),
      ...levels.map((level) => rankAt(values, level)),
    ]),
  ]);
}
