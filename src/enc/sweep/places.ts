import type { SweepTask } from './schedule';

/** What a layer of the network computes, for predictions of time. */
export interface LayerMacs {
  readonly name: string;
  readonly macs: number;
  readonly macsPerRank: number;
}

/** Where a layer stands in the network: multiply-accumulates on one image. */
export interface LayerPlace {
  /** Of all layers before it. */
  readonly before: number;
  /** Of the layer itself, uncut. */
  readonly own: number;
  /** Of all layers behind it. */
  readonly behind: number;
  /** Of each rank that it is cut to. */
  readonly perRank: number;
}

/** How much the network computes before and behind each layer, per image. @param network in network order */
export function placesOf(network: readonly LayerMacs[]): ReadonlyMap<string, LayerPlace> {
  const total = network.reduce((sum, { macs }) => sum + macs, 0);
  let before = 0;
  return new Map(
    network.map(({ name, macs, macsPerRank }) => {
      const place = { before, own: macs, behind: total - before - macs, perRank: macsPerRank };
      before += macs;
      return [name, place] as const;
    }),
  );
}

/**
 * Multiply-accumulates of one task of a walk over all layers: everything from the cut on, rank by rank, and the uncut
 * layer, which carries the activations on to the next one.
 */
export function taskMacs(
  { layer, ranks, from, to }: SweepTask,
  places: ReadonlyMap<string, LayerPlace>,
): number {
  const { own, behind, perRank } = places.get(layer.name)!;
  return (to - from) * ranks.reduce((sum, rank) => sum + behind + rank * perRank, own);
}
