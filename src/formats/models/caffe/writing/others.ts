import { isOrderless, sizeOf } from '../../../../network/extents';
import type {
  Activation,
  Concat,
  Elementwise,
  Flatten,
  GraphNode,
  LocalResponseNormalisation,
  ParametricRelu,
  Reshape,
  Slice,
} from '../../../../network/graph';
import { caffeAxisOf, channelAxis } from '../axes';
import { blobInput, cannotWrite, requireFirstAxis, type CaffeWriter } from './context';

export function writeActivation(
  node: GraphNode,
  { function: name, alpha, beta }: Activation,
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
    case 'clip':
      return writer.layer(node, 'Clip', { clip_param: { min: alpha, max: beta } });
    case 'hardSigmoid':
      return writeGate(node, alpha, beta, node.output, writer);
    case 'softplus':
      return writer.layer(node, 'BNLL');
    case 'swish':
      writer.beside(node, 'gate', 'Sigmoid', { bottom: [...node.inputs], top: [`${node.output}_gate`] });
      return writeGated(node, writer);
    case 'hardSwish':
      writeGate(node, 1 / 6, 0.5, `${node.output}_gate`, writer);
      return writeGated(node, writer);
    case 'exp':
      return writer.layer(node, 'Exp');
    case 'log':
      return writer.layer(node, 'Log');
    case 'abs':
      return writer.layer(node, 'AbsVal');
    case 'sqrt':
      return writer.layer(node, 'Power', { power_param: { power: 0.5 } });
    case 'square':
      return writer.layer(node, 'Power', { power_param: { power: 2 } });
    case 'reciprocal':
      return writer.layer(node, 'Power', { power_param: { power: -1 } });
    case 'negate':
      return writer.layer(node, 'Power', { power_param: { scale: -1 } });
    case 'selu':
    case 'gelu':
    case 'geluTanh':
    case 'mish':
    case 'softsign':
    case 'erf':
      return cannotWrite(node, `Caffe has no ${name}`);
    default:
      return name satisfies never;
  }
}

/** max(0, min(1, alpha · x + beta)). */
function writeGate(node: GraphNode, alpha: number, beta: number, output: string, writer: CaffeWriter): void {
  const scaled = `${node.output}_scaled`;
  writer.beside(node, 'scaled', 'Power', {
    ...{ bottom: [...node.inputs], top: [scaled], power_param: { scale: alpha, shift: beta } },
  });
  const clip = { bottom: [scaled], top: [output], clip_param: { min: 0, max: 1 } };
  if (output === node.output) writer.layer(node, 'Clip', clip);
  else writer.beside(node, 'gate', 'Clip', clip);
}

/** A value times its gate. */
function writeGated(node: GraphNode, writer: CaffeWriter): void {
  const bottom = [...node.inputs, `${node.output}_gate`];
  writer.layer(node, 'Eltwise', { bottom, eltwise_param: { operation: 0 } });
}

/** Maximum, and the difference of two values, which Caffe has as a sum with coefficients. */
export function writeElementwise(
  node: GraphNode,
  { function: name }: Elementwise,
  writer: CaffeWriter,
): void {
  const shapes = node.inputs.map((value) => writer.shape(value).join('×'));
  if (new Set(shapes).size > 1)
    cannotWrite(node, `it combines ${shapes.join(' and ')}, and Caffe only what is of one size`);
  if (name === 'maximum') return writer.layer(node, 'Eltwise', { eltwise_param: { operation: 2 } });
  if (name === 'subtract')
    return writer.layer(node, 'Eltwise', { eltwise_param: { operation: 1, coeff: Float32Array.of(1, -1) } });
  cannotWrite(node, `Caffe has no layer that takes the ${name} of two values`);
}

/** A slice, and what it leaves on either side silenced. */
export function writeSlice(node: GraphNode, { axis, start, end, step }: Slice, writer: CaffeWriter): void {
  if (step !== 1) cannotWrite(node, `it takes one of ${step} elements, and Caffe neighbours only`);
  const shape = writer.shape(node.inputs[0]!);
  const extent = shape[axis]!;
  const points = [start, end].filter((point) => point > 0 && point < extent);
  if (points.length === 0) return writer.layer(node, 'Split');
  const rests = [start > 0, true, end < extent].flatMap((isThere, place) =>
    isThere ? [place === 1 ? node.output : `${node.output}_rest${place}`] : [],
  );
  const slice_param = { axis: caffeAxisOf(axis, shape.length), slice_point: points };
  writer.layer(node, 'Slice', { top: rests, slice_param });
  const bottom = rests.filter((blob) => blob !== node.output);
  writer.beside(node, 'silence', 'Silence', { bottom, top: [] });
}

/** PReLU with a slope per channel. */
export function writeParametricRelu(node: GraphNode, { slopes }: ParametricRelu, writer: CaffeWriter): void {
  const channels = writer.shape(node.inputs[0]!).at(-1)!;
  const { shape, data } = slopes;
  const isPerChannel = data.length === channels && shape.at(-1) === channels;
  requireFirstAxis(node, writer);
  if (!isPerChannel) cannotWrite(node, `its slopes are ${shape.join('×')}, and Caffe has one per channel`);
  writer.layer(node, 'PReLU', { blobs: [blobInput([channels], data)] });
}

/** Sum or product; Caffe stretches only one number per channel over an image, and only in products. */
export function writeCombination(node: GraphNode, kind: 'add' | 'multiply', writer: CaffeWriter): void {
  const shapes = node.inputs.map((value) => writer.shape(value).join('×'));
  if (new Set(shapes).size === 1) {
    return writer.layer(node, 'Eltwise', { eltwise_param: { operation: kind === 'multiply' ? 0 : 1 } });
  }
  const [value, vector] = node.inputs.toSorted((a, b) => sizeOf(writer.shape(b)) - sizeOf(writer.shape(a)));
  const isPerChannel =
    node.inputs.length === 2 &&
    writer.shape(value!).length === 3 &&
    sizeOf(writer.shape(vector!)) === writer.shape(value!).at(-1);
  if (kind === 'multiply' && isPerChannel && writer.shape(vector!).at(-1) === writer.shape(value!).at(-1)) {
    const bottom = [value!, flattened(node, vector!, writer)];
    return writer.layer(node, 'Scale', { bottom, scale_param: { axis: 0 } });
  }
  cannotWrite(node, `it combines ${shapes.join(' and ')}, and Caffe only what is of one size`);
}

/** A vector, of an image of one pixel where it is one. */
function flattened(node: GraphNode, value: string, writer: CaffeWriter): string {
  if (writer.shape(value).length === 1) return value;
  const top = `${node.output}_flat`;
  writer.beside(node, 'flat', 'Flatten', { bottom: [value], top: [top] });
  return top;
}

export function writeConcat(node: GraphNode, { axis }: Concat, writer: CaffeWriter): void {
  const rank = writer.shape(node.output).length;
  writer.layer(node, 'Concat', { concat_param: { axis: caffeAxisOf(axis, rank) } });
}

/** Softmax along channels, which are axis 1 unless it says otherwise. */
export function writeSoftmax(node: GraphNode, writer: CaffeWriter): void {
  const axis = channelAxis(writer.shape(node.output).length);
  writer.layer(node, 'Softmax', axis === 1 ? {} : { softmax_param: { axis } });
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
