import type { Network, Shape } from '../../../../network/graph';
import { inputAxes, usualAxes } from '../axes';
import type { WriteContext } from './context';
import { withBatch } from './order';

/** Extents of the input as the file has it, batch left out. */
export function inputExtents(network: Network): Shape {
  return inputAxes(network).map((axis) => network.input.shape[axis]!);
}

/** Turns images whose channels come last: whoever fed the original can feed the written file. */
export function writeInput(network: Network, context: WriteContext): void {
  const { input } = network;
  const axes = inputAxes(network);
  const permutation = usualAxes(input.shape.length).map((axis) => axes.indexOf(axis));
  if (permutation.every((axis, index) => axis === index)) return;
  context.transposeInput(input.name, withBatch(permutation));
}
