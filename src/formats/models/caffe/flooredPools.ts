import type { GraphNode, Pool, Shape, Slice } from '../../../network/graph';
import { slidingOutput } from '../../../network/window';

/**
 * Pools that round up and lose in slices behind them just what rounding down would not have made: Caffe 1.0 and
 * OpenCV have no other way to say that a pool rounds down. They become pools that do.
 */
export function flooredPools(
  nodes: readonly GraphNode[],
  shapes: ReadonlyMap<string, Shape>,
): readonly GraphNode[] {
  return nodes.reduce((present, node) => {
    const { operator } = node;
    const input = shapes.get(node.inputs[0] ?? '');
    if (operator.kind !== 'pool' || !operator.roundUp || !input) return present;
    const slices = slicesBehind(node, present);
    return isFloor(operator, input, slices) ? withoutSlices(present, node, slices) : present;
  }, nodes);
}

/** The slices, one behind the other, that alone read a value. */
function slicesBehind({ output }: GraphNode, nodes: readonly GraphNode[]): readonly GraphNode<Slice>[] {
  const [reader, ...others] = nodes.filter(({ inputs }) => inputs.includes(output));
  const isAlone = reader !== undefined && others.length === 0 && isSlice(reader);
  return isAlone ? [reader, ...slicesBehind(reader, nodes)] : [];
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

function withoutSlices(
  nodes: readonly GraphNode[],
  pool: GraphNode,
  slices: readonly GraphNode[],
): readonly GraphNode[] {
  const floored: GraphNode = {
    ...pool,
    output: slices.at(-1)!.output,
    operator: { ...(pool.operator as Pool), roundUp: false },
  };
  return nodes.filter((node) => !slices.includes(node)).map((node) => (node === pool ? floored : node));
}
