import { rankGrid } from '../../src/enc/sweep/grid';
import type { SweepLayer } from '../../src/enc/sweep/points';
import type { OnProgress } from '../protocol/progress';
import { refitKind } from '../protocol/refit';
import type { SweepRequest } from '../protocol/sweep';
import type { JobPool } from './job';

/**
 * Re-fits the layers of a sweep at the ranks of its grid, each thread every so-manieth layer, and puts the patches
 * to every thread.
 *
 * @param layers those that are still to be measured
 */
export async function refitLayers(
  pool: JobPool,
  { network, refit, settings }: SweepRequest,
  layers: readonly SweepLayer[],
  onProgress: OnProgress,
): Promise<void> {
  if (!refit || layers.length === 0) return;
  const count = Math.max(1, Math.min(pool.threads, layers.length));
  const done = new Array<number>(count).fill(0);
  const refitPart = (part: number) => {
    const own = layers.filter((_, index) => index % count === part);
    const wanted = own.map(({ name, factorisation, rankMax }) => ({
      layer: name,
      factorisation,
      ranks: rankGrid(rankMax, settings.ranksPerLayer),
    }));
    const onLayer: OnProgress = (progress) => {
      done[part] = progress.done;
      const sum = done.reduce((total, layersDone) => total + layersDone, 0);
      onProgress({ stage: 'repairing', done: sum, total: layers.length, unit: 'layers' });
    };
    return pool.unit(
      refitKind,
      { network, layers: wanted, step: refit },
      { onProgress: onLayer, makes: (patches) => ({ kind: 'patches', network, patches }) },
    );
  };
  await Promise.all(Array.from({ length: count }, (_, part) => refitPart(part)));
}
