import type { GraphNode, Pad } from '../../../network/graph';
import { valueReaders } from '../valueReaders';

/**
 * Takes zero padding into the convolutions that read it: Keras pads in a layer of its own what other frameworks
 * give the convolution itself, and one layer is what is factorised.
 */
export function foldPadding(nodes: readonly GraphNode[], outputs: readonly string[]): readonly GraphNode[] {
  const folded = new Map<string, GraphNode<Pad>>();
  const readers = valueReaders(nodes);
  for (const node of nodes) {
    if (isZeroPad(node) && !outputs.includes(node.output) && isReadByConvolutionsOnly(node, readers))
      folded.set(node.output, node);
  }
  if (folded.size === 0) return nodes;
  return nodes
    .filter(({ output }) => !folded.has(output))
    .map((node) => {
      const pad = folded.get(node.inputs[0] ?? '');
      return pad ? padded(node, pad) : node;
    });
}

function isZeroPad(node: GraphNode): node is GraphNode<Pad> {
  return node.operator.kind === 'pad' && node.operator.value === 0;
}

function isReadByConvolutionsOnly(
  { output }: GraphNode,
  readersOfValues: ReadonlyMap<string, readonly GraphNode[]>,
): boolean {
  const readers = readersOfValues.get(output) ?? [];
  return readers.length > 0 && readers.every(({ operator }) => operator.kind === 'conv2d');
}

function padded(node: GraphNode, pad: GraphNode<Pad>): GraphNode {
  const { operator } = node;
  if (operator.kind !== 'conv2d') return node;
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
