import type { Extent, GraphNode, Padding, Pool } from '../../../../network/graph';
import { resolvedPadding, slidingOutput } from '../../../../network/window';
import { samePadding } from '../call';
import { cannotWrite, type WriteContext } from './context';

const one: Extent = { height: 1, width: 1 };

/** Two whole numbers as Keras writes them. */
export function pair({ height, width }: Extent): readonly number[] {
  return [height, width];
}

function isNone({ top, bottom, left, right }: Padding): boolean {
  return top + bottom + left + right === 0;
}

function isEqual(a: Padding, b: Padding): boolean {
  return a.top === b.top && a.bottom === b.bottom && a.left === b.left && a.right === b.right;
}

interface Window {
  readonly window: Extent;
  readonly stride: Extent;
  readonly dilation: Extent;
  readonly padding: Padding;
}

/** Pads with zeros in a layer of its own. */
export function zeroPad(node: GraphNode, padding: Padding, context: WriteContext, suffix: string): string {
  const { top, bottom, left, right } = padding;
  const sides = [
    [top, bottom],
    [left, right],
  ];
  return context.add(node, 'ZeroPadding2D', {
    suffix,
    config: { padding: sides, data_format: 'channels_last' },
  });
}

/** What a window reads and its `padding` setting: zeros that are not TensorFlow's "same" go before it. */
export function padded(
  node: GraphNode,
  { window, stride, dilation, padding }: Window,
  context: WriteContext,
): { readonly inputs: readonly string[]; readonly padding: 'same' | 'valid' } {
  const inputs = context.inputsOf(node);
  if (isNone(padding)) return { inputs, padding: 'valid' };
  if (isEqual(padding, samePadding(context.shape(node.inputs[0]!), window, stride, dilation)))
    return { inputs, padding: 'same' };
  return { inputs: [zeroPad(node, padding, context, '_pad')], padding: 'valid' };
}

/** Max and average pooling. */
export function writePool(node: GraphNode, operator: Pool, context: WriteContext): string {
  const input = context.shape(node.inputs[0]!);
  const { window, stride, reduce } = operator;
  const padding = resolvedPadding(operator, input);
  const countsPadding = reduce === 'average' && operator.includePadding && !isNone(operator.padding);
  const isRounded = !isEqual(padding, operator.padding);
  if (isNone(padding)) return addPool(node, operator, 'valid', context);
  if (countsPadding) {
    if (isRounded) cannotWrite(context, node, 'its average counts the padding and rounds its size up');
    return padFirst(node, operator, padding, context);
  }
  if (isEqual(padding, samePadding(input, window, stride, one)))
    return addPool(node, operator, 'same', context);
  if (reduce === 'max' && isNeverNegative(node.inputs[0]!, context))
    return padFirst(node, operator, padding, context);
  return poolThenSkip(node, operator, context);
}

function addPool(
  node: GraphNode,
  { reduce, window, stride }: Pick<Pool, 'reduce' | 'window' | 'stride'>,
  padding: 'same' | 'valid',
  context: WriteContext,
  more: { readonly inputs?: readonly string[]; readonly suffix?: string } = {},
): string {
  const config = { pool_size: pair(window), strides: pair(stride), padding, data_format: 'channels_last' };
  return context.add(node, reduce === 'max' ? 'MaxPooling2D' : 'AveragePooling2D', { config, ...more });
}

function padFirst(node: GraphNode, operator: Pool, padding: Padding, context: WriteContext): string {
  return addPool(node, operator, 'valid', context, { inputs: [zeroPad(node, padding, context, '_pad')] });
}

/**
 * A pool whose padding is TensorFlow's "same" at stride 1 but not at its own stride: pooled at stride 1, then
 * every so many values kept, which a 1×1 pool with a stride does.
 */
function poolThenSkip(node: GraphNode, operator: Pool, context: WriteContext): string {
  const input = context.shape(node.inputs[0]!);
  const { window, stride, padding } = operator;
  const dense = samePadding(input, window, one, one);
  const kept = slidingOutput(operator, input);
  const isReached =
    dense.top === padding.top &&
    dense.left === padding.left &&
    kept.height === Math.ceil(input[0]! / stride.height) &&
    kept.width === Math.ceil(input[1]! / stride.width);
  if (!isReached)
    cannotWrite(context, node, 'its pooling pads in a way that "same" and "valid" cannot express');
  const everywhere = addPool(node, { ...operator, stride: one }, 'same', context, { suffix: '_dense' });
  const skip = { reduce: 'max', window: one, stride } as const;
  return addPool(node, skip, 'valid', context, { inputs: [everywhere] });
}

const neverNegative: ReadonlySet<string> = new Set(['relu', 'relu6', 'sigmoid', 'hardSigmoid', 'softplus']);

/** Whether zeros beside a value can never be greater than all of it, so that they may pad a maximum. */
function isNeverNegative(value: string, context: WriteContext): boolean {
  const node = context.writer(value);
  if (!node) return false;
  const { operator, inputs } = node;
  if (operator.kind === 'softmax') return true;
  if (operator.kind === 'activation') return neverNegative.has(operator.function);
  const passes = operator.kind === 'pool' || operator.kind === 'identity' || operator.kind === 'concat';
  return (passes || operator.kind === 'add') && inputs.every((input) => isNeverNegative(input, context));
}
