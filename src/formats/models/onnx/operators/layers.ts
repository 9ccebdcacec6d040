import type { Tensor } from '../../../../network/graph';
import { cannot } from '../context';
import { OnnxNode, type NodeDraft } from '../node';
import type { Constant, FloatConstant } from '../tensors';
import { slidingOf } from './sliding';

/** Conv: kernel [O, I/g, D_h, D_w] → [D_h, D_w, I/g, O]. */
export function convolution(node: OnnxNode): NodeDraft {
  const kernel = node.weights(1, 'kernel');
  const [outputs, , height, width] = kernel.dims;
  if (kernel.dims.length !== 4)
    cannot(`its kernel has ${kernel.dims.length} axes, expected 4 (a two-dimensional convolution).`);
  const groups = node.integer('group', 1);
  if (groups < 1) cannot(`it has ${groups} groups, expected at least 1.`);
  const sliding = slidingOf(node, { height: height!, width: width! });
  const bias = node.vector(2, 'bias');
  if (bias && bias.length !== outputs) cannot(`its bias has ${bias.length} values, expected ${outputs}.`);
  const tensor = node.context.materialise(kernel, [2, 3, 1, 0]);
  return node.draft({ kind: 'conv2d', kernel: tensor, bias, ...sliding, groups });
}

/** BatchNormalization at inference; kept apart from the convolution before it. */
export function batchNormalisation(node: OnnxNode): NodeDraft {
  if (node.integer('training_mode', 0) !== 0)
    cannot('it is in training mode; export the network for inference.');
  if (node.proto.outputs.slice(1).some((output) => node.context.isUsed(output))) {
    cannot('its running statistics are used; export the network for inference.');
  }
  const required = (index: number, what: string) =>
    node.vector(index, what) ?? cannot(`its ${what} is missing.`);
  return node.draft({
    kind: 'batchNorm',
    scale: required(1, 'scale'),
    offset: required(2, 'offset'),
    mean: required(3, 'mean'),
    variance: required(4, 'variance'),
    epsilon: node.float('epsilon', 1e-5),
  });
}

/** Gemm with constant weights: alpha · A · B + beta · C. */
export function gemm(node: OnnxNode): NodeDraft {
  if (node.integer('transA', 0) !== 0)
    cannot('its input is transposed (transA), expected images along the first axis.');
  const weights = matrix(node, 1, node.integer('transB', 0) !== 0);
  requireVector(node);
  const bias =
    node.inputName(2) === null ? null : stretched(node, node.weights(2, 'bias'), weights.shape[1]!);
  return node.draft({
    kind: 'dense',
    weights: { shape: weights.shape, data: scaled(weights.data, node.float('alpha', 1)) },
    bias: bias && scaled(bias, node.float('beta', 1)),
  });
}

/** MatMul with constant weights; an Add of a constant that alone reads its result becomes the bias. */
export function matrixProduct(node: OnnxNode): NodeDraft {
  const weights = matrix(node, 1, false);
  requireVector(node);
  const next = node.context.onlyReader(node.output);
  const bias =
    next &&
    biasAfter(node, next.operator === 'Add' ? new OnnxNode(next, node.context) : null, weights.shape[1]!);
  const dense = node.draft({ kind: 'dense', weights, bias });
  if (!bias) return dense;
  node.context.absorbed.add(next);
  return { ...dense, output: next.outputs[0] ?? '' };
}

function biasAfter(node: OnnxNode, add: OnnxNode | null, outputs: number): Float32Array | null {
  const addend = add?.constant(0) ?? add?.constant(1);
  const isBias = addend?.kind === 'floats' && isRow(addend, outputs);
  return isBias ? node.context.materialise(addend).data : null;
}

function isRow({ kind, dims }: Constant, length: number): boolean {
  return (
    kind === 'floats' &&
    dims.length <= 2 &&
    dims.at(-1) === length &&
    dims.slice(0, -1).every((extent) => extent === 1)
  );
}

function matrix(node: OnnxNode, index: number, isTransposed: boolean): Tensor {
  const weights = node.weights(index, 'weight matrix');
  if (weights.dims.length !== 2) cannot(`its weights have ${weights.dims.length} axes, expected a matrix.`);
  return node.context.materialise(weights, isTransposed ? [1, 0] : undefined);
}

function requireVector(node: OnnxNode): void {
  const shape = node.context.shapes.get(node.data(0));
  if (shape && shape.length !== 1)
    cannot(`it multiplies a vector only, found an image of ${shape.join('×')}.`);
}

/** A bias given as one number, a row, or a row in a matrix of one row. */
function stretched(node: OnnxNode, bias: FloatConstant, length: number): Float32Array {
  const { data } = node.context.materialise(bias);
  if (data.length === 1) return new Float32Array(length).fill(data[0]!);
  return isRow(bias, length)
    ? data
    : cannot(`its bias has the shape ${bias.dims.join('×')}, expected ${length}.`);
}

function scaled(values: Float32Array, factor: number): Float32Array {
  return factor === 1 ? values : values.map((value) => value * factor);
}
