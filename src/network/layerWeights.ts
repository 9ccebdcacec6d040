import type { GraphNode, Tensor } from './graph';
import { requireLayer, type LayerNode } from './layerNodes';

/**
 * A layer's node with other weights; everything else, such as stride and groups, stays.
 *
 * @param kernel of the layer's own shape
 * @param bias one value per output, or null for none
 * @throws FailureError `invalid-request` where the node is no layer
 */
export function withWeights(node: GraphNode, kernel: Tensor, bias: Float32Array | null): LayerNode {
  const layer = requireLayer(node);
  const { operator } = layer;
  const isDense = operator.kind === 'dense';
  const shape = isDense ? operator.weights.shape : operator.kernel.shape;
  if (shape.join() !== kernel.shape.join()) {
    const [expected, found] = [shape.join('×'), kernel.shape.join('×')];
    throw new Error(`layer ${node.name}: expected a kernel ${expected}, got ${found}`);
  }
  return {
    ...layer,
    operator: isDense ? { ...operator, weights: kernel, bias } : { ...operator, kernel, bias },
  };
}
