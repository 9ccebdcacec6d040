import type { Conv2d, Dense, DynamicQuantise, GraphNode } from './graph';
import type { LayerNode } from './layerNodes';
import { kernelOf } from './sharing';

/**
 * Where runtimes of TensorFlow Lite look for the levels of what a layer reads: a dense layer, and a 1×1 convolution that
 * they compute as one, in every row of the last axis, all else in a whole image.
 *
 * @returns null for a 1×1 convolution that pads, which has rows of the padding's own
 */
export function dynamicLevelsOf(operator: Conv2d | Dense): DynamicQuantise | null {
  if (operator.kind === 'dense' || !isEveryPixel(operator))
    return { kind: 'dynamicQuantise', per: operator.kind === 'dense' ? 'row' : 'image' };
  const { top, bottom, left, right } = operator.padding;
  return top + bottom + left + right > 0 ? null : { kind: 'dynamicQuantise', per: 'row' };
}

/** Whether a convolution does the same to every pixel by itself. */
function isEveryPixel({ kernel, stride, groups }: Conv2d): boolean {
  const [height, width] = kernel.shape;
  return height === 1 && width === 1 && groups === 1 && stride.height === 1 && stride.width === 1;
}

/** Whether a layer's weights are such that runtimes compute in whole numbers with them: int8 around zero. */
export function hasSignedWeights(node: LayerNode): boolean {
  const { stored } = kernelOf(node);
  return stored?.type === 'int8' && stored.zeroPoint === 0;
}

/** Whether a node rounds values to levels that are found as it runs. */
export function roundsAsItRuns(node: GraphNode): node is GraphNode<DynamicQuantise> {
  return node.operator.kind === 'dynamicQuantise';
}
