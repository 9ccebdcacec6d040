import type { LayerDescription } from '../../src/network/layers';
import type { Workspace } from '../workspace';
import type { ResultsFolder } from './resultsFolder';

/** Factorises layers that are not factorised yet. */
export async function factoriseShared(
  workspace: Workspace,
  _folder: ResultsFolder,
  layers: readonly LayerDescription[],
): Promise<void> {
  await workspace.factorise(layers);
}
