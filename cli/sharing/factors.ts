import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { energyCurve } from '../../src/enc/curve';
import { arithmeticVersion } from '../../src/enc/sweep/arithmetic';
import { canonicalKey } from '../../src/network/canonical';
import { contentDigest } from '../../src/network/contentDigest';
import type { LayerFactors } from '../../src/network/factors';
import { unwrap } from '../../src/network/failure';
import type { LayerDescription } from '../../src/network/layers';
import { withCurves } from '../../src/project/transitions';
import { adoptFactorsKind, lendFactorsKind } from '../../workers/protocol/factors';
import { never, type Workspace } from '../workspace';
import { writeWhole } from '../writing';
import type { ResultsFolder } from './resultsFolder';

/** Length of the digest in front of what a file of the cache holds. */
const digestLength = 32;

/**
 * Factorises layers that are not factorised yet, once for all who share a folder: factors lie there by the content
 * of the network that they are of. A damaged file is computed and written anew.
 */
export async function factoriseShared(
  workspace: Workspace,
  folder: ResultsFolder,
  layers: readonly LayerDescription[],
): Promise<void> {
  const { curves } = workspace.state.network!;
  const left = layers.filter(({ name }) => !curves.has(name));
  if (left.length === 0) return;
  const cache = join(folder.path, 'cache');
  await mkdir(cache, { recursive: true });
  const known = await Promise.all(left.map((layer) => readFactors(pathOf(cache, workspace, layer))));
  await adopt(workspace, left, known);
  const missing = left.filter((_, index) => known[index] === null);
  if (missing.length === 0) return;
  await workspace.factorise(missing);
  const task = { network: workspace.network.fingerprint, layers: missing.map(({ name }) => name) };
  const fresh = unwrap(await workspace.studio.run(never, lendFactorsKind, task, () => undefined));
  for (const factors of fresh) {
    const layer = missing.find(({ name }) => name === factors.layer)!;
    await writeWhole(pathOf(cache, workspace, layer), fileOf(factors));
  }
}

/** Hands factors to the threads, and the energy curves that follow from them to the project. */
async function adopt(
  workspace: Workspace,
  layers: readonly LayerDescription[],
  known: readonly (LayerFactors | null)[],
): Promise<void> {
  const network = workspace.network.fingerprint;
  const factors = known.filter((own) => own !== null);
  unwrap(await workspace.studio.run(never, adoptFactorsKind, { network, factors }, () => undefined));
  const fresh = layers.flatMap(({ name, rankMax }, index) => {
    const own = known[index];
    return own ? [energyCurve(name, own.singularValues, rankMax)] : [];
  });
  workspace.update((state) => withCurves(state, network, fresh));
}

function pathOf(cache: string, { network }: Workspace, layer: LayerDescription): string {
  const { name, factorisation, rankMax } = layer;
  const content = ['factors', arithmeticVersion, network.fingerprint, name, factorisation, rankMax];
  return join(cache, canonicalKey(content));
}

function fileOf(factors: LayerFactors): Uint8Array {
  const content = serialize(factors);
  return Buffer.concat([Buffer.from(contentDigest(content), 'latin1'), content]);
}

/** null where there are none, or not whole. */
async function readFactors(path: string): Promise<LayerFactors | null> {
  const file = await readFile(path).catch(() => null);
  if (file === null) return null;
  const content = Uint8Array.from(file.subarray(digestLength));
  const digest = file.subarray(0, digestLength).toString('latin1');
  return contentDigest(content) === digest ? (deserialize(content) as LayerFactors) : null;
}
