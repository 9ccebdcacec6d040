import { firstMetric } from '../../src/compression/metrics';
import type { Curve } from '../../src/enc/curve';
import { curvesText, printedCurves, type PrintedCurves } from '../../src/project/curvesFile';
import { shownCurves } from '../../src/project/planning';
import type { CommonOptions } from '../commonOptions';
import { curvesTable } from '../curvesTable';
import { measureSweep, openSweep, type SweepOptions } from '../measuring';
import { printAnswer } from '../output';
import { Workspace } from '../workspace';
import { requireOtherFile, requireWritable, writeWhole } from '../writing';

export interface CurvesOptions extends CommonOptions, SweepOptions {
  /** Where to write the curves, beside printing them. */
  readonly out: string | null;
}

/** Prints the curve of every layer that can be factorised, from its weights or measured on images. */
export async function curves(model: readonly string[], options: CurvesOptions): Promise<void> {
  if (options.out !== null) {
    await requireWritable(options.out);
    await requireOtherFile('--out', options.out, [...model, ...(options.data ?? [])]);
  }
  await Workspace.with(model, options, async (workspace) => {
    const printed = options.metric.needs.images
      ? await measure(workspace, options)
      : await energyCurves(workspace);
    if (options.out !== null) await writeWhole(options.out, curvesText(printed));
    printAnswer(options.json, printed, () => curvesTable(printed));
  });
}

async function energyCurves(workspace: Workspace): Promise<PrintedCurves> {
  await workspace.factorise(workspace.network.layers.filter((layer) => layer.kept === null));
  return printedCurves(workspace.network, firstMetric, workspace.state.network!.curves, null);
}

/** Measures the layers that may be cut; those kept by default only where they are included. */
async function measure(workspace: Workspace, options: CurvesOptions): Promise<PrintedCurves> {
  const { metric } = options;
  const { task, images, count } = await openSweep(workspace, options);
  await workspace.factoriseIncluded();
  const { points, key } = await measureSweep(workspace, metric, task);
  const measured = { images: images.summary, count, points, key, isRepaired: options.repair !== null };
  const { curves } = shownCurves(workspace.state)!;
  return printedCurves(workspace.network, metric.id, ofLayers(curves, workspace), measured);
}

/** Curves of the layers that ranks are chosen for. */
function ofLayers(curves: ReadonlyMap<string, Curve>, { planner }: Workspace): ReadonlyMap<string, Curve> {
  return new Map(planner.problem.layers.map(({ name }) => [name, curves.get(name)!]));
}
