import type { GraphNode, Padding } from '../../../../network/graph';
import { BuiltinOperator } from '../generated/tflite';
import type { Step, WriteContext } from './context';

export function isNoPadding({ top, bottom, left, right }: Padding): boolean {
  return top === 0 && bottom === 0 && left === 0 && right === 0;
}

export function isSamePadding(a: Padding, b: Padding): boolean {
  return a.top === b.top && a.bottom === b.bottom && a.left === b.left && a.right === b.right;
}

/** Pads height and width with one value, in an operator of its own. */
export function padded(
  node: GraphNode,
  step: Step,
  padding: Padding,
  context: WriteContext,
  value = 0,
): Step {
  const [height = 0, width = 0, channels = 0] = step.shape;
  const { top, bottom, left, right } = padding;
  const shape = [height + top + bottom, width + left + right, channels];
  return pad(node, step, [top, bottom, left, right, 0, 0], shape, context, { value, part: 'pad' });
}

/**
 * Adds a PAD, or a PADV2 where the value is not zero.
 *
 * @param pads before and behind height, width and channels
 */
export function pad(
  node: GraphNode,
  step: Step,
  pads: readonly number[],
  shape: readonly number[],
  context: WriteContext,
  { value = 0, part }: { readonly value?: number; readonly part?: string } = {},
): Step {
  const amounts = context.integers(node, 'pads', [0, 0, ...pads], [4, 2]);
  const draft = { shape, ...(part === undefined ? {} : { part }) };
  if (value === 0) return context.add(node, BuiltinOperator.PAD, [step.tensor, amounts], draft);
  const filling = context.floats(node, 'value', [1], Float32Array.of(value));
  return context.add(node, BuiltinOperator.PADV2, [step.tensor, amounts, filling], draft);
}
