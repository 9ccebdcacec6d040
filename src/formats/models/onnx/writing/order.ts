import type { GraphNode, Shape } from '../../../../network/graph';
import { usualAxes } from '../axes';
import type { WriteContext } from './context';

/** Per axis of ours, the axis of the file's value, batch in front: images are written channels first. */
export function filePlaces(rank: number): readonly number[] {
  return rank === 3 ? [2, 3, 1] : Array.from({ length: rank }, (_, axis) => axis + 1);
}

/** The permutation of a Transpose for axes without batch. */
export function withBatch(permutation: readonly number[]): { integers: readonly number[] } {
  return { integers: [0, ...permutation.map((axis) => axis + 1)] };
}

/** Name of a value whose axes are in our order, images channels last; constants have no batch. */
export function inOurOrder(node: GraphNode, value: string, suffix: string, context: WriteContext): string {
  if (context.shape(value).length !== 3) return value;
  const perm = context.isConstant(value) ? { integers: [1, 2, 0] } : withBatch([1, 2, 0]);
  return context.helper(node, suffix, 'Transpose', [value], { perm });
}

/**
 * Writes an operator whose result has its axes in our order in a node's place: where that is an image the result
 * is transposed to channels first.
 */
export function writeInOurOrder(
  node: GraphNode,
  context: WriteContext,
  write: (placed: GraphNode) => void,
): void {
  reordered(node, context, [0, 1, 2], write);
}

/**
 * The same for a result that has our axes in another order.
 *
 * @param found per axis of the result, batch left out, the axis of ours
 */
export function reordered(
  node: GraphNode,
  context: WriteContext,
  found: readonly number[],
  write: (placed: GraphNode) => void,
): void {
  const rank = context.shape(node.output).length;
  const wanted = usualAxes(rank);
  const permutation = wanted.map((axis) => (rank === found.length ? found.indexOf(axis) : axis));
  if (permutation.every((axis, index) => axis === index)) return write(node);
  const output = context.fresh(`${node.output}/inOrder`);
  write({ ...node, output });
  const name = context.fresh(`${node.name}/transpose`);
  const attributes = { perm: withBatch(permutation) };
  context.node({ ...node, name, inputs: [output] }, 'Transpose', { attributes });
}

/** Extents of a value with axes of 1 in front until it has as many as asked for. */
export function padded(shape: Shape, rank: number): Shape {
  return [...new Array<number>(rank - shape.length).fill(1), ...shape];
}
