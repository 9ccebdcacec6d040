import { isotonicFit } from '../linalg/isotonic';
import type { LayerDescription } from '../network/layers';
import type { Cost } from './costs';

/** What one layer takes, whole and cut to a few ranks, in milliseconds. */
export interface LayerTimes {
  readonly layer: string;
  readonly whole: number;
  /** Rising, 1 the first and the largest useful one the last. */
  readonly ranks: readonly number[];
  /** Of the two factors at each of those ranks, as it was measured. */
  readonly times: readonly number[];
}

/** Measured times of a network and its layers on one machine. */
export interface TimeTable {
  /** Of a run of the whole network, in milliseconds. */
  readonly total: number;
  readonly layers: readonly LayerTimes[];
}

/** How time is named where it has not been measured yet, too. */
export const measuredTime = { id: 'time', label: 'Time', unit: 'ms', noun: 'time' } as const;

/**
 * Time as something that a budget can hold a network to: measured at a few ranks, made monotone and interpolated
 * between them. What a network takes beside the layers of the table is what is left of the whole.
 */
export function timeCost(table: TimeTable): Cost {
  const times = new Map(table.layers.map((own) => [own.layer, own]));
  const fits = new Map(table.layers.map((own) => [own.layer, isotonicFit(own.times)]));
  return {
    ...measuredTime,
    ofLayer: ({ name }) => times.get(name)?.whole ?? 0,
    atRank: ({ name }: LayerDescription, rank) => {
      const own = times.get(name);
      return own ? interpolated(own.ranks, fits.get(name)!, rank) : 0;
    },
    ofNetwork: () => table.total,
  };
}

/** Straight between two ranks; beyond the ends as at the ends. */
function interpolated(ranks: readonly number[], times: ArrayLike<number>, rank: number): number {
  const next = ranks.findIndex((known) => known >= rank);
  if (next < 0) return times[ranks.length - 1];
  if (next === 0) return times[0];
  const share = (rank - ranks[next - 1]) / (ranks[next] - ranks[next - 1]);
  return times[next - 1] + share * (times[next] - times[next - 1]);
}

/** Ranks at which a layer is timed: the ends, and between them whole multiples of a kernel's lanes. */
export function timedRanks(rankMax: number): readonly number[] {
  const lanes = 4;
  const between = [1 / 8, 1 / 4, 1 / 2, 3 / 4].map((share) => lanes * Math.round((share * rankMax) / lanes));
  return [...new Set([1, ...between, rankMax])]
    .filter((rank) => rank >= 1 && rank <= rankMax)
    .sort((a, b) => a - b);
}
