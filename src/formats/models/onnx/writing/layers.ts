import type {
  BatchNorm,
  Conv2d,
  Dense,
  GlobalPool,
  GraphNode,
  Pad,
  Padding,
  Pool,
} from '../../../../network/graph';
import type { Attributes, WriteContext } from './context';
import { reordered, withBatch } from './order';

/** Operator set from which on Gemm may have no bias. */
const gemmWithoutBias = 11;

/** [top, left, bottom, right], as Conv and the pools want it. */
function pads({ top, left, bottom, right }: Padding): { integers: number[] } {
  return { integers: [top, left, bottom, right] };
}

/** Kernel [D_h, D_w, I/g, O] → [O, I/g, D_h, D_w]. */
export function writeConvolution(node: GraphNode, operator: Conv2d, context: WriteContext): void {
  const { kernel, bias, stride, dilation, padding, groups } = operator;
  const [height, width] = kernel.shape as [number, number, number, number];
  const weights = [context.weights(node, kernel, [3, 2, 0, 1])];
  if (bias) weights.push(context.bias(node, bias, kernel));
  const attributes = {
    kernel_shape: { integers: [height, width] },
    strides: { integers: [stride.height, stride.width] },
    dilations: { integers: [dilation.height, dilation.width] },
    pads: pads(padding),
    group: { integer: groups },
  };
  context.node(node, 'Conv', { inputs: [...node.inputs, ...weights], attributes });
}

/** Gemm on a vector; on every pixel of an image it is a 1×1 convolution, elsewhere a MatMul along the last axis. */
export function writeDense(node: GraphNode, operator: Dense, context: WriteContext): void {
  const { weights, bias } = operator;
  const rank = context.shape(node.inputs[0]!).length;
  if (rank === 3) {
    writeConvolution(node, pointwise(operator), context);
    return;
  }
  const matrix = context.weights(node, weights);
  if (bias && rank !== 1) {
    const output = context.fresh(`${node.output}/product`);
    context.node({ ...node, output }, 'MatMul', { inputs: [...node.inputs, matrix] });
    const name = context.fresh(`${node.name}/add`);
    const row = context.floats(node, 'bias', [bias.length], bias);
    context.node({ ...node, name }, 'Add', { inputs: [output, row] });
    return;
  }
  if (bias) {
    const row = context.bias(node, bias, weights);
    context.node(node, 'Gemm', { inputs: [...node.inputs, matrix, row] });
    return;
  }
  context.node(node, context.opset < gemmWithoutBias || rank !== 1 ? 'MatMul' : 'Gemm', {
    inputs: [...node.inputs, matrix],
  });
}

function pointwise({ weights, bias }: Dense): Conv2d {
  const one = { height: 1, width: 1 };
  const padding = { top: 0, bottom: 0, left: 0, right: 0 };
  const kernel = { ...weights, shape: [1, 1, ...weights.shape] };
  return { kind: 'conv2d', kernel, bias, stride: one, dilation: one, padding, groups: 1 };
}

export function writeBatchNorm(node: GraphNode, operator: BatchNorm, context: WriteContext): void {
  const { scale, offset, mean, variance, epsilon } = operator;
  const weights = Object.entries({ scale, offset, mean, variance }).map(([what, values]) =>
    context.floats(node, what, [values.length], values),
  );
  const attributes = { epsilon: { float: epsilon } };
  const rank = context.shape(node.output).length;
  if (rank === 1 || rank === 3) {
    context.node(node, 'BatchNormalization', { inputs: [...node.inputs, ...weights], attributes });
    return;
  }
  // ONNX has the channels behind the batch, values of other than three axes have them last.
  const perm = withBatch([rank - 1, ...Array.from({ length: rank - 1 }, (_, axis) => axis)]);
  const turned = context.helper(node, 'channelsFirst', 'Transpose', node.inputs, { perm });
  reordered(node, context, [rank - 1, ...Array.from({ length: rank - 1 }, (_, axis) => axis)], (placed) =>
    context.node(placed, 'BatchNormalization', { inputs: [turned, ...weights], attributes }),
  );
}

export function writePool(node: GraphNode, operator: Pool, context: WriteContext): void {
  const { reduce, window, stride, padding, roundUp, includePadding } = operator;
  const attributes: Attributes = {
    kernel_shape: { integers: [window.height, window.width] },
    strides: { integers: [stride.height, stride.width] },
    pads: pads(padding),
    ...(roundUp ? { ceil_mode: { integer: 1 } } : {}),
    ...(includePadding && reduce === 'average' ? { count_include_pad: { integer: 1 } } : {}),
  };
  context.node(node, reduce === 'max' ? 'MaxPool' : 'AveragePool', { attributes });
}

/** Global pooling; where height and width go away it is a reduction. */
export function writeGlobalPool(
  node: GraphNode,
  { reduce, keepDimensions }: GlobalPool,
  context: WriteContext,
): void {
  if (keepDimensions) {
    context.node(node, reduce === 'max' ? 'GlobalMaxPool' : 'GlobalAveragePool');
    return;
  }
  const { inputs, attributes } = context.axes(node, 18, [2, 3]);
  context.node(node, reduce === 'max' ? 'ReduceMax' : 'ReduceMean', {
    inputs: [...node.inputs, ...inputs],
    attributes: { ...attributes, keepdims: { integer: 0 } },
  });
}

/** Pads are attributes before operator set 11 and inputs since. */
export function writePad(node: GraphNode, { padding, channels, value }: Pad, context: WriteContext): void {
  const { top, left, bottom, right } = padding;
  const all = [0, channels?.before ?? 0, top, left, 0, channels?.after ?? 0, bottom, right];
  if (context.opset < 11) {
    context.node(node, 'Pad', { attributes: { pads: { integers: all }, value: { float: value } } });
    return;
  }
  const amounts = context.integers(node, 'pads', all);
  const filling = context.floats(node, 'value', [], Float32Array.of(value));
  context.node(node, 'Pad', { inputs: [...node.inputs, amounts, filling] });
}
