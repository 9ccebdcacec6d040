import type { LayerDescription } from '../network/layers';

/** Layers that use one kernel: what they cost together is no sum of what each costs. */
export interface SharedKernel {
  /** Weights of the kernel. */
  readonly parameters: number;
  /** Whether the layer that the kernel is counted with is kept whatever the budget. */
  readonly isLeaderKept: boolean;
  /** Whether any of the layers is. */
  readonly isAnyKept: boolean;
  /** Those that may be cut; where the leader is among them, it comes first. */
  readonly members: readonly SharedMember[];
}

interface SharedMember {
  /** Among the layers of the problem. */
  readonly layer: number;
  readonly factorisation: string;
  /** Weights that each rank of its factors takes. */
  readonly perRank: number;
}

/**
 * The kernels that several layers use, as far as one of these may be cut.
 *
 * @param names of the layers that may be cut, in the problem's order
 */
export function sharedKernelsOf(
  descriptions: readonly LayerDescription[],
  names: readonly string[],
): readonly SharedKernel[] {
  const leaders = new Set(descriptions.flatMap(({ kernelOf }) => kernelOf ?? []));
  return [...leaders].flatMap((name) => {
    const group = descriptions.filter((layer) => layer.name === name || layer.kernelOf === name);
    const leader = group.find((layer) => layer.name === name);
    const members = group.flatMap(({ name: own, factorisation, parametersPerRank }) => {
      const layer = names.indexOf(own);
      return layer < 0 ? [] : [{ layer, factorisation, perRank: parametersPerRank }];
    });
    if (!leader || members.length === 0) return [];
    return {
      parameters: leader.parameters - leader.biasParameters,
      isLeaderKept: !names.includes(name),
      isAnyKept: members.length < group.length,
      members,
    };
  });
}

/**
 * Parameters that the layers of a kernel have together beyond the sum of what each has by itself: the kernel stays
 * while any of them is whole, and factors of the same rank are the same.
 *
 * @param rankOf the chosen rank of a layer of the problem; null where it is whole
 */
export function sharedExcess(
  { parameters, isLeaderKept, isAnyKept, members }: SharedKernel,
  rankOf: (layer: number) => number | null,
): number {
  const cuts = members.flatMap(({ layer, factorisation, perRank }) => {
    const rank = rankOf(layer);
    return rank === null ? [] : [{ key: `${factorisation} ${rank}`, weights: rank * perRank }];
  });
  const [first] = members;
  const isCounted = isLeaderKept || rankOf(first.layer) === null;
  const isThere = isAnyKept || cuts.length < members.length;
  const sum = cuts.reduce((total, { weights }) => total + weights, 0);
  const distinct = new Map(cuts.map(({ key, weights }) => [key, weights]));
  const factors = [...distinct.values()].reduce((total, weights) => total + weights, 0);
  return (Number(isThere) - Number(isCounted)) * parameters + factors - sum;
}
