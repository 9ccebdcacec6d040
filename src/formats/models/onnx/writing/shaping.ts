import type {
  Concat,
  Constant,
  Flatten,
  GraphNode,
  ParametricRelu,
  Reshape,
} from '../../../../network/graph';
import { sizeOf } from '../../../../network/shapes';
import { channelsFirst } from '../axes';
import { permute } from '../tensors';
import { floatTensor, type WriteContext } from './context';
import { filePlaces, inOurOrder, padded, withBatch } from './order';

const toLast = { perm: { integers: [0, 2, 3, 1] } };
const toFirst = { perm: { integers: [0, 3, 1, 2] } };

/** Flatten of everything but the batch; counted channels last it needs a transposition first. */
export function writeFlatten(node: GraphNode, { order }: Flatten, context: WriteContext): void {
  const isReordered = order === 'hwc' && context.shape(node.inputs[0]!).length === 3;
  const inputs = isReordered
    ? [context.helper(node, 'transpose', 'Transpose', node.inputs, toLast)]
    : node.inputs;
  context.node(node, 'Flatten', { inputs, attributes: { axis: { integer: 1 } } });
}

/** Reshape; counted channels last it is surrounded by the transpositions of the images on either side. */
export function writeReshape(node: GraphNode, { shape, order }: Reshape, context: WriteContext): void {
  const [input] = node.inputs as [string];
  const isFromImage = order === 'hwc' && context.shape(input).length === 3;
  const source = isFromImage ? context.helper(node, 'transpose', 'Transpose', [input], toLast) : input;
  const isToImage = order === 'hwc' && shape.length === 3;
  // The leading 0 copies the batch's extent from the input.
  const target = context.integers(node, 'shape', [0, ...(isToImage ? shape : channelsFirst(shape))]);
  if (!isToImage) {
    context.node(node, 'Reshape', { inputs: [source, target] });
    return;
  }
  const name = context.fresh(`${node.name}/transpose`);
  const output = context.fresh(`${node.output}/channelsLast`);
  context.node({ ...node, output }, 'Reshape', { inputs: [source, target] });
  context.node({ ...node, name }, 'Transpose', { inputs: [output], attributes: toFirst });
}

/** Concat; our axes are height, width, channels, ONNX's are batch, channels, height, width. */
export function writeConcat(node: GraphNode, { axis }: Concat, context: WriteContext): void {
  const integer = filePlaces(context.shape(node.output).length)[axis]!;
  context.node(node, 'Concat', { attributes: { axis: { integer } } });
}

/** ONNX's name of a combination of two values, and of one of more where there is one. */
const combinations = {
  add: ['Add', 'Sum'],
  multiply: ['Mul', null],
  subtract: ['Sub', null],
  divide: ['Div', null],
  power: ['Pow', null],
  maximum: ['Max', 'Max'],
  minimum: ['Min', 'Min'],
} as const;

/** A combination element by element; values of fewer axes get those that ONNX's broadcasting needs. */
export function writeCombination(
  node: GraphNode,
  kind: keyof typeof combinations,
  context: WriteContext,
): void {
  const axes = context.shape(node.output).length;
  const inputs = node.inputs.map((value, index) => alignedOperand(node, value, index, axes, context));
  const [two, several] = combinations[kind];
  if (inputs.length <= 2 || several) {
    context.node(node, (inputs.length > 2 ? several : null) ?? two, { inputs });
    return;
  }
  const [first, ...rest] = inputs as [string, ...string[]];
  const last = rest.pop()!;
  const product = rest.reduce(
    (left, right, index) => context.helper(node, `product${index + 1}`, two, [left, right]),
    first,
  );
  context.node(node, two, { inputs: [product, last] });
}

function alignedOperand(
  node: GraphNode,
  value: string,
  index: number,
  axes: number,
  context: WriteContext,
): string {
  const shape = context.shape(value);
  const isConstant = context.isConstant(value);
  if (shape.length === axes || (isConstant && sizeOf(shape) === 1 && shape.length <= 1)) return value;
  const suffix = `operand${index + 1}`;
  const first = isConstant ? 0 : 1;
  if (shape.length === 1 && axes === 3) {
    // A constant has no batch axis in front of its channels.
    const { inputs, attributes } = context.axes(node, 13, [first + 1, first + 2]);
    return context.helper(node, suffix, 'Unsqueeze', [value, ...inputs], attributes);
  }
  const turned = inOurOrder(node, value, `${suffix}/order`, context);
  const added = Array.from({ length: axes - shape.length }, (_, axis) => first + axis);
  const { inputs, attributes } = context.axes(node, 13, added);
  const grown = context.helper(node, suffix, 'Unsqueeze', [turned, ...inputs], attributes);
  if (axes !== 3) return grown;
  const perm = isConstant ? { integers: [2, 0, 1] } : withBatch([2, 0, 1]);
  return context.helper(node, `${suffix}/image`, 'Transpose', [grown], { perm });
}

/** A ReLU with slopes that are stretched as ONNX stretches them. */
export function writeParametricRelu(
  node: GraphNode,
  { slopes }: ParametricRelu,
  context: WriteContext,
): void {
  const shape = padded(slopes.shape, context.shape(node.output).length);
  const isImage = shape.length === 3;
  const data = isImage ? permute(slopes.data, shape, [2, 0, 1]) : slopes.data;
  const weights = context.floats(node, 'slope', channelsFirst(shape), data);
  context.node(node, 'PRelu', { inputs: [...node.inputs, weights] });
}

/** A constant node; an image constant is written channels first, without batch. */
export function writeConstant(node: GraphNode, { value }: Constant, context: WriteContext): void {
  const isImage = value.shape.length === 3;
  const data = isImage ? permute(value.data, value.shape, [2, 0, 1]) : value.data;
  context.node(node, 'Constant', {
    attributes: { value: { tensor: floatTensor(channelsFirst(value.shape), data) } },
  });
}
