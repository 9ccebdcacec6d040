import { drawnIndices } from '../../src/compression/draw';
import type { Step } from '../../src/compression/recipe';
import { imagesOf } from '../../src/compression/steps/step';
import type { SharedSweep } from '../../src/enc/sweep/shards';
import { fail } from '../../src/network/failure';
import { setOf } from '../../src/project/images';
import { statementOf } from '../../src/project/sharing/exporting';
import { sweepStatement, type SweepStatement } from '../../src/project/sharing/sweepStatement';
import { openSweep, type SweepOptions } from '../measuring';
import type { Workspace } from '../workspace';
import { openResults } from './gathering';
import type { SharedOptions } from './options';
import { ResultsFolder } from './resultsFolder';

export interface SharedSweepOptions extends SweepOptions, SharedOptions {
  /** Go on with the sweep that the folder states, whatever the options say of its settings. */
  readonly isContinued: boolean;
}

/** Opens the images of a sweep, and states it. */
export async function shareSweep(
  workspace: Workspace,
  options: SharedSweepOptions,
): Promise<{ readonly statement: SweepStatement; readonly shared: SharedSweep }> {
  // Trying other preprocessings takes a good part of a small shard's time.
  const own = { ...options, saysDoubtItself: true };
  const statement = await (options.isContinued ? continuedSweep(workspace, own) : begunSweep(workspace, own));
  const { layers, settings, refit } = statement.about;
  const refitImages = refit ? imageCountOf(workspace, refit) : 0;
  return { statement, shared: { layers, network: workspace.network.layers, settings, refitImages } };
}

/** Whoever states a sweep first says whether its preprocessing is doubtful; the others would say the same. */
async function begunSweep(workspace: Workspace, options: SharedSweepOptions): Promise<SweepStatement> {
  const { task, images } = await openSweep(workspace, options);
  const statement = statementOf(workspace.state, task, options.metric.id, options.command);
  const isSaid = await new ResultsFolder(options.out).states(sweepStatement, statement);
  if (!isSaid) await workspace.sayDoubt({ ...options, data: options.data! }, images);
  return statement;
}

/** Number of images that a step looks at. */
function imageCountOf({ state }: Workspace, step: Step): number {
  const { draw, images } = imagesOf(step);
  return drawnIndices(draw, setOf(state, images)!.count).length;
}

/**
 * Opens what the folder's sweep is about, such as one that was begun in the page.
 *
 * @throws FailureError `invalid-request` where network or images are others
 */
async function continuedSweep(workspace: Workspace, options: SharedSweepOptions): Promise<SweepStatement> {
  const { merger, statement: stated } = await openResults(new ResultsFolder(options.out));
  if (merger.id !== sweepStatement.id)
    fail(
      'invalid-request',
      `${options.out}: expected the results of a sweep, found those of enc ${merger.id}; give another folder.`,
    );
  // Its schema has read it.
  const statement = stated as SweepStatement;
  const { network, about } = statement;
  if (network.fingerprint !== workspace.network.fingerprint)
    fail(
      'invalid-request',
      `${options.out}: expected a sweep of this network, found one of ${network.name} (fingerprint ${network.fingerprint}); give that one.`,
    );
  const { data, repair } = options;
  const sets = [data, repair?.calibration].flatMap((files, index) =>
    files ? [{ files, use: index === 0 ? ('validation' as const) : ('calibration' as const) }] : [],
  );
  for (const { files, use } of sets) await workspace.open({ ...options, data: files }, use);
  requireOpen(workspace, about.selection.images, `${statement.images.name}, by --data`, options.out);
  if (about.refit)
    requireOpen(workspace, imagesOf(about.refit).images, 'for --repair, by --calibration', options.out);
  workspace.use({
    selection: about.selection,
    ...(about.refit ? { calibration: imagesOf(about.refit) } : {}),
  });
  return statement;
}

function requireOpen({ state }: Workspace, fingerprint: string, what: string, path: string): void {
  if (setOf(state, fingerprint)) return;
  fail(
    'invalid-request',
    `${path}: expected a sweep on these images, found one on others (fingerprint ${fingerprint}); give those ${what}.`,
  );
}
