import type { Recipe } from '../src/compression/recipe';
import { unwrap } from '../src/network/failure';
import { comparedImages, imageParts, selectionOf } from '../src/project/images';
import { exportKind, type ExportedNetwork } from '../workers/protocol/export';
import type { ImageSelection } from '../workers/protocol/selection';
import type { OutTarget } from './outFiles';
import { progressLine } from './output';
import { never, type Workspace } from './workspace';

/** Writes a recipe's network and compares what was written on some of the report images, or on noise without any. */
export async function exported(
  workspace: Workspace,
  { format, isFolder, isFamily }: OutTarget,
  recipe: Recipe,
  metadata: Readonly<Record<string, string>>,
): Promise<ExportedNetwork> {
  const isPacked = !isFolder && !isFamily;
  const request = { recipe, format, isPacked, metadata, selection: comparedOn(workspace) };
  return unwrap(await workspace.studio.run(never, exportKind, request, progressLine()));
}

function comparedOn({ state }: Workspace): ImageSelection | null {
  const report = imageParts(state)?.report;
  if (!report || report.indices.length === 0) return null;
  const selection = selectionOf(report);
  return { ...selection, indices: selection.indices.slice(0, comparedImages) };
}
