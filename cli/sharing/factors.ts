import { join } from 'node:path';
import type { LayerDescription } from '../../src/network/layers';
import { forgetful } from '../../src/project/caches';
import { factorFiles } from '../factorFiles';
import type { Workspace } from '../workspace';
import type { ResultsFolder } from './resultsFolder';

/**
 * Factorises layers that are not factorised yet, once for all who share a folder: factors lie there by the content
 * of the network that they are of. A damaged file is computed and written anew.
 */
export function factoriseShared(
  workspace: Workspace,
  folder: ResultsFolder,
  layers: readonly LayerDescription[],
): Promise<void> {
  const caches = { ...forgetful, leastWork: 0, ...factorFiles(join(folder.path, 'cache')) };
  return workspace.factorise(layers, {}, caches);
}
