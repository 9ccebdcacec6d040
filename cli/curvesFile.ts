import { readFile, stat } from 'node:fs/promises';
import { firstMetric, metrics } from '../src/compression/metrics';
import type { QualityMetric } from '../src/compression/metrics/metric';
import { bare } from '../src/enc/sweep/points';
import { fail } from '../src/network/failure';
import { readCurves, type PrintedCurves } from '../src/project/curvesFile';
import { shownCurves } from '../src/project/planning';
import { withCurvesFrom, withPoints } from '../src/project/foundTransitions';
import { withSettings } from '../src/project/transitions';
import { sweepStatement } from '../src/project/sharing/sweepStatement';
import { mergedText } from './sharing/complete';
import type { CurveOptions } from './planning';
import type { Workspace } from './workspace';

/**
 * Makes a metric drive the plans: the curves of a file where one was given (in the metric it was written for unless
 * another is asked for), else the energy curves. The layers are factorised.
 *
 * @throws FailureError `unreadable-file` or `invalid-request` where the file is not one of ours, is another
 * network's, or is missing though the metric looks at images
 */
export async function takeCurves(workspace: Workspace, { curves, metric }: CurveOptions): Promise<void> {
  if (curves === null) {
    if (metric?.needs.images) {
      fail(
        'invalid-request',
        `--metric ${metric.id}: expected --curves, found none; give a file that enc curves --out wrote.`,
      );
    }
    workspace.update((state) => withSettings(state, { metric: firstMetric }));
    return;
  }
  const file = await readCurvesFile(curves);
  if (file.fingerprint !== workspace.network.fingerprint) {
    fail(
      'invalid-request',
      `${curves}: expected curves of this network, found those of another (fingerprint ${file.fingerprint}); give its own.`,
    );
  }
  const chosen = metric ?? metrics.get(file.metric);
  takePoints(workspace, file, chosen);
  const { needs, id } = chosen;
  if (needs.images && shownCurves(workspace.state)?.metric !== id)
    fail(
      'invalid-request',
      `${curves}: expected measured points, found none that fit; measure them by enc curves --metric.`,
    );
}

/**
 * Reads a file of curves, or joins the results of a folder that a shared sweep has filled.
 *
 * @throws FailureError `unreadable-file` where there is none, or it is something else, `invalid-request` where results
 * are missing
 */
async function readCurvesFile(path: string): Promise<PrintedCurves> {
  const isFolder = (await stat(path).catch(() => null))?.isDirectory() ?? false;
  if (isFolder) return readCurves(await mergedText(path, sweepStatement.id), path);
  const text = await readFile(path, 'utf8').catch(() =>
    fail('unreadable-file', `${path}: expected a file of curves, found none; write one by enc curves --out.`),
  );
  return readCurves(text, path);
}

function takePoints(workspace: Workspace, file: PrintedCurves, { id }: QualityMetric): void {
  const points = file.layers.flatMap((layer) => layer.points.map(bare));
  const key = file.pointsKey ?? `file ${file.fingerprint}`;
  workspace.update((state) => {
    const asked = withSettings(state, { metric: id });
    return withCurvesFrom(withPoints(asked, key, points), key);
  });
}
