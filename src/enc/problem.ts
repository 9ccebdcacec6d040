import type { LayerDescription, Ranks } from '../network/layers';
import { mapCosts, perCost, perParameterOf, type Cost, type NetworkTotals, type PerCost } from './costs';
import { limitedChoices, type RankLimits } from './rankLimits';
import { sharedExcess, sharedKernelsOf, type SharedKernel } from './sharedKernels';

/** One layer as rank selection sees it: an ordered list of choices, each better than the one before. */
export interface SelectableLayer {
  readonly name: string;
  readonly rankMax: number;
  /** Rank of each choice, rising, at least one; the last may be null, which keeps the layer at its own cost. */
  readonly ranks: readonly (number | null)[];
  /**
   * What each choice costs, by the name of the cost. MACs rise strictly; other costs need not (a rank that saves
   * MACs may hold more weights than the layer), see `risingChoices`.
   */
  readonly costs: PerCost<Float64Array>;
}

/** What every method chooses from: the layers that may be cut, and the cost of the rest of the network. */
export interface SelectionProblem {
  readonly layers: readonly SelectableLayer[];
  /** Every convolution and dense layer that is kept whatever the budget, in network order. */
  readonly kept: readonly string[];
  /** What no choice changes. */
  readonly keptCosts: PerCost<number>;
  /** Of the original network. */
  readonly totals: PerCost<number>;
  /** Kernels that several layers use; absent where there are none. */
  readonly sharedKernels?: readonly SharedKernel[];
}

/**
 * Builds the choices of one layer. A rank that costs as many MACs as the layer itself is no choice, whatever the
 * budget: curves end at r_max, which MACs define. Choices that another cost makes pointless stay, because they may
 * save MACs; a budget on that cost passes over them.
 */
function selectableLayer(
  layer: LayerDescription,
  limits: RankLimits,
  costs: readonly Cost[],
): SelectableLayer {
  const ranks = limitedChoices(usefulRanks(layer), limits);
  return {
    name: layer.name,
    rankMax: layer.rankMax,
    ranks,
    costs: perCost(
      ({ atRank, ofLayer }) =>
        Float64Array.from(ranks, (rank) => (rank === null ? ofLayer(layer) : atRank(layer, rank))),
      costs,
    ),
  };
}

/** Ranks at which the factors of a layer cost fewer MACs than the layer, rising. */
export function usefulRanks({ rankMax, macsPerRank, macs }: LayerDescription): readonly number[] {
  const ranks: number[] = [];
  for (let rank = 1; rank <= rankMax && rank * macsPerRank < macs; rank++) ranks.push(rank);
  return ranks;
}

/** What a problem may say beside the network and which layers may be cut. */
export interface ProblemOptions {
  /** What a person decided about a layer's ranks; nothing unless given. */
  readonly limitsOf?: (layer: LayerDescription) => RankLimits;
  /** Costs that were measured. */
  readonly costs?: readonly Cost[];
}

/**
 * States the selection problem of a network.
 *
 * @param descriptions every convolution and dense layer, in network order
 * @param totals of the whole network
 * @param isIncluded whether a layer that can be factorised may be cut; by default unless it is kept by default
 */
export function selectionProblem(
  descriptions: readonly LayerDescription[],
  totals: NetworkTotals,
  isIncluded: (layer: LayerDescription) => boolean = (layer) => layer.keptByDefault === null,
  { limitsOf = () => ({}), costs = [] }: ProblemOptions = {},
): SelectionProblem {
  const canBeCut = (layer: LayerDescription) =>
    layer.kept === null && layer.rankMax >= 1 && isIncluded(layer);
  const layers = descriptions
    .filter(canBeCut)
    .map((layer) => selectableLayer(layer, limitsOf(layer), costs))
    .filter(({ ranks }) => ranks[0] !== null);
  const names = new Set(layers.map((layer) => layer.name));
  const selected = descriptions.filter(({ name }) => names.has(name));
  const kept = perCost(
    (cost) => cost.ofNetwork(totals) - selected.reduce((sum, layer) => sum + cost.ofLayer(layer), 0),
    costs,
  );
  const sharedKernels = sharedKernelsOf(
    descriptions,
    layers.map(({ name }) => name),
  );
  return {
    layers,
    kept: descriptions.filter((layer) => !names.has(layer.name)).map((layer) => layer.name),
    keptCosts: kept,
    totals: perCost((cost) => cost.ofNetwork(totals), costs),
    ...(sharedKernels.length > 0 ? { sharedKernels } : {}),
  };
}

/** What the network costs under one choice per layer. */
export function costOfChoices(problem: SelectionProblem, choices: ArrayLike<number>): PerCost<number> {
  const { layers, keptCosts, sharedKernels } = problem;
  const sums = mapCosts(keptCosts, (kept, cost) =>
    layers.reduce((sum, layer, index) => sum + layer.costs[cost][choices[index]], kept),
  );
  if (!sharedKernels) return sums;
  const rankOf = (layer: number) => layers[layer].ranks[choices[layer]];
  const excess = sharedKernels.reduce((sum, kernel) => sum + sharedExcess(kernel, rankOf), 0);
  return mapCosts(sums, (sum, cost) => sum + excess * (perParameterOf(cost) ?? 0));
}

/** A rank per layer of the problem, null where the choice keeps the original. */
export function ranksOfChoices(problem: SelectionProblem, choices: ArrayLike<number>): Ranks {
  return Object.fromEntries(problem.layers.map((layer, index) => [layer.name, layer.ranks[choices[index]]]));
}
