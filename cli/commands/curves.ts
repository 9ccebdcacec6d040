import { writeFile } from 'node:fs/promises';
import type { Curve, Metric } from '../../src/enc/curve';
import { curvesFromPoints } from '../../src/enc/sweep/curves';
import { defaultSweepSettings } from '../../src/enc/sweep/schedule';
import { intervalWarning } from '../../src/enc/sweep/warnings';
import type { BackendRequest } from '../../src/engine/backend';
import { fail } from '../../src/network/failure';
import { printedCurves, type PrintedCurves } from '../curvesFile';
import { note, printAnswer, table } from '../output';
import { problemOf, type LayerOptions } from '../planning';
import { Workspace, type ImageOptions } from '../workspace';

export interface CurvesOptions extends LayerOptions, Omit<ImageOptions, 'data'> {
  readonly json: boolean;
  readonly backend: BackendRequest;
  readonly metric: Metric;
  readonly data: readonly string[] | null;
  /** Most ranks to measure per layer. */
  readonly ranks: number | null;
  /** Measure that many ranks on every image, whether or not it can matter. */
  readonly exhaustive: boolean;
  /** Where to write the curves, beside printing them. */
  readonly out: string | null;
}

/** Images that curves are measured on unless another number is asked for. */
const usualImages = 256;

/** Prints the curve of every layer that can be factorised, from its weights or measured on images. */
export async function curves(model: readonly string[], options: CurvesOptions): Promise<void> {
  await Workspace.with(model, options.backend, async (workspace) => {
    const printed =
      options.metric === 'energy'
        ? await energyCurves(workspace)
        : await measure(workspace, options.metric, options);
    if (options.out !== null) await writeFile(options.out, `${JSON.stringify(printed)}\n`);
    printAnswer(options.json, printed, () => curvesText(printed));
  });
}

async function energyCurves(workspace: Workspace): Promise<PrintedCurves> {
  const able = workspace.network.layers.filter((layer) => layer.kept === null);
  return printedCurves(workspace.network, 'energy', await workspace.factorise(able), null);
}

/** Measures the layers that may be cut; those kept by default only where they are included. */
async function measure(
  workspace: Workspace,
  metric: Exclude<Metric, 'energy'>,
  options: CurvesOptions,
): Promise<PrintedCurves> {
  const data =
    options.data ?? fail('invalid-request', `--metric ${metric}: expected --data with images, found none.`);
  const layers = problemOf(workspace.network, options).layers.map(({ name }) => workspace.layer(name));
  const images = await workspace.openImages({ ...options, data, images: options.images ?? usualImages });
  const energy: ReadonlyMap<string, Curve> = await workspace.factorise(layers);
  const points = await workspace.sweep(images, layers, {
    ...defaultSweepSettings,
    ranksPerLayer: options.ranks ?? defaultSweepSettings.ranksPerLayer,
    exhaustive: options.exhaustive,
    decides: metric,
  });
  const most = points.reduce((a, b) => (b.images > a.images ? b : a), points[0]!);
  const warning = metric === 'measured' && intervalWarning(most.correctUncut, most.images);
  if (warning) note(warning.message);
  const { curves } = curvesFromPoints(metric, layers, points, energy);
  const measured = { images: images.summary, count: images.selection.indices.length, points };
  return printedCurves(workspace.network, metric, curves, measured);
}

function curvesText({ metric, layers }: PrintedCurves): string {
  const levels = metric === 'energy' ? [0.5, 0.9, 0.99] : [0.9, 0.99, 0.999];
  const rankAt = (values: readonly number[], level: number) => {
    const index = values.findIndex((value) => value >= level);
    return index < 0 ? 'none' : index + 1;
  };
  const measured = metric === 'energy' ? [] : ['points'];
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
