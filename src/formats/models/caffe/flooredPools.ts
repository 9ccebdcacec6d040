import type { GraphNode, Pool, Shape, Slice } from '../../../network/graph';
import { slidingOutput } from '../../../network/window';
import { valueReaders } from '../valueReaders';

/**
 * Pools that round up and lose in slices behind them just what rounding down would not have made: Caffe 1.0 and
 * OpenCV have no other way to say that a pool rounds down. They become pools that do.
 */
export function flooredPools(
  nodes: readonly GraphNode[],
  shapes: ReadonlyMap<string, Shape>,
): readonly GraphNode[] {
  const readers = valueReaders(nodes);
  const floored = new Map<GraphNode, GraphNode>();
  const dropped = new Set<GraphNode>();
  for (const node of nodes) {
    const { operator } = node;
    const input = shapes.get(node.inputs[0] ?? '');
    if (operator.kind !== 'pool' || !operator.roundUp || !input) continue;
    const slices = slicesBehind(node, readers);
    if (!isFloor(operator, input, slices)) continue;
    floored.set(node, { ...node, output: slices.at(-1)!.output, operator: { ...operator, roundUp: false } });
    for (const slice of slices) dropped.add(slice);
  }
  return nodes.filter((node) => !dropped.has(node)).map((node) => floored.get(node) ?? node);
}

/** The slices, one behind the other, that alone read a value. */
function slicesBehind(
  pool: GraphNode,
  readers: ReadonlyMap<string, readonly GraphNode[]>,
): readonly GraphNode<Slice>[] {
  const slices: GraphNode<Slice>[] = [];
  for (let value = pool.output; ; value = slices.at(-1)!.output) {
    const [reader, ...others] = readers.get(value) ?? [];
    if (reader === undefined || others.length > 0 || !isSlice(reader)) return slices;
    slices.push(reader);
  }
}

function isSlice(node: GraphNode): node is GraphNode<Slice> {
  return node.operator.kind === 'slice';
}

function isFloor(pool: Pool, input: Shape, slices: readonly GraphNode<Slice>[]): boolean {
  const up = slidingOutput(pool, input);
  const down = slidingOutput({ ...pool, roundUp: false }, input);
  const left = [up.height, up.width];
  for (const { operator } of slices) {
    const { axis, start, end, step } = operator;
    if (axis > 1 || start !== 0 || step !== 1) return false;
    left[axis] = end;
  }
  return slices.length > 0 && left[0] === down.height && left[1] === down.width;
}
