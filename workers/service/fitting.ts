import { fitFromOriginal, originalMoments } from '../../src/repair/fromOriginal';
import type { Pause } from '../../src/engine/executor';
import { contentDigest } from '../../src/network/contentDigest';
import type { FitTask, RefittedRank } from '../protocol/repair';
import type { ComparisonImages } from './exporting';
import type { Session } from './session';

/**
 * Re-fits each of the task's layers at each of its ranks, in network order, from one pass over the images.
 *
 * @param on the calibration images
 * @param onLayer told how many layers are done
 * @throws FailureError `invalid-request` for a layer that is not factorised, and whatever `pause` throws
 */
export async function fitLayers(
  session: Session,
  { network, layers, seed }: FitTask,
  on: ComparisonImages,
  pause: Pause,
  onLayer: (done: number) => void,
): Promise<readonly RefittedRank[]> {
  const ranksOf = new Map(layers.map(({ layer, ranks }) => [layer, ranks]));
  const factors = layers.map(({ layer }) => session.factorsOf(network, layer));
  const original = session.openNetwork(network).network;
  const fits: RefittedRank[] = [];
  let done = 0;
  for await (const moments of originalMoments({ network: original, factors, ...on, seed, pause })) {
    const { name } = moments.step.target.node;
    for (const rank of ranksOf.get(name) ?? []) {
      await pause();
      const [patch] = fitFromOriginal(moments, session.factorsOf(network, name), [rank]);
      fits.push({ layer: name, rank, patch: patch! });
    }
    onLayer(++done);
  }
  return fits;
}

/** Names fits by what they depend on beside layer and rank. */
export function fitKey({ calibration, seed }: Pick<FitTask, 'calibration' | 'seed'>): string {
  const { images, indices, preprocessing } = calibration;
  const which = indices ? contentDigest(indices) : 'all';
  return [images, which, JSON.stringify(preprocessing), seed].join(' ');
}
