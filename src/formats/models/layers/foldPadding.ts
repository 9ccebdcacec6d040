import type { Conv2d, GraphNode, Operator, Pad, Pool } from '../../../network/graph';
import { valueReaders } from '../valueReaders';

type Padded = Conv2d | Pool;

/** Below every number of an image: nothing of it is ever the greatest. */
const least = -3.4e38;

/**
 * Takes zero padding into the convolutions that read it: Keras pads in a layer of its own what other frameworks
 * give the convolution itself, and one layer is what is factorised.
 */
export function foldPadding(nodes: readonly GraphNode[], outputs: readonly string[]): readonly GraphNode[] {
  const isConvolution = (operator: Operator) => operator.kind === 'conv2d';
  return folded(nodes, outputs, ({ value }) => value === 0, isConvolution);
}

/** Takes padding with a number below all others into the maximum pools that read it, as pools pad by themselves. */
export function foldPoolPadding(
  nodes: readonly GraphNode[],
  outputs: readonly string[],
): readonly GraphNode[] {
  const isMaximum = (operator: Operator) => operator.kind === 'pool' && operator.reduce === 'max';
  return folded(nodes, outputs, ({ value }) => value < least, isMaximum);
}

function folded(
  nodes: readonly GraphNode[],
  outputs: readonly string[],
  isFoldable: (pad: Pad) => boolean,
  canTake: (operator: Operator) => boolean,
): readonly GraphNode[] {
  const gone = new Map<string, GraphNode<Pad>>();
  const readersOfValues = valueReaders(nodes);
  for (const node of nodes) {
    const readers = readersOfValues.get(node.output) ?? [];
    const areTakers = readers.length > 0 && readers.every(({ operator }) => canTake(operator));
    if (isPad(node) && isFoldable(node.operator) && areTakers && !outputs.includes(node.output))
      gone.set(node.output, node);
  }
  if (gone.size === 0) return nodes;
  return nodes
    .filter(({ output }) => !gone.has(output))
    .map((node) => {
      const pad = gone.get(node.inputs[0] ?? '');
      return pad ? padded(node as GraphNode<Padded>, pad) : node;
    });
}

/** Padding of height and width alone. */
function isPad(node: GraphNode): node is GraphNode<Pad> {
  return node.operator.kind === 'pad' && node.operator.channels === undefined;
}

function padded({ operator, ...node }: GraphNode<Padded>, pad: GraphNode<Pad>): GraphNode {
  const own = operator.padding;
  const { padding } = pad.operator;
  const all = {
    top: own.top + padding.top,
    bottom: own.bottom + padding.bottom,
    left: own.left + padding.left,
    right: own.right + padding.right,
  };
  return { ...node, inputs: pad.inputs, operator: { ...operator, padding: all } };
}
