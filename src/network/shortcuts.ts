import type { GraphNode, Network } from './graph';
import { isLayer } from './layerNodes';

/**
 * Layers that are alone on the way around a block: their output, and nothing but normalisation after it, is
 * added to what a chain of at least two other layers makes of the same value (He et al., "Deep Residual Learning
 * for Image Recognition", 2016, section 3.2, projection shortcuts).
 *
 * @returns by name of the projection, the layers of the block that it leads around
 */
export function shortcutBlocks(network: Network): ReadonlyMap<string, readonly string[]> {
  const makers = new Map(network.nodes.map((node) => [node.output, node]));
  const found = new Map<string, readonly string[]>();
  for (const { operator, inputs } of network.nodes) {
    if (operator.kind !== 'add' || inputs.length !== 2) continue;
    for (const [value, other] of [inputs, [...inputs].reverse()]) {
      const projection = layerBehind(makers, value!);
      if (!projection) continue;
      const block = layersBetween(network, makers, projection.inputs[0]!, other!);
      if (block.length >= 2) found.set(projection.name, block);
    }
  }
  return found;
}

/** The layer that makes a value, looking through normalisation; null where something else makes it. */
function layerBehind(makers: ReadonlyMap<string, GraphNode>, value: string): GraphNode | null {
  const node = makers.get(value);
  if (!node) return null;
  if (isLayer(node)) return node;
  const isTransparent = node.operator.kind === 'batchNorm' || node.operator.kind === 'identity';
  return isTransparent ? layerBehind(makers, node.inputs[0]!) : null;
}

/** Layers on the ways from one value to another; none where no way leads there. */
function layersBetween(
  network: Network,
  makers: ReadonlyMap<string, GraphNode>,
  from: string,
  to: string,
): readonly string[] {
  const behind = new Set([from]);
  for (const { inputs, output } of network.nodes) {
    if (inputs.some((value) => behind.has(value))) behind.add(output);
  }
  const layers = new Set<string>();
  const seen = new Set<string>();
  const walk = (value: string) => {
    const node = makers.get(value);
    if (value === from || !node || !behind.has(value) || seen.has(value)) return;
    seen.add(value);
    if (isLayer(node)) layers.add(node.name);
    node.inputs.forEach(walk);
  };
  walk(to);
  return [...layers];
}
