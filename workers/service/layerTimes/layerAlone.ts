import { groupNodes } from '../../../src/engine/fusion';
import type { GraphNode, Network } from '../../../src/network/graph';
import { inferShapes } from '../../../src/network/shapes';

/** A layer as a network of its own. */
export interface LayerAlone {
  readonly network: Network;
  /** Layers with the same text take the same time: they differ in weights alone. */
  readonly likeness: string;
}

/**
 * Takes single layers out of a network, each with the norm and the activation that are computed in one step with it.
 *
 * @returns finds a layer by its name; null where its input's size is not known
 */
export function layersAlone(network: Network): (layer: string) => LayerAlone | null {
  const { shapes } = inferShapes(network);
  const groups = groupNodes(network);
  return (layer) => {
    const group = groups.find(({ nodes }) => nodes.some(({ name }) => name === layer));
    const from = group?.nodes.findIndex(({ name }) => name === layer) ?? -1;
    const first = group?.nodes[from];
    const shape = shapes.get(first?.inputs[0] ?? '');
    if (!group || !first || !shape) return null;
    const nodes = aloneFrom(group.nodes.slice(from));
    const input = { name: first.inputs[0]!, shape };
    return {
      network: { ...network, input, nodes, outputs: [nodes.at(-1)!.output], scoresAt: 0 },
      likeness: likenessOf(shape, nodes),
    };
  };
}

/** As far as a single value goes in. */
function aloneFrom(nodes: readonly GraphNode[]): readonly GraphNode[] {
  const other = nodes.findIndex(({ inputs }) => inputs.length > 1);
  return other < 0 ? nodes : nodes.slice(0, other);
}

/** What operators say but for their numbers. */
export function likenessOf(shape: readonly number[], nodes: readonly GraphNode[]): string {
  const withoutNumbers = (_key: string, value: unknown): unknown =>
    ArrayBuffer.isView(value) ? 'numbers' : value;
  return JSON.stringify([shape, nodes.map(({ operator }) => operator)], withoutNumbers);
}
