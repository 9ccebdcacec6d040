import { writeFile } from 'node:fs/promises';
import type { QualityMetric } from '../../src/compression/metrics/metric';
import { firstMetric, metrics } from '../../src/compression/metrics';
import type { DrawnImages } from '../../src/compression/draw';
import type { Curve } from '../../src/enc/curve';
import type { BackendRequest } from '../../src/engine/backend';
import { fail } from '../../src/network/failure';
import { defaultSelection, maxCurveCalibration } from '../../src/project/images';
import { shownCurves } from '../../src/project/planning';
import { printedCurves, type PrintedCurves } from '../curvesFile';
import { firstOf, runOf, type OpenImages } from '../images';
import { measureCurves } from '../measuring';
import { printAnswer, table } from '../output';
import { askFor, type RequestOptions } from '../planning';
import { Workspace, type ImageOptions } from '../workspace';

export interface CurvesOptions extends RequestOptions, Omit<ImageOptions, 'data'> {
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
  } | null;
}

/** Prints the curve of every layer that can be factorised, from its weights or measured on images. */
export async function curves(model: readonly string[], options: CurvesOptions): Promise<void> {
  await Workspace.with(model, options.backend, async (workspace) => {
    const printed = options.metric.needs.images
      ? await measure(workspace, options)
      : await energyCurves(workspace);
    if (options.out !== null) await writeFile(options.out, `${JSON.stringify(printed)}\n`);
    printAnswer(options.json, printed, () => curvesText(printed));
  });
}

async function energyCurves(workspace: Workspace): Promise<PrintedCurves> {
  await workspace.factorise(workspace.network.layers.filter((layer) => layer.kept === null));
  return printedCurves(workspace.network, firstMetric, workspace.state.network!.curves, null);
}

/** Measures the layers that may be cut; those kept by default only where they are included. */
async function measure(workspace: Workspace, options: CurvesOptions): Promise<PrintedCurves> {
  const { metric, images: asked = defaultSelection, repair, ranks, exhaustive, ...given } = options;
  const data =
    options.data ??
    fail('invalid-request', `--metric ${metric.id}: expected --data with images, found none.`);
  askFor(workspace, options);
  const images = await workspace.open({ ...given, data });
  const count = Math.min(asked, images.summary.count);
  workspace.use({ selection: firstOf(images, count) });
  if (repair) workspace.use({ calibration: await calibrationOf(workspace, repair, given, images, count) });
  await workspace.factoriseIncluded();
  const isRefitted = repair !== null;
  const { points, key } = await measureCurves(workspace, metric, { ranks, exhaustive, isRefitted });
  const measured = { images: images.summary, count, points, key, isRepaired: isRefitted };
  const { curves } = shownCurves(workspace.state)!;
  return printedCurves(workspace.network, metric.id, ofLayers(curves, workspace), measured);
}

/** Curves of the layers that ranks are chosen for. */
function ofLayers(curves: ReadonlyMap<string, Curve>, { planner }: Workspace): ReadonlyMap<string, Curve> {
  return new Map(planner.problem.layers.map(({ name }) => [name, curves.get(name)!]));
}

/** @param used how many images of --data the curves are measured on */
async function calibrationOf(
  workspace: Workspace,
  { calibration, count }: NonNullable<CurvesOptions['repair']>,
  given: Omit<ImageOptions, 'data'>,
  all: OpenImages,
  used: number,
): Promise<DrawnImages> {
  if (calibration === null) return runOf(all, used, count ?? maxCurveCalibration, 'for calibration');
  const own = await workspace.open({ ...given, data: calibration }, 'calibration');
  const size = count ?? Math.min(maxCurveCalibration, own.summary.count);
  return runOf(own, 0, size, 'for calibration');
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
