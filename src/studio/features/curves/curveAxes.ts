import { greatest } from '../../../linalg/extremes';
import type { LayerDescription } from '../../../network/layers';
import { ticksWithin } from '../../charts/axisRange';
import { rankMaxAt, wholeAt } from '../../charts/curvePath';
import type { Tick } from '../../charts/PlotFrame';

/** What curves are drawn against, and what that is called. */
export const curveAxisTitles = {
  rank: 'rank, % of the largest useful rank',
  macs: 'MACs of the layer, % of the network’s',
} as const;

export type CurveAxisName = keyof typeof curveAxisTitles;

/** Where curves lie across the plot, in shares of its width. */
export interface CurveAxis {
  readonly ticks: readonly Tick[];
  /** Whether layers that are kept whole stand in a lane of their own on the right. */
  readonly hasLane: boolean;
  /** Where a layer's curve ends, at its largest useful rank; it begins at 0, a rank being a share of that. */
  endOf(layer: LayerDescription): number;
  /** Where a layer stands that is kept whole. */
  wholeOf(layer: LayerDescription): number;
}

const byRank: CurveAxis = {
  ticks: [0, 0.25, 0.5, 0.75, 1].map((share) => ({ at: share * rankMaxAt, text: String(share * 100) })),
  hasLane: true,
  endOf: () => rankMaxAt,
  wholeOf: () => wholeAt,
};

/** Of the plot's width, left free behind the largest layer. */
const margin = 0.03;

/** Each layer as wide as what it computes: what its ranks cost beside those of others. */
function byMacs(layers: readonly LayerDescription[], macs: number): CurveAxis {
  const most = greatest(layers.map((layer) => layer.macs / macs)) / (1 - margin);
  const ticks = ticksWithin(0, most, 6, 0);
  const decimals = Math.min(2, Math.max(0, Math.ceil(-Math.log10((ticks[1] ?? 1) * 100) - 1e-9)));
  return {
    ticks: ticks.map((share) => ({ at: share / most, text: (share * 100).toFixed(decimals) })),
    hasLane: false,
    endOf: ({ rankMax, macsPerRank }) => (rankMax * macsPerRank) / macs / most,
    wholeOf: (layer) => layer.macs / macs / most,
  };
}

/**
 * Where curves lie across the plot.
 *
 * @param layers of the network, one or more
 * @param macs of the network
 */
export function curveAxis(name: CurveAxisName, layers: readonly LayerDescription[], macs: number): CurveAxis {
  return name === 'rank' || layers.length === 0 ? byRank : byMacs(layers, macs);
}

/** Where a rank of a layer stands; null is the whole layer. */
export function placeOfRank(axis: CurveAxis, layer: LayerDescription, rank: number | null): number {
  return rank === null ? axis.wholeOf(layer) : (rank / layer.rankMax) * axis.endOf(layer);
}
