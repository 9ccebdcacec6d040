import { fail } from '../../../../network/failure';
import type { Concat, Constant, Flatten, GraphNode, Reshape } from '../../../../network/graph';
import { channelsFirst } from '../context';
import { permute } from '../tensors';
import { floatTensor, type WriteContext } from './context';

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
  const isImage = context.shape(node.output).length === 3;
  context.node(node, 'Concat', { attributes: { axis: { integer: isImage ? [2, 3, 1][axis]! : 1 } } });
}

/** Add and Mul; a vector among images gets the height and width that ONNX's broadcasting needs. */
export function writeCombination(node: GraphNode, kind: 'add' | 'multiply', context: WriteContext): void {
  const axes = context.shape(node.output).length;
  const inputs = node.inputs.map((value, index) => alignedOperand(node, value, index, axes, context));
  if (inputs.length <= 2) {
    context.node(node, kind === 'add' ? 'Add' : 'Mul', { inputs });
  } else if (kind === 'add') {
    context.node(node, 'Sum', { inputs });
  } else {
    const [first, ...rest] = inputs as [string, ...string[]];
    const last = rest.pop()!;
    const product = rest.reduce(
      (left, right, index) => context.helper(node, `product${index + 1}`, 'Mul', [left, right]),
      first,
    );
    context.node(node, 'Mul', { inputs: [product, last] });
  }
}

function alignedOperand(
  node: GraphNode,
  value: string,
  index: number,
  axes: number,
  context: WriteContext,
): string {
  const shape = context.shape(value);
  if (shape.length === axes || (shape.length === 1 && shape[0] === 1 && context.isConstant(value)))
    return value;
  if (shape.length !== 1 || axes !== 3) {
    fail(
      'invalid-network',
      `Node "${node.name}": ONNX cannot combine values of ${shape.length} and ${axes} axes.`,
    );
  }
  // A constant has no batch axis in front of its channels.
  const { inputs, attributes } = context.axes(node, 13, context.isConstant(value) ? [1, 2] : [2, 3]);
  return context.helper(node, `operand${index + 1}`, 'Unsqueeze', [value, ...inputs], attributes);
}

/** A constant node; an image constant is written channels first, without batch. */
export function writeConstant(node: GraphNode, { value }: Constant, context: WriteContext): void {
  const isImage = value.shape.length === 3;
  const data = isImage ? permute(value.data, value.shape, [2, 0, 1]) : value.data;
  context.node(node, 'Constant', {
    attributes: { value: { tensor: floatTensor(channelsFirst(value.shape), data) } },
  });
}
