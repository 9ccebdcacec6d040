import { fail } from './failure';
import type { GraphNode, Network } from './graph';

/** Nodes to put in the place of another. They must write the value that it wrote, where anything reads it. */
export interface Replacement {
  /** Name of the node that goes. */
  readonly node: string;
  /** What takes its place, in this order. */
  readonly nodes: readonly GraphNode[];
}

/**
 * What a step makes of a network, as plain data: nodes to put in the place of others. Factors, whole layers, batch norms
 * with other statistics and anything else can be said so.
 */
export interface Patch {
  readonly replacements: readonly Replacement[];
}

/** Changes nothing. */
export const emptyPatch: Patch = { replacements: [] };

/**
 * Puts a patch's nodes in the place of those that they replace; everything else, weights included, is shared with the
 * network. The result is not validated: whoever makes a patch sees to names that are not taken.
 *
 * @throws FailureError `invalid-request` for a node that is not there or is replaced twice
 */
export function applyPatch(network: Network, { replacements }: Patch): Network {
  const known = new Set(network.nodes.map(({ name }) => name));
  const places = new Map<string, readonly GraphNode[]>();
  for (const { node, nodes } of replacements) {
    if (!known.has(node))
      fail(
        'invalid-request',
        `node ${node}: expected a node of the network, found none of this name; repair the network anew.`,
      );
    if (places.has(node))
      fail(
        'invalid-request',
        `node ${node}: expected it to be replaced once, found twice; repair the network anew.`,
      );
    places.set(node, nodes);
  }
  return { ...network, nodes: network.nodes.flatMap((node) => places.get(node.name) ?? [node]) };
}

/** One patch that does what two do one after the other. */
export function chainedPatches(first: Patch, second: Patch): Patch {
  const later = new Map(second.replacements.map(({ node, nodes }) => [node, nodes]));
  const made = first.replacements.map(({ node, nodes }) => ({
    node,
    nodes: nodes.flatMap((own) => later.get(own.name) ?? [own]),
  }));
  const written = new Set(first.replacements.flatMap(({ nodes }) => nodes.map(({ name }) => name)));
  return { replacements: [...made, ...second.replacements.filter(({ node }) => !written.has(node))] };
}

/** Replaces nodes one by one by others at the same positions of a list of the same length. */
export function replacedOneByOne(
  nodes: readonly GraphNode[],
  others: readonly GraphNode[],
): readonly Replacement[] {
  return nodes.map(({ name }, index) => ({ node: name, nodes: [others[index]] }));
}
