import type { LayerDescription, Ranks } from '../network/layers';
import { perCost, perParameterOf, type NetworkTotals, type PerCost } from './costs';
import { sharedExcess, sharedKernelsOf } from './sharedKernels';
import { ownValue } from '../network/ownValue';

/**
 * What a network costs whose layers are cut to some ranks, whichever of them a problem would cut.
 *
 * @param descriptions every convolution and dense layer, in network order
 * @param totals of the original network
 * @param ranks by layer; those that are absent or null stay whole
 */
export function costsOfRanks(
  descriptions: readonly LayerDescription[],
  totals: NetworkTotals,
  ranks: Ranks,
): PerCost<number> {
  const cut = descriptions.flatMap((layer) => {
    const rank = ownValue(ranks, layer.name) ?? null;
    return rank === null ? [] : [{ layer, rank }];
  });
  const names = cut.map(({ layer }) => layer.name);
  const kernels = sharedKernelsOf(descriptions, names);
  const excess = kernels.reduce((sum, own) => sum + sharedExcess(own, (place) => cut[place].rank), 0);
  return perCost((cost) => {
    const saved = cut.reduce(
      (sum, { layer, rank }) => sum + cost.ofLayer(layer) - cost.atRank(layer, rank),
      0,
    );
    return cost.ofNetwork(totals) - saved + excess * (perParameterOf(cost.id) ?? 0);
  });
}
