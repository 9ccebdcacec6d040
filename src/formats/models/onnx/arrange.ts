import type { ElementOrder, Operator, Shape } from '../../../network/graph';
import { channelsToLast, fileExtents, sameAxes, sequenceAxes, usualAxes, type View } from './axes';
import type { ReadContext } from './context';

/** What a node of the file becomes where it only counts the elements of a value into another shape. */
export interface Reshaped {
  readonly operator: Operator;
  readonly inputs: readonly string[];
  readonly axes?: readonly number[];
}

/**
 * A value with its elements, in the file's order, in another shape.
 *
 * @param isPlain whether an image is better left in the file's order of axes where both cost the same
 */
export function reshaped(view: View, extents: Shape, context: ReadContext, isPlain = false): Reshaped {
  const order = countingOrder(view, context, isPlain);
  if (order === null) {
    const value = inFileOrder(view, context);
    return reshaped({ value, axes: view.axes.map((_, axis) => axis) }, extents, context, isPlain);
  }
  const inputs = [view.value];
  if (extents.length === 1) return { operator: { kind: 'flatten', order }, inputs };
  const isImage = extents.length === 3;
  const shape = isImage && order === 'chw' ? channelsToLast(extents) : extents;
  const operator = { kind: 'reshape', shape, order } as const;
  return isImage && order === 'hwc' ? { operator, inputs, axes: [0, 1, 2] } : { operator, inputs };
}

/** The order in which counting our value's elements gives the file's; null where neither does. */
function countingOrder(view: View, context: ReadContext, isPlain: boolean): ElementOrder | null {
  const shape = context.shapes.get(view.value)!;
  const moved = view.axes.filter((axis) => shape[axis]! > 1);
  if (shape.length !== 3) return !isAscending(moved) ? null : isPlain ? 'hwc' : 'chw';
  const isFirst = isAscending(moved.map((axis) => [1, 2, 0][axis]!));
  if (isFirst && (sameAxes(view.axes, usualAxes(3)) || !isAscending(moved))) return 'chw';
  return isAscending(moved) ? 'hwc' : null;
}

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((value, index) => index === 0 || value > numbers[index - 1]!);
}

/** Name of a value of ours that lies as the graph has it. */
export function inUsualOrder(view: View, context: ReadContext, output?: string): string {
  const rank = view.axes.length;
  return arranged(view, rank === 3 ? [1, 2, 0] : usualAxes(rank), context, output);
}

/** Name of a value of ours whose axes are the file's, images too. */
export function inFileOrder(view: View, context: ReadContext): string {
  return arranged(
    view,
    view.axes.map((_, axis) => axis),
    context,
  );
}

/** Name of a value of ours that holds a sequence [channels, length] as an image of height 1. */
export function asSequence(view: View, context: ReadContext): string {
  const shape = context.shapes.get(view.value)!;
  if (shape.length === 3 && sameAxes(view.axes, sequenceAxes)) return view.value;
  const [channels, length] = fileExtents(view, context.shapes) as [number, number];
  const target = [1, length, channels];
  const spare = shape.findIndex((_, axis) => !view.axes.includes(axis));
  if (shape.length === 3)
    return arranged({ value: view.value, axes: [spare, ...view.axes] }, [0, 2, 1], context);
  const order = countingOrder(view, context, false);
  if (order === 'chw') {
    return context.rearrange(view.value, { kind: 'reshape', shape: target, order: 'chw' });
  }
  const rows = arranged(view, [1, 0], context);
  return context.rearrange(rows, { kind: 'reshape', shape: target, order: 'hwc' });
}

/**
 * Name of a value of ours whose axes are the given ones of the file, in this order.
 *
 * @param output name that the value must get; made up unless given
 */
function arranged(view: View, order: readonly number[], context: ReadContext, output?: string): string {
  const shape = context.shapes.get(view.value)!;
  const permutation = order.map((axis) => view.axes[axis]!);
  const isWhole = permutation.length === shape.length;
  const keeps = (axis: number, index: number) => axis === index || shape[axis] === 1;
  if (isWhole && permutation.every((axis, index) => keeps(axis, index) && shape[index] === shape[axis])) {
    if (output === undefined || output === view.value) return view.value;
    return context.rearrange(view.value, { kind: 'identity', origin: 'identity' }, output);
  }
  const operator = rearrangement(shape, permutation);
  if (operator) return context.rearrange(view.value, operator, output);
  const kept = shape.map((_, axis) => axis).filter((axis) => view.axes.includes(axis));
  const smaller = { kind: 'reshape', shape: kept.map((axis) => shape[axis]!), order: 'hwc' } as const;
  const value = context.rearrange(view.value, smaller);
  return arranged({ value, axes: view.axes.map((axis) => kept.indexOf(axis)) }, order, context, output);
}

/** One operator that leaves the axes of a permutation, in its order; null where it takes two. */
function rearrangement(shape: Shape, permutation: readonly number[]): Operator | null {
  const moved = permutation.filter((axis) => shape[axis]! > 1);
  const target = permutation.map((axis) => shape[axis]!);
  if (isAscending(moved)) return counted(target, 'hwc');
  if (permutation.length === shape.length) return { kind: 'transpose', permutation };
  const isFirst = shape.length === 3 && isAscending(moved.map((axis) => [1, 2, 0][axis]!));
  return isFirst && target.length !== 3 ? counted(target, 'chw') : null;
}

function counted(shape: Shape, order: ElementOrder): Operator {
  return shape.length === 1 ? { kind: 'flatten', order } : { kind: 'reshape', shape, order };
}
