import type { LayerDescription } from '../network/layers';

/** Name of a cost: the id of a {@link Cost}. */
export type CostName = string;

/** What a whole network is known to cost. */
export interface NetworkTotals {
  /** Multiply-accumulates on one image. */
  readonly macs: number;
  /** Weights and biases. */
  readonly parameters: number;
}

/** Something that a network has to pay, layer by layer, and that a budget can hold it to. */
export interface Cost {
  readonly id: CostName;
  /** For a person. */
  readonly label: string;
  /** What it is counted in. */
  readonly unit: string;
  /** In a sentence: "50 % of …". */
  readonly noun: string;
  /** Of the original layer. */
  ofLayer(layer: LayerDescription): number;
  /** Of the layer's two factors at a rank, its bias included. */
  atRank(layer: LayerDescription, rank: number): number;
  /** Of the original network. */
  ofNetwork(totals: NetworkTotals): number;
  /** Of one weight, where weights cost something: layers that share theirs pay for them once. */
  readonly perParameter?: number;
}

/** Bytes of one float32 weight. */
const bytesPerParameter = 4;

const parametersAtRank = (layer: LayerDescription, rank: number): number =>
  rank * layer.parametersPerRank + layer.biasParameters;

/**
 * Every cost that a selection problem carries in any case. One more is one more member, and one more name in
 * {@link PerCost}; one that has to be measured first is handed to the problem once it was.
 */
export const costs: readonly Cost[] = [
  {
    id: 'macs',
    label: 'Multiply-accumulates',
    unit: 'MACs',
    noun: 'MACs',
    ofLayer: ({ macs }) => macs,
    atRank: ({ macsPerRank }, rank) => rank * macsPerRank,
    ofNetwork: ({ macs }) => macs,
  },
  {
    id: 'parameters',
    label: 'Parameters',
    unit: 'parameters',
    noun: 'parameters',
    ofLayer: ({ parameters }) => parameters,
    atRank: parametersAtRank,
    ofNetwork: ({ parameters }) => parameters,
    perParameter: 1,
  },
  {
    id: 'bytes',
    label: 'Bytes of float32 weights',
    unit: 'bytes',
    noun: 'bytes',
    ofLayer: ({ parameters }) => bytesPerParameter * parameters,
    atRank: (layer, rank) => bytesPerParameter * parametersAtRank(layer, rank),
    ofNetwork: ({ parameters }) => bytesPerParameter * parameters,
    perParameter: bytesPerParameter,
  },
];

/** What one weight costs; undefined where weights cost nothing. */
export function perParameterOf(cost: CostName): number | undefined {
  return costs.find(({ id }) => id === cost)?.perParameter;
}

/** A value for every cost, by its name. Those that are always there can be read without asking. */
export interface PerCost<T> {
  readonly [cost: CostName]: T;
  readonly macs: T;
  readonly parameters: T;
  readonly bytes: T;
}

/**
 * Works out a value for every cost.
 *
 * @param more costs that are not always there, such as measured time
 */
export function perCost<T>(valueOf: (cost: Cost) => T, more: readonly Cost[] = []): PerCost<T> {
  // `costs` has a member for every name that PerCost promises.
  return Object.fromEntries(
    [...costs, ...more].map((cost) => [cost.id, valueOf(cost)]),
  ) as unknown as PerCost<T>;
}

/** Carries a value for every cost over to another one. */
export function mapCosts<T, U>(values: PerCost<T>, change: (value: T, cost: CostName) => U): PerCost<U> {
  return Object.fromEntries(
    Object.entries(values).map(([cost, value]) => [cost, change(value as T, cost)]),
  ) as unknown as PerCost<U>;
}

/** What may be spent: a share of what the original network costs. */
export interface Budget {
  readonly cost: CostName;
  /** 0 to 1. */
  readonly share: number;
}

/**
 * The choices of a layer that a budget on some cost may take: those that cost less than every better one that
 * follows. A rank that costs as much as a higher rank, or as the layer itself, is never worth it, so what is left
 * rises strictly. The last choice always stays.
 *
 * @param cost of every choice, the choices by rising quality
 * @returns their positions, rising
 */
export function risingChoices(cost: ArrayLike<number>): Int32Array {
  const rising: number[] = [];
  let least = Infinity;
  for (let choice = cost.length - 1; choice >= 0; choice--) {
    if (!(cost[choice] < least)) continue;
    least = cost[choice];
    rising.push(choice);
  }
  return Int32Array.from(rising.reverse());
}

/** Whether a budget on some cost may take every choice: what {@link risingChoices} finds nearly always. */
export function isRising(cost: ArrayLike<number>): boolean {
  for (let choice = 1; choice < cost.length; choice++) {
    if (!(cost[choice] > cost[choice - 1])) return false;
  }
  return true;
}
