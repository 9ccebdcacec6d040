import type { GroupFit } from './regression/fitLayer';
import { firstRows, patchSize, type PatchLayout } from './regression/regression';
import { firstKernelShape, secondKernelShape } from '../network/factorOperators';
import type { LayerFactors } from '../network/factors';
import type { GraphNode, Tensor } from '../network/graph';
import type { LayerNode } from '../network/layerNodes';
import { withWeights } from '../network/layerWeights';
import type { Factorisation } from '../network/layers';
import { sizeOf } from '../network/shapes';
import { unfoldingOf } from '../network/unfolding';
import type { OutputUse } from './outputUse';

/** A layer that is re-fitted: at a rank of its factors, or whole. */
export interface RepairTarget {
  readonly node: LayerNode;
  readonly factorisation: Factorisation;
  /** null for a layer that is not cut. */
  readonly cut: { readonly factors: LayerFactors; readonly rank: number } | null;
}

/** The layer's kernel of one group in the patches' order, patchSize × outputs, in the units of its use. */
export function groupKernel(
  { node, factorisation }: RepairTarget,
  group: number,
  { gain }: OutputUse,
): Float64Array {
  const { kernel, firstTaps, secondTaps, inputs, outputs, groups } = unfoldingOf(node, factorisation);
  const result = new Float64Array(firstTaps * secondTaps * inputs * outputs);
  for (let tap = 0; tap < firstTaps * secondTaps; tap++) {
    const to = ((tap % secondTaps) * firstTaps + Math.floor(tap / secondTaps)) * inputs * outputs;
    for (let index = 0; index < inputs * outputs; index++) {
      const output = group * outputs + (index % outputs);
      const from = (tap * inputs + Math.floor(index / outputs)) * groups * outputs + output;
      result[to + index] = kernel.data[from]! * gain[output]!;
    }
  }
  return result;
}

/** What the layer computes in one group without repair, in the units of its use. */
export function unrepairedGroup(target: RepairTarget, group: number, use: OutputUse): GroupFit {
  const { node, factorisation, cut } = target;
  const { outputs } = unfoldingOf(node, factorisation);
  const { bias: own } = node.operator;
  const bias = Float64Array.from({ length: outputs }, (_, o) => {
    const output = group * outputs + o;
    return (own?.[output] ?? 0) * use.gain[output]! + use.offset[output]!;
  });
  if (!cut) return { model: { kind: 'kernel', kernel: groupKernel(target, group, use) }, bias };
  return { model: { kind: 'factors', pair: groupFactors(target, cut, group, use) }, bias };
}

function groupFactors(
  { node, factorisation }: RepairTarget,
  { factors, rank }: NonNullable<RepairTarget['cut']>,
  group: number,
  { gain }: OutputUse,
) {
  const { firstTaps, secondTaps, inputs, outputs, groups } = unfoldingOf(node, factorisation);
  const available = factors.rank;
  const first = new Float64Array(firstTaps * inputs * rank);
  const second = new Float64Array(secondTaps * rank * outputs);
  for (let index = 0; index < first.length; index++) {
    const row = Math.floor(index / rank);
    first[index] = factors.first.data[(row * groups + group) * available + (index % rank)]!;
  }
  for (let index = 0; index < second.length; index++) {
    const line = Math.floor(index / outputs);
    const output = group * outputs + (index % outputs);
    const from = (Math.floor(line / rank) * available + (line % rank)) * groups * outputs + output;
    second[index] = factors.second.data[from]! * gain[output]!;
  }
  return { rank, first, second };
}

/**
 * Puts the groups of a layer together again, in the layer's own units.
 *
 * @param place what stands in the layer's place without repair: its two factors, or its own node where it is not cut
 * @returns the same nodes with the fitted weights
 */
export function joinGroups(
  target: RepairTarget,
  place: readonly GraphNode[],
  fits: readonly GroupFit[],
  use: OutputUse,
): readonly GraphNode[] {
  const { node, factorisation, cut } = target;
  const unfolding = unfoldingOf(node, factorisation);
  const { outputs } = unfolding;
  const bias = new Float32Array(outputs * unfolding.groups);
  bias.forEach((_, output) => {
    const value = fits[Math.floor(output / outputs)]!.bias[output % outputs]!;
    bias[output] = (value - use.offset[output]!) / use.gain[output]!;
  });
  if (!cut) {
    const kernel = emptyTensor(unfolding.kernel.shape);
    fits.forEach((fit, group) => writeKernel(kernel, unfolding, fit, group, use));
    return place.map((whole) => withWeights(whole, kernel, bias));
  }
  const first = emptyTensor(firstKernelShape(node, factorisation, cut.rank));
  const second = emptyTensor(secondKernelShape(node, factorisation, cut.rank));
  fits.forEach((fit, group) => writeFactors(first, second, unfolding, fit, group, use));
  return place.map((factor, index) =>
    index === 0 ? withWeights(factor, first, null) : withWeights(factor, second, bias),
  );
}

interface GroupedLayout extends PatchLayout {
  readonly groups: number;
}

function writeKernel(
  kernel: Tensor,
  layout: GroupedLayout,
  { model }: GroupFit,
  group: number,
  { gain }: OutputUse,
): void {
  if (model.kind !== 'kernel') throw new Error('repair: expected a whole kernel');
  const { firstTaps, secondTaps, inputs, outputs, groups } = layout;
  for (let row = 0; row < patchSize(layout); row++) {
    const patchTap = Math.floor(row / inputs);
    const tap = (patchTap % firstTaps) * secondTaps + Math.floor(patchTap / firstTaps);
    for (let o = 0; o < outputs; o++) {
      const output = group * outputs + o;
      const to = (tap * inputs + (row % inputs)) * groups * outputs + output;
      kernel.data[to] = model.kernel[row * outputs + o]! / gain[output]!;
    }
  }
}

function writeFactors(
  first: Tensor,
  second: Tensor,
  layout: GroupedLayout,
  { model }: GroupFit,
  group: number,
  { gain }: OutputUse,
): void {
  if (model.kind !== 'factors') throw new Error('repair: expected factors');
  const { rank, first: filters, second: weights } = model.pair;
  const { secondTaps, outputs, groups } = layout;
  for (let row = 0; row < firstRows(layout); row++) {
    for (let k = 0; k < rank; k++) first.data[(row * groups + group) * rank + k] = filters[row * rank + k]!;
  }
  for (let line = 0; line < secondTaps * rank; line++) {
    for (let o = 0; o < outputs; o++) {
      const output = group * outputs + o;
      second.data[line * groups * outputs + output] = weights[line * outputs + o]! / gain[output]!;
    }
  }
}

function emptyTensor(shape: readonly number[]): Tensor {
  return { shape, data: new Float32Array(sizeOf(shape)) };
}
