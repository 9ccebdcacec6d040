import type { Conv2d, Extent, Padding, Shape, Tensor } from './graph';
import type { LayerNode } from './layerNodes';
import type { Factorisation } from './layers';

const one: Extent = { height: 1, width: 1 };
const noPadding: Padding = { top: 0, bottom: 0, left: 0, right: 0 };

/** Shape of the first factor's kernel: [D_h, 1, I/g, g·rank], [D_h, D_w, I/g, g·rank] or [inputs, rank]. */
export function firstKernelShape({ operator }: LayerNode, factorisation: Factorisation, rank: number): Shape {
  if (operator.kind === 'dense') return [operator.weights.shape[0], rank];
  const [height, width, inputs] = operator.kernel.shape;
  return [height, factorisation === 'spatial' ? 1 : width, inputs, operator.groups * rank];
}

/** Shape of the second factor's kernel: [1, D_w, rank, O], [1, 1, rank, O] or [rank, outputs]. */
export function secondKernelShape(
  { operator }: LayerNode,
  factorisation: Factorisation,
  rank: number,
): Shape {
  if (operator.kind === 'dense') return [rank, operator.weights.shape[1]];
  const [, width, , outputs] = operator.kernel.shape;
  return [1, factorisation === 'spatial' ? width : 1, rank, outputs];
}

/**
 * Two ordinary operators which, one after the other, compute the layer from its factors; the bias is on the
 * second. Spatial: everything vertical (stride, dilation, padding) belongs to the first, everything
 * horizontal to the second; as the first adds no bias, its zero padding stays exact. Channel: everything
 * belongs to the first, the second is 1×1. Both keep the layer's groups.
 */
export function factorOperators(
  { operator }: LayerNode,
  factorisation: Factorisation,
  first: Tensor,
  second: Tensor,
): [LayerNode['operator'], LayerNode['operator']] {
  if (operator.kind === 'dense') {
    return [
      { kind: 'dense', weights: first, bias: null },
      { kind: 'dense', weights: second, bias: operator.bias },
    ];
  }
  return factorisation === 'spatial' ? spatial(operator, first, second) : channel(operator, first, second);
}

function spatial(operator: Conv2d, first: Tensor, second: Tensor): [Conv2d, Conv2d] {
  const { stride, dilation, padding } = operator;
  const vertical = {
    kernel: first,
    bias: null,
    stride: { height: stride.height, width: 1 },
    dilation: { height: dilation.height, width: 1 },
    padding: { ...padding, left: 0, right: 0 },
  };
  const horizontal = {
    kernel: second,
    stride: { height: 1, width: stride.width },
    dilation: { height: 1, width: dilation.width },
    padding: { ...padding, top: 0, bottom: 0 },
  };
  return [
    { ...operator, ...vertical },
    { ...operator, ...horizontal },
  ];
}

function channel(operator: Conv2d, first: Tensor, second: Tensor): [Conv2d, Conv2d] {
  return [
    { ...operator, kernel: first, bias: null },
    { ...operator, kernel: second, stride: one, dilation: one, padding: noPadding },
  ];
}
