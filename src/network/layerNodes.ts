import { fail } from './failure';
import type { Conv2d, Dense, GraphNode, Network } from './graph';
import type { Factorisation } from './layers';

/** A node with a kernel that can be unfolded: a convolution or a dense layer. */
export type LayerNode = GraphNode<Conv2d | Dense>;

/** Whether a node is a convolution or a dense layer. */
export function isLayer(node: GraphNode): node is LayerNode {
  return node.operator.kind === 'conv2d' || node.operator.kind === 'dense';
}

/** All convolutions and dense layers, in network order. */
export function layerNodes(network: Network): readonly LayerNode[] {
  return network.nodes.filter(isLayer);
}

/** @throws FailureError `invalid-request` where the node is neither a convolution nor a dense layer */
export function requireLayer(node: GraphNode): LayerNode {
  if (isLayer(node)) return node;
  return fail(
    'invalid-request',
    `layer ${node.name}: expected a convolution or a dense layer, found ${node.operator.kind}; name another.`,
  );
}

/** Whether every filter reads one channel of its own: a group per input channel, and more than one of them. */
export function isDepthwise(operator: Conv2d | Dense): boolean {
  return operator.kind === 'conv2d' && operator.groups > 1 && operator.kernel.shape[2] === 1;
}

/** Spatial for kernels larger than 1 in both directions, channel for other convolutions, dense for dense layers. */
export function defaultFactorisation(operator: Conv2d | Dense): Factorisation {
  if (operator.kind === 'dense') return 'dense';
  const [height, width] = operator.kernel.shape;
  return height > 1 && width > 1 ? 'spatial' : 'channel';
}
