import { layerObstacle } from './describe';
import { factorNodes, type LayerFactors } from './factors';
import { fail } from './failure';
import type { GraphNode, Network, Shape } from './graph';
import { requireLayer } from './layerNodes';
import type { Ranks } from './layers';
import { applyPatch, type Patch } from './patch';
import { inferShapes } from './shapes';
import { withSharedFactors } from './sharing';
import { unusedName } from './unusedName';
import { ownValue } from './ownValue';

/**
 * Replaces every layer that has a rank by its two factors; everything else, weights included, is shared with the
 * original.
 *
 * @throws FailureError as {@link lowRankPatch}
 */
export function rewriteNetwork(
  network: Network,
  ranks: Ranks,
  factorsOf: (layer: string) => LayerFactors,
): Network {
  return applyPatch(network, lowRankPatch(network, ranks, factorsOf));
}

/**
 * The two factors of every layer that has a rank (see `factorNodes`), in network order.
 *
 * @param ranks by layer name; null and absent mean that the layer is kept
 * @param factorsOf the factors of a layer, at the rank asked for or a higher one
 * @throws FailureError `invalid-request` where a name is not that of a layer, where the layer cannot be
 * factorised, or where the rank is not a whole number between 1 and the layer's full rank
 */
export function lowRankPatch(
  network: Network,
  ranks: Ranks,
  factorsOf: (layer: string) => LayerFactors,
): Patch {
  requireKnown(network, Object.keys(ranks));
  const { shapes } = inferShapes(network);
  const taken = takenNames(network);
  const cut = network.nodes.flatMap((node): [GraphNode, GraphNode[]][] => {
    const rank = ownValue(ranks, node.name) ?? null;
    if (rank === null) return [];
    requireFactorisable(node, shapes);
    return [[node, renameTaken(factorNodes(node, factorsOf(node.name), rank), taken)]];
  });
  const factors = withSharedFactors(cut);
  return { replacements: cut.map(([{ name }], at) => ({ node: name, nodes: factors[at] })) };
}

/** @throws FailureError `invalid-request` where a name is not that of a layer of the network */
function requireKnown(network: Network, names: readonly string[]): void {
  const known = new Map(network.nodes.map((node) => [node.name, node]));
  for (const name of names) {
    const node = known.get(name);
    if (!node)
      fail(
        'invalid-request',
        `layer ${name}: expected a layer of the network, found none of this name; see the layers' list.`,
      );
    requireLayer(node);
  }
}

/** @throws FailureError `invalid-request` where a node is no layer or cannot be cut */
function requireFactorisable(node: GraphNode, shapes: ReadonlyMap<string, Shape>): void {
  const obstacle = layerObstacle(requireLayer(node), shapes);
  if (obstacle !== null) fail('invalid-request', `layer ${node.name}: it cannot be cut. ${obstacle}`);
}

/** Names in use; nodes and values are named apart, so that a node and its value may share a name. */
interface TakenNames {
  readonly nodes: Set<string>;
  readonly values: Set<string>;
}

/** All names of a network. */
function takenNames({ input, nodes }: Network): TakenNames {
  return {
    nodes: new Set(nodes.map(({ name }) => name)),
    values: new Set([input.name, ...nodes.map(({ output }) => output)]),
  };
}

/**
 * Gives the new nodes and the value between them other names where theirs are taken, as happens when one half
 * of a layer that was cut before is cut again.
 */
function renameTaken([first, second]: [GraphNode, GraphNode], taken: TakenNames): [GraphNode, GraphNode] {
  const between = unusedName(first.output, taken.values);
  return [
    { ...first, name: unusedName(first.name, taken.nodes), output: between },
    { ...second, name: unusedName(second.name, taken.nodes), inputs: [between] },
  ];
}
