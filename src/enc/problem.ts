import type { LayerDescription, Ranks } from '../network/layers';

/** One layer as rank selection sees it: an ordered list of choices, each dearer than the one before. */
export interface SelectableLayer {
  readonly name: string;
  readonly rankMax: number;
  /** Rank of each choice, rising; the last may be null, which keeps the original layer at its own cost. */
  readonly ranks: readonly (number | null)[];
  /** MACs of each choice on one image, strictly increasing. */
  readonly macs: Float64Array;
  /** Weights and biases of each choice. */
  readonly parameters: Float64Array;
}

/** What every method chooses from: the layers that may be cut, and the cost of the rest of the network. */
export interface SelectionProblem {
  readonly layers: readonly SelectableLayer[];
  /** Every convolution and dense layer that is kept whatever the target, in network order. */
  readonly kept: readonly string[];
  /** MACs and parameters that no choice changes. */
  readonly keptMacs: number;
  readonly keptParameters: number;
  /** Of the original network. */
  readonly totalMacs: number;
  readonly totalParameters: number;
}

/**
 * Builds the choices of one layer. A rank that costs as many MACs as the layer itself is left out: keeping the
 * original is then never worse.
 */
function selectableLayer(layer: LayerDescription): SelectableLayer {
  const ranks: number[] = [];
  for (let rank = 1; rank <= layer.rankMax && rank * layer.macsPerRank < layer.macs; rank++) ranks.push(rank);
  const parameters = ranks.map((rank) => rank * layer.parametersPerRank + layer.biasParameters);
  return {
    name: layer.name,
    rankMax: layer.rankMax,
    ranks: [...ranks, null],
    macs: Float64Array.from([...ranks.map((rank) => rank * layer.macsPerRank), layer.macs]),
    parameters: Float64Array.from([...parameters, layer.parameters]),
  };
}

/**
 * States the selection problem of a network.
 *
 * @param descriptions every convolution and dense layer, in network order
 * @param totals MACs and parameters of the whole network
 * @param isIncluded whether a layer that can be factorised may be cut; by default unless it is kept by default
 */
export function selectionProblem(
  descriptions: readonly LayerDescription[],
  totals: { readonly macs: number; readonly parameters: number },
  isIncluded: (layer: LayerDescription) => boolean = (layer) => layer.keptByDefault === null,
): SelectionProblem {
  const canBeCut = (layer: LayerDescription) =>
    layer.kept === null && layer.rankMax >= 1 && isIncluded(layer);
  const layers = descriptions
    .filter(canBeCut)
    .map(selectableLayer)
    .filter((layer) => layer.macs.length > 1);
  const names = new Set(layers.map((layer) => layer.name));
  const sumOfOriginals = (pick: (layer: SelectableLayer) => Float64Array) =>
    layers.reduce((sum, layer) => sum + pick(layer)[pick(layer).length - 1], 0);
  return {
    layers,
    kept: descriptions.filter((layer) => !names.has(layer.name)).map((layer) => layer.name),
    keptMacs: totals.macs - sumOfOriginals((layer) => layer.macs),
    keptParameters: totals.parameters - sumOfOriginals((layer) => layer.parameters),
    totalMacs: totals.macs,
    totalParameters: totals.parameters,
  };
}

/** The choice that stands for a rank; a rank too dear to be a choice, or none, is the last choice. */
export function choiceOfRank(layer: SelectableLayer, rank: number | null | undefined): number {
  const choice = layer.ranks.indexOf(rank ?? null);
  return choice === -1 ? layer.ranks.length - 1 : choice;
}

/** MACs and parameters of the network under one choice per layer. */
export function costOfChoices(
  problem: SelectionProblem,
  choices: ArrayLike<number>,
): { macs: number; parameters: number } {
  let macs = problem.keptMacs;
  let parameters = problem.keptParameters;
  problem.layers.forEach((layer, index) => {
    macs += layer.macs[choices[index]];
    parameters += layer.parameters[choices[index]];
  });
  return { macs, parameters };
}

/** A rank per layer of the problem, null where the choice keeps the original. */
export function ranksOfChoices(problem: SelectionProblem, choices: ArrayLike<number>): Ranks {
  return Object.fromEntries(problem.layers.map((layer, index) => [layer.name, layer.ranks[choices[index]]]));
}
