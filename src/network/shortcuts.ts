import type { GraphNode, Network } from './graph';
import { isLayer } from './layerNodes';

/** Nodes that a block has at most, and those that lie between a projection and the sum: ten times what is known. */
const longestBlock = 500;

/**
 * Layers that are alone on the way around a block: their output, and nothing but normalisation after it, is
 * added to what a chain of at least two other layers makes of the same value (He et al., "Deep Residual Learning
 * for Image Recognition", 2016, section 3.2, projection shortcuts).
 *
 * @returns by name of the projection, the layers of the block that it leads around
 */
export function shortcutBlocks(network: Network): ReadonlyMap<string, readonly string[]> {
  const { nodes } = network;
  const makers: Makers = new Map(nodes.map(({ output }, at) => [output, at]));
  const found = new Map<string, readonly string[]>();
  for (const { operator, inputs } of nodes) {
    if (operator.kind !== 'add' || inputs.length !== 2) continue;
    for (const [value, other] of [inputs, [...inputs].reverse()]) {
      const projection = layerBehind(nodes, makers, value!);
      if (!projection) continue;
      const block = layersBetween(nodes, makers, projection.inputs[0]!, other!);
      if (block.length >= 2) found.set(projection.name, block);
    }
  }
  return found;
}

/** Where the node stands that makes a value. */
type Makers = ReadonlyMap<string, number>;

/** The layer that makes a value, looking through normalisation; null where something else makes it. */
function layerBehind(nodes: readonly GraphNode[], makers: Makers, value: string): GraphNode | null {
  let node = nodes[makers.get(value) ?? -1];
  for (let steps = 0; node && steps < longestBlock; steps++) {
    if (isLayer(node)) return node;
    const isTransparent = node.operator.kind === 'batchNorm' || node.operator.kind === 'identity';
    if (!isTransparent) return null;
    node = nodes[makers.get(node.inputs[0]!) ?? -1];
  }
  return null;
}

/** Layers on the ways from one value to another, in network order; none where they are too far apart for a block. */
function layersBetween(
  nodes: readonly GraphNode[],
  makers: Makers,
  from: string,
  to: string,
): readonly string[] {
  const first = (makers.get(from) ?? -1) + 1;
  const end = (makers.get(to) ?? -1) + 1;
  if (end - first > longestBlock) return [];
  const between = nodes.slice(first, end);
  const behind = new Set([from]);
  for (const { inputs, output } of between) {
    if (inputs.some((value) => behind.has(value))) behind.add(output);
  }
  const before = new Set([to]);
  for (const { inputs, output } of between.toReversed()) {
    if (before.has(output)) inputs.forEach((value) => before.add(value));
  }
  return between
    .filter((node) => isLayer(node) && behind.has(node.output) && before.has(node.output))
    .map(({ name }) => name);
}
