import { cutFactors, factorNodes, type LayerFactors } from './factors';
import type { GraphNode, Network, Tensor } from './graph';
import { requireLayer, type LayerNode } from './layerNodes';
import type { Factorisation } from './layers';
import { requireFactorisable, requireKnown, takenNames, renameTaken } from './rewrite';
import { inferShapes } from './shapes';

/** The two factors of a cut layer after re-fitting, at exactly one rank. */
export interface FittedFactors {
  readonly kind: 'factors';
  readonly layer: string;
  readonly factorisation: Factorisation;
  /** Filters per group between the two factors. */
  readonly rank: number;
  /** Shapes as in `LayerFactors`, with this rank. */
  readonly first: Tensor;
  readonly second: Tensor;
  /** One value per output of the layer, or null for none. */
  readonly bias: Float32Array | null;
}

/** The kernel of a layer that is not cut, re-fitted because its inputs changed. */
export interface FittedKernel {
  readonly kind: 'kernel';
  readonly layer: string;
  /** Of the layer's own shape. */
  readonly kernel: Tensor;
  readonly bias: Float32Array;
}

/** What repair made of one layer. */
export type FittedLayer = FittedFactors | FittedKernel;

/** A layer's truncated factors at one rank, with its own bias: what `rewriteNetwork` puts in its place. */
export function truncatedLayer(node: LayerNode, factors: LayerFactors, rank: number): FittedFactors {
  const { factorisation } = factors;
  const { bias } = node.operator;
  return { kind: 'factors', layer: node.name, factorisation, rank, ...cutFactors(node, factors, rank), bias };
}

/**
 * Puts re-fitted layers in their places: cut layers become their two factors (named as `rewriteNetwork` names
 * them), whole ones keep their node with other weights. Layers that are not listed are shared with the original.
 *
 * @throws FailureError `invalid-request` where a name is not that of a layer, a layer cannot be cut, or a rank
 * is not one of the layer's
 */
export function rewriteFitted(network: Network, fitted: readonly FittedLayer[]): Network {
  const byName = new Map(fitted.map((layer) => [layer.layer, layer]));
  requireKnown(network, [...byName.keys()]);
  const { shapes } = inferShapes(network);
  const taken = takenNames(network);
  const nodes = network.nodes.flatMap((node) => {
    const layer = byName.get(node.name);
    if (!layer) return [node];
    if (layer.kind === 'kernel') return [withWeights(node, layer)];
    requireFactorisable(node, shapes);
    return renameTaken(fittedNodes(node, layer), taken);
  });
  return { ...network, nodes };
}

function fittedNodes(node: GraphNode, layer: FittedFactors): [GraphNode, GraphNode] {
  const factors = { ...layer, singularValues: new Float64Array(layer.rank) };
  const [first, second] = factorNodes(node, factors, layer.rank);
  const { operator } = requireLayer(second);
  return [first, { ...second, operator: { ...operator, bias: layer.bias } }];
}

function withWeights(node: GraphNode, { kernel, bias }: FittedKernel): GraphNode {
  const { operator } = requireLayer(node);
  const isDense = operator.kind === 'dense';
  const shape = isDense ? operator.weights.shape : operator.kernel.shape;
  if (shape.join() !== kernel.shape.join()) {
    throw new Error(
      `layer ${node.name}: expected a kernel ${shape.join('×')}, got ${kernel.shape.join('×')}`,
    );
  }
  return {
    ...node,
    operator: isDense ? { ...operator, weights: kernel, bias } : { ...operator, kernel, bias },
  };
}
