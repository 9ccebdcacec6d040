import type { SweepLayer } from '../../src/enc/sweep/points';
import type { SweepTask } from '../../src/enc/sweep/schedule';
import type { OnProgress } from '../protocol/progress';
import { refitKind } from '../protocol/refit';
import type { SweepTasksSpec } from '../protocol/sweep';
import type { JobPool } from './job';

/**
 * Re-fits the layers of a sweep's tasks at their ranks, each thread every so-manieth layer, and puts the patches to
 * every thread.
 */
export async function refitLayers(
  pool: JobPool,
  { network, refit, tasks }: SweepTasksSpec['task'],
  onProgress: OnProgress,
): Promise<void> {
  const layers = layersOf(tasks);
  if (!refit || layers.length === 0) return;
  const count = Math.max(1, Math.min(pool.threads, layers.length));
  const done = new Array<number>(count).fill(0);
  const refitPart = (part: number) => {
    const wanted = layers.filter((_, index) => index % count === part);
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

/** The layers of tasks, each with all ranks that any of its tasks asks for. */
function layersOf(tasks: readonly SweepTask[]) {
  const ranks = new Map<SweepLayer['name'], { layer: SweepLayer; ranks: Set<number> }>();
  for (const { layer, ranks: own } of tasks) {
    const known = ranks.get(layer.name) ?? { layer, ranks: new Set() };
    ranks.set(layer.name, known);
    own.forEach((rank) => known.ranks.add(rank));
  }
  return [...ranks.values()].map(({ layer, ranks: all }) => ({
    layer: layer.name,
    factorisation: layer.factorisation,
    ranks: [...all].sort((a, b) => a - b),
  }));
}
