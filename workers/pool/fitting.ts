import { rankGrid } from '../../src/enc/sweep/grid';
import type { SweepLayer } from '../../src/enc/sweep/points';
import { unwrap } from '../../src/network/failure';
import type { OnProgress } from '../protocol/progress';
import type { SweepRequest } from '../protocol/sweep';
import type { ThreadQueue } from './threads';

/**
 * Re-fits the layers of a sweep at the ranks of its grid, each thread every so-manieth layer, and hands every fit
 * to every thread.
 *
 * @param layers those that are still to be measured
 * @returns the key of the fits; null where there is nothing to fit
 */
export async function fitOver(
  queue: ThreadQueue,
  job: string,
  signal: AbortSignal,
  { network, repair, settings }: SweepRequest,
  layers: readonly SweepLayer[],
  onProgress: OnProgress,
): Promise<string | null> {
  if (!repair || layers.length === 0) return null;
  const count = Math.min(queue.threads.length, layers.length);
  const done = new Array<number>(count).fill(0);
  const fitPart = (part: number) =>
    queue.run('background', async (service) => {
      if (signal.aborted) return null;
      const own = layers.filter((_, index) => index % count === part);
      const wanted = own.map(({ name, rankMax }) => ({
        layer: name,
        ranks: rankGrid(rankMax, settings.ranksPerLayer),
      }));
      const onLayer: OnProgress = (progress) => {
        done[part] = progress.done;
        const sum = done.reduce((total, layersDone) => total + layersDone, 0);
        onProgress({ stage: 'repairing', done: sum, total: layers.length, unit: 'layers' });
      };
      const { key, fits } = unwrap(
        await service.fitRanks(job, { network, ...repair, layers: wanted }, onLayer),
      );
      const others = queue.threads.filter((thread) => thread.service !== service);
      for (const thread of others) unwrap(await thread.service.acceptFits(network, key, fits));
      return key;
    });
  const keys = await Promise.all(Array.from({ length: count }, (_, part) => fitPart(part)));
  return keys[0] ?? null;
}
