import { countAgreeing } from '../../answers/agreement';
import { countCorrect } from '../../answers/correct';
import { softenedDivergences } from '../../answers/divergence';
import type { Scores } from '../../answers/scores';
import { topClass } from '../../answers/topClasses';
import type { MeasuredPoint, SweepLayer } from '../../enc/sweep/points';
import { describeLayers } from '../../network/describe';
import { factoriseLayer } from '../../network/factors';
import type { Network } from '../../network/graph';
import { labelsOf, type ImageSet, type Preprocessing } from '../../network/images';
import { rewriteNetwork } from '../../network/rewrite';
import { evaluate } from '../evaluate';
import { createExecutor } from '../executor';
import { Sweep, type SweepOptions } from '../sweep/sweep';

/** A network and the images that it is measured on. */
export interface SweepSetting {
  readonly network: Network;
  readonly images: ImageSet;
  readonly preprocessing: Preprocessing;
  readonly indices: Uint32Array;
}

/** The layers of a network that can be cut. */
export function layersOf(network: Network): SweepLayer[] {
  return describeLayers(network).filter(({ kept }) => kept === null);
}

/** The network with one layer cut, by rank. */
export function variantsOf(
  network: Network,
  layer: SweepLayer,
  ranks: readonly number[],
): Map<number, Network> {
  const node = network.nodes.find(({ name }) => name === layer.name)!;
  const factors = factoriseLayer(node, layer.factorisation);
  return new Map(ranks.map((rank) => [rank, rewriteNetwork(network, { [layer.name]: rank }, () => factors)]));
}

/** Both ends of a layer's ranks and one in between. */
export function endsAndMiddle({ rankMax }: SweepLayer): number[] {
  return [...new Set([1, Math.ceil(rankMax / 2), rankMax])];
}

/** What a sweep must find too. */
export type PlainPoint = Pick<MeasuredPoint, 'images' | 'correct' | 'correctUncut' | 'divergence'>;

/** Measures cut networks by running each in full, in batches of a size that no sweep has. */
export class PlainLoop {
  #uncut: Promise<Scores> | null = null;

  constructor(private readonly setting: SweepSetting) {}

  async point(variant: Network): Promise<PlainPoint> {
    const { images, indices } = this.setting;
    const uncut = await (this.#uncut ??= this.#run(this.setting.network));
    const cut = await this.#run(variant);
    const labels = labelsOf(images, indices);
    const rightOf = (answers: Scores) =>
      labels ? countCorrect(answers, labels).top1 : countAgreeing(topClass(uncut), topClass(answers));
    const divergence = softenedDivergences(uncut, cut).reduce((sum, value) => sum + value, 0);
    return {
      images: indices.length,
      correct: rightOf(cut),
      correctUncut: rightOf(uncut),
      divergence: Math.max(0, divergence / indices.length),
    };
  }

  async #run(network: Network): Promise<Scores> {
    const { images, preprocessing, indices } = this.setting;
    const executor = createExecutor(network);
    try {
      return await evaluate(executor, images, preprocessing, { indices, batchSize: 5 });
    } finally {
      executor.dispose();
    }
  }
}

/** Runs some work with a sweep of its own. */
export async function withSweep<T>(
  setting: SweepSetting,
  options: SweepOptions,
  work: (sweep: Sweep) => Promise<T>,
): Promise<T> {
  const executor = createExecutor(setting.network);
  const sweep = new Sweep(executor, setting.images, setting.preprocessing, setting.indices, options);
  try {
    return await work(sweep);
  } finally {
    sweep.dispose();
    executor.dispose();
  }
}

/** A layer's points at some ranks, measured by a sweep and by a plain loop; they must be equal. */
export async function measureBothWays(
  setting: SweepSetting,
  layer: SweepLayer,
  ranks: readonly number[],
  sweep: Sweep,
  loop = new PlainLoop(setting),
): Promise<{ readonly swept: readonly PlainPoint[]; readonly plain: readonly PlainPoint[] }> {
  const variants = variantsOf(setting.network, layer, ranks);
  const points = await sweep.measure({ layer, variants, from: 0, to: setting.indices.length });
  const swept = points.map(({ images, correct, correctUncut, divergence }) => {
    return { images, correct, correctUncut, divergence };
  });
  const plain: PlainPoint[] = [];
  for (const rank of ranks) plain.push(await loop.point(variants.get(rank)!));
  return { swept, plain };
}
