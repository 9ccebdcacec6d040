import { isotonicFit } from '../linalg/isotonic';
import type { Factorisation, LayerDescription } from '../network/layers';
import type { Cost } from './costs';

/** What one layer takes, whole and cut in one way to a few ranks, in milliseconds. */
export interface LayerTimes {
  readonly layer: string;
  readonly factorisation: Factorisation;
  readonly whole: number;
  /** Rising, 1 the first and the largest useful one the last. */
  readonly ranks: readonly number[];
  /** Of the two factors at each of those ranks, as it was measured. */
  readonly times: readonly number[];
  /** Kernels compute each rank as the next multiple of it, which therefore takes as long; 1 unless given. */
  readonly lanes?: number;
}

/** Measured times of a network and its layers on one machine. */
export interface TimeTable {
  /** Of a run of the whole network, in milliseconds. */
  readonly total: number;
  /** A layer of which the better way to split it is to be found is there in both. */
  readonly layers: readonly LayerTimes[];
}

/** How time is named where it has not been measured yet, too. */
export const measuredTime = { id: 'time', label: 'Time', unit: 'ms', noun: 'time' } as const;

/**
 * Time as something that a budget can hold a network to: measured at a few ranks, made monotone and interpolated
 * between them, in steps as wide as the kernels' lanes. What a network takes beside the layers of the table is what is
 * left of the whole.
 */
export function timeCost(table: TimeTable): Cost {
  const fits = new Map(table.layers.map((own) => [keyOf(own.layer, own.factorisation), fitOf(own)]));
  const find = ({ name, factorisation }: LayerDescription) => fits.get(keyOf(name, factorisation));
  return {
    ...measuredTime,
    ofLayer: (layer) => find(layer)?.whole ?? 0,
    atRank: (layer, rank) => {
      const fit = find(layer);
      return fit ? interpolated(fit.ranks, fit.times, filled(rank, fit.lanes)) : 0;
    },
    ofNetwork: () => table.total,
  };
}

/** What a table says of a layer as it is split; undefined where it was not timed. */
export function timesOf(
  { layers }: TimeTable,
  { name, factorisation }: Pick<LayerDescription, 'name' | 'factorisation'>,
): LayerTimes | undefined {
  return layers.find((own) => own.layer === name && own.factorisation === factorisation);
}

const keyOf = (layer: string, factorisation: Factorisation) => `${factorisation} ${layer}`;

/** What a rank is computed as. */
const filled = (rank: number, lanes: number) => lanes * Math.ceil(rank / lanes);

/** Times at the ranks that are computed, never falling; ranks that are computed alike take what they take on average. */
function fitOf({ whole, ranks, times, lanes = 1 }: LayerTimes) {
  const computed = ranks.map((rank) => filled(rank, lanes));
  const alike = [...new Set(computed)];
  const means = alike.map((rank) => {
    const own = times.filter((_, index) => computed[index] === rank);
    return own.reduce((sum, time) => sum + time, 0) / own.length;
  });
  return { whole, lanes, ranks: alike, times: isotonicFit(means) };
}

/** Straight between two ranks; beyond the ends as at the ends. */
function interpolated(ranks: readonly number[], times: ArrayLike<number>, rank: number): number {
  const next = ranks.findIndex((known) => known >= rank);
  if (next < 0) return times[ranks.length - 1];
  if (next === 0) return times[0];
  const share = (rank - ranks[next - 1]) / (ranks[next] - ranks[next - 1]);
  return times[next - 1] + share * (times[next] - times[next - 1]);
}

/** Ranks at which a layer is timed between its first and its last. */
const ranksBetween = 7;

/** Ranks at which a layer is timed: the ends, and between them, evenly, whole multiples of a kernel's lanes. */
export function timedRanks(rankMax: number): readonly number[] {
  const lanes = 4;
  const step = lanes * Math.ceil(rankMax / (ranksBetween + 1) / lanes);
  const between = Array.from({ length: ranksBetween }, (_, index) => step * (index + 1));
  return [...new Set([1, ...between.filter((rank) => rank < rankMax), rankMax])];
}
