import type { GraphNode, Shape } from '../../../../network/graph';
import { BuiltinOperator, BuiltinOptions, ReshapeOptionsT } from '../generated/tflite';
import type { Step, WriteContext } from './context';

const partOf = (part: string | undefined) => (part === undefined ? {} : { part });

/** The same values in the same order with other axes, of any number of images. */
export function reshaped(
  node: GraphNode,
  step: Step,
  shape: Shape,
  context: WriteContext,
  part?: string,
): Step {
  const target = [-1, ...shape];
  const inputs = [step.tensor, context.integers(node, `${part ?? 'new'}/shape`, target)];
  return context.add(node, BuiltinOperator.RESHAPE, inputs, {
    ...{ shape, type: BuiltinOptions.ReshapeOptions, options: new ReshapeOptionsT(target) },
    ...partOf(part),
  });
}

/** Axes in another order. @param permutation without the batch */
export function transposed(
  node: GraphNode,
  step: Step,
  permutation: readonly number[],
  context: WriteContext,
  part?: string,
): Step {
  const order = context.integers(node, `${part ?? 'axes'}/order`, [
    0,
    ...permutation.map((axis) => axis + 1),
  ]);
  const shape = permutation.map((axis) => step.shape[axis]!);
  return context.add(node, BuiltinOperator.TRANSPOSE, [step.tensor, order], { shape, ...partOf(part) });
}
