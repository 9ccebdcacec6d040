import { isOrderless } from '../../../../network/extents';
import type {
  Activation,
  Concat,
  Flatten,
  GraphNode,
  LocalResponseNormalisation,
  Reshape,
} from '../../../../network/graph';
import { cannotWrite, type CaffeWriter } from './context';

export function writeActivation(
  node: GraphNode,
  { function: name, alpha }: Activation,
  writer: CaffeWriter,
): void {
  switch (name) {
    case 'relu':
      return writer.layer(node, 'ReLU');
    case 'leakyRelu':
      return writer.layer(node, 'ReLU', { relu_param: { negative_slope: alpha } });
    case 'relu6':
      return writer.layer(node, 'Clip', { clip_param: { min: 0, max: 6 } });
    case 'elu':
      return writer.layer(node, 'ELU', { elu_param: { alpha } });
    case 'sigmoid':
      return writer.layer(node, 'Sigmoid');
    case 'tanh':
      return writer.layer(node, 'TanH');
    case 'hardSigmoid':
    case 'softplus':
    case 'swish':
    case 'hardSwish':
    case 'selu':
    case 'gelu':
    case 'geluTanh':
    case 'mish':
    case 'softsign':
    case 'clip':
    case 'erf':
    case 'exp':
    case 'log':
    case 'sqrt':
    case 'square':
    case 'abs':
    case 'negate':
    case 'reciprocal':
      return cannotWrite(node, `Caffe has no ${name}`);
    default:
      return name satisfies never;
  }
}

/** Sum or product; Caffe stretches only one number per channel over an image, and only in products. */
export function writeCombination(node: GraphNode, kind: 'add' | 'multiply', writer: CaffeWriter): void {
  const shapes = node.inputs.map((value) => writer.shape(value).join('×'));
  if (new Set(shapes).size === 1) {
    return writer.layer(node, 'Eltwise', { eltwise_param: { operation: kind === 'multiply' ? 0 : 1 } });
  }
  const isPerChannel = node.inputs.length === 2 && writer.shape(node.inputs[1]!).length === 1;
  if (kind === 'multiply' && isPerChannel) return writer.layer(node, 'Scale', { scale_param: { axis: 0 } });
  cannotWrite(node, `it combines ${shapes.join(' and ')}, and Caffe only what is of one size`);
}

/** Joins along axis 1 (channels), 2 (height) or 3 (width) of [N, C, H, W]. */
export function writeConcat(node: GraphNode, { axis }: Concat, writer: CaffeWriter): void {
  const isImage = writer.shape(node.output).length === 3;
  writer.layer(node, 'Concat', { concat_param: { axis: isImage ? [2, 3, 1][axis]! : 1 } });
}

export function writeFlatten(node: GraphNode, { order }: Flatten, writer: CaffeWriter): void {
  requireOrder(node, order, writer);
  writer.layer(node, 'Flatten');
}

export function writeReshape(node: GraphNode, { shape, order }: Reshape, writer: CaffeWriter): void {
  requireOrder(node, order, writer);
  const extents = shape.length === 3 ? [shape[2]!, shape[0]!, shape[1]!] : shape;
  writer.layer(node, 'Reshape', { reshape_param: { shape: { dim: [0, ...extents] } } });
}

/** Caffe counts the values of an image channels first, where that is another order. */
function requireOrder(node: GraphNode, order: 'hwc' | 'chw', writer: CaffeWriter): void {
  const isAnyOrder = [node.inputs[0]!, node.output].every((value) => isOrderless(writer.shape(value)));
  if (order === 'hwc' && !isAnyOrder)
    cannotWrite(node, 'it counts the channels of a pixel together, and Caffe the pixels of a channel');
}

export function writeLrn(
  node: GraphNode,
  { size, alpha, beta, bias }: LocalResponseNormalisation,
  writer: CaffeWriter,
): void {
  if (size % 2 === 0) cannotWrite(node, `its window is ${size} channels, and Caffe's windows are odd`);
  writer.layer(node, 'LRN', { lrn_param: { local_size: size, alpha, beta, k: bias } });
}
