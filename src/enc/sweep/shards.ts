import { rankGrid } from './grid';
import { partition, type ElementCost } from './partition';
import type { PieceSet } from './pieces';
import { placesOf, type LayerMacs } from './places';
import type { SweepLayer } from './points';
import { relevantBand } from './relevance';
import { nextTasks, pieceRuns, unmeasured, type SweepSettings, type SweepTask } from './schedule';

/** A whole sweep that several machines share. */
export interface SharedSweep {
  /** Layers to measure, in network order. */
  readonly layers: readonly SweepLayer[];
  /** Every layer of the network, in network order. */
  readonly network: readonly LayerMacs[];
  readonly settings: SweepSettings;
  /** Images on which every layer is re-fitted before it is measured; 0 where layers are truncated. */
  readonly refitImages: number;
}

/** A machine's part of a sweep. */
export interface SweepShard {
  /** What it measures at most: a sweep that is not exhaustive leaves out what cannot tell anything. */
  readonly tasks: readonly SweepTask[];
  /** Multiply-accumulates of that, activations before the cuts included. */
  readonly macs: number;
}

/**
 * Shares a sweep between machines, by the multiply-accumulates behind every cut. Neighbours in the network stay
 * together, since what is computed before a cut is computed before the next one, too. An exhaustive sweep is cut
 * between ranks, layers and pieces of the images; another one between layers, as what a layer needs next depends on
 * all that was seen of it.
 *
 * @param count shards to answer; the same on every machine
 */
export function sweepShards(sweep: SharedSweep, count: number): readonly SweepShard[] {
  const elements = elementsOf(sweep);
  const costs = costsOf(elements, sweep);
  return partition(costs, count).map(({ from, to, cost }) => ({
    tasks: grouped(elements.slice(from, to)),
    macs: cost,
  }));
}

/** What a shard has to measure next, given what is known. An empty answer means that it is finished. */
export function nextOfShard(
  { tasks }: SweepShard,
  pieces: PieceSet,
  { layers, settings }: SharedSweep,
): readonly SweepTask[] {
  if (!settings.exhaustive) {
    const own = tasks.map(({ layer }) => layer);
    return nextTasks(own, pieces, settings, relevantBand(layers.length));
  }
  return tasks.flatMap((task) => unmeasured(task, pieces));
}

/** The smallest parts that a sweep is cut into, in the order in which they are measured. */
function elementsOf({ layers, settings, refitImages }: SharedSweep): readonly SweepTask[] {
  const { images, ranksPerLayer } = settings;
  const gridOf = ({ rankMax }: SweepLayer) => rankGrid(rankMax, ranksPerLayer);
  if (!settings.exhaustive)
    return layers.map((layer) => ({ layer, ranks: gridOf(layer), from: 0, to: images }));
  const ofPiece = (layer: SweepLayer, run: { from: number; to: number }) =>
    gridOf(layer).map((rank): SweepTask => ({ layer, ranks: [rank], ...run }));
  const runs = pieceRuns(0, images);
  // A layer that has to be re-fitted stays together; otherwise a piece does, for the activations before the cuts.
  return refitImages > 0
    ? layers.flatMap((layer) => runs.flatMap((run) => ofPiece(layer, run)))
    : runs.flatMap((run) => layers.flatMap((layer) => ofPiece(layer, run)));
}

function costsOf(elements: readonly SweepTask[], { network, refitImages }: SharedSweep): ElementCost[] {
  const places = placesOf(network);
  return elements.map((element, index) => {
    const { layer, ranks, from, to } = element;
    const { before, behind, perRank } = places.get(layer.name)!;
    const images = to - from;
    const own = images * ranks.reduce((sum, rank) => sum + behind + rank * perRank, 0);
    const refit = refitImages * before;
    const former = elements[index - 1];
    const isSameLayer = former?.layer === layer;
    const isSamePiece = former?.from === from && former.to === to;
    const gained = former ? before - places.get(former.layer.name)!.before : 0;
    const activations = isSamePiece && gained >= 0 ? gained : before;
    // The original's answers are what every piece is compared with.
    const answers = isSamePiece ? 0 : behind;
    return {
      own,
      start: images * (before + behind) + refit,
      step: images * (activations + answers) + (isSameLayer ? 0 : refit),
    };
  });
}

/** Neighbours that differ in rank alone become one task. */
function grouped(elements: readonly SweepTask[]): readonly SweepTask[] {
  const tasks: SweepTask[] = [];
  for (const element of elements) {
    const last = tasks.at(-1);
    const isSame = last?.layer === element.layer && last.from === element.from && last.to === element.to;
    if (isSame) tasks[tasks.length - 1] = { ...last, ranks: [...last.ranks, ...element.ranks] };
    else tasks.push(element);
  }
  return tasks;
}
