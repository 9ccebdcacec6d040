import type { Tensor } from '../../../../network/graph';
import { inFileOrder } from '../arrange';
import { constantOperand } from '../constants';
import { cannot } from '../context';
import { OnnxNode, type NodeDraft } from '../node';
import type { Constant, FloatConstant } from '../tensors';
import { slidingOf } from './sliding';

/** Conv of images (kernel [O, I/g, D_h, D_w]) or sequences ([O, I/g, D]), → [D_h, D_w, I/g, O]. */
export function convolution(node: OnnxNode): NodeDraft {
  const kernel = node.weights(1, 'kernel');
  const [outputs] = kernel.dims;
  const isSequence = kernel.dims.length === 3;
  if (kernel.dims.length !== 4 && !isSequence)
    cannot(`its kernel has ${kernel.dims.length} axes, expected 3 or 4 (sequences or images, no volumes).`);
  const groups = node.integer('group', 1);
  if (groups < 1) cannot(`it has ${groups} groups, expected at least 1.`);
  const [height, width] = isSequence ? [1, kernel.dims[2]!] : [kernel.dims[2]!, kernel.dims[3]!];
  const stated = node.integers('kernel_shape') ?? [];
  if (stated.length > 0 && stated.join('×') !== kernel.dims.slice(2).join('×'))
    cannot(`its kernel_shape is ${stated.join('×')}, its kernel ${kernel.dims.slice(2).join('×')}.`);
  const sliding = slidingOf(node, { height: height!, width: width! }, isSequence);
  const bias = node.vector(2, 'bias');
  if (bias && bias.length !== outputs) cannot(`its bias has ${bias.length} values, expected ${outputs}.`);
  const dims = [outputs!, kernel.dims[1]!, height!, width!];
  const tensor = node.context.materialise({ ...kernel, dims }, [2, 3, 1, 0]);
  const operator = { kind: 'conv2d', kernel: tensor, bias, ...sliding, groups } as const;
  return isSequence ? node.alongSequence(operator) : node.draft(operator);
}

/** BatchNormalization at inference; kept apart from the convolution before it. */
export function batchNormalisation(node: OnnxNode): NodeDraft {
  // Operator set 6 says the contrary, and files leave it out that were written for inference.
  const isTraining =
    node.opset < 7 ? node.integer('is_test', 1) === 0 : node.integer('training_mode', 0) !== 0;
  if (isTraining) cannot('it is in training mode; export the network for inference.');
  const view = node.context.viewOf(node.computed(0));
  if (node.integer('spatial', 1) === 0 && view?.axes.length !== 1)
    cannot('it normalises every value of an image by itself (spatial=0), expected channels.');
  if (node.proto.outputs.slice(1).some((output) => node.context.isUsed(output))) {
    cannot('its running statistics are used; export the network for inference.');
  }
  const required = (index: number, what: string) =>
    node.vector(index, what) ?? cannot(`its ${what} is missing.`);
  const operator = {
    kind: 'batchNorm',
    scale: required(1, 'scale'),
    offset: required(2, 'offset'),
    mean: required(3, 'mean'),
    variance: required(4, 'variance'),
    epsilon: node.float('epsilon', 1e-5),
  } as const;
  const isLast = view && view.axes[0] === node.context.shapes.get(view.value)!.length - 1;
  if (isLast) return node.passOn(operator);
  return view?.axes.length === 2 ? node.alongSequence(operator) : node.draft(operator);
}

/** Gemm with constant weights: alpha · A · B + beta · C. */
export function gemm(node: OnnxNode): NodeDraft {
  if (node.integer('transA', 0) !== 0)
    cannot('its input is transposed (transA), expected images along the first axis.');
  const weights = matrix(node, 1, node.integer('transB', 0) !== 0);
  const view = node.context.viewOf(node.computed(0));
  if (view && view.axes.length !== 1)
    cannot(`it multiplies a vector only, found ${node.extents(0).join('×')}.`);
  const bias =
    node.inputName(2) === null ? null : stretched(node, node.weights(2, 'bias'), weights.shape[1]!);
  return node.draft({
    kind: 'dense',
    weights: node.float('alpha', 1) === 1 ? weights : scaledMatrix(weights, node.float('alpha', 1)),
    bias: bias && scaled(bias, node.float('beta', 1)),
  });
}

/**
 * MatMul: with constant weights a dense layer over the last axis, to which an Add of a constant that alone reads
 * its result gives the bias; else a product of two computed values.
 */
export function matrixProduct(node: OnnxNode): NodeDraft {
  const right = node.constant(1);
  if (right?.dims.length !== 2) return computedProduct(node);
  const weights = matrix(node, 1, false);
  const { inputs, axes } = lastAxisLast(node);
  const next = node.context.onlyReader(node.output);
  const bias =
    next &&
    biasAfter(node, next.operator === 'Add' ? new OnnxNode(next, node.context) : null, weights.shape[1]!);
  const dense: NodeDraft = { operator: { kind: 'dense', weights, bias }, inputs, ...(axes ? { axes } : {}) };
  if (!bias) return dense;
  node.context.absorbed.add(next);
  return { ...dense, output: next.outputs[0] ?? '' };
}

/** The first input with the file's last axis last, and how it lies then. */
function lastAxisLast(node: OnnxNode): { inputs: readonly string[]; axes?: readonly number[] } {
  const view = node.context.viewOf(node.computed(0));
  if (!view) return { inputs: [node.computed(0)] };
  const { value, axes } = view;
  if (axes.at(-1) === node.context.shapes.get(value)!.length - 1) return { inputs: [value], axes };
  return { inputs: [inFileOrder(view, node.context)], axes: axes.map((_, axis) => axis) };
}

/** A product of two values, one of which may be constant matrices, laid out in the file's order. */
function computedProduct(node: OnnxNode): NodeDraft {
  const computed = [0, 1].filter((index) => !node.constant(index));
  const views = computed.map((index) => node.view(index));
  const [first] = views;
  if (!first) return cannot('both of its operands are constants.');
  if (views.some(({ axes }) => axes.length !== first.axes.length))
    cannot('it multiplies values of different numbers of axes.');
  if (first.axes.length < 2) cannot('it multiplies vectors, expected matrices.');
  const axes = first.axes.map((_, axis) => axis);
  const values = views.map((view) => inFileOrder(view, node.context));
  const place = { value: values[0]!, axes };
  const inputs = [0, 1].map((index) =>
    computed.includes(index) ? values[computed.indexOf(index)]! : constantOperand(node, index, place),
  );
  return { operator: { kind: 'matrixProduct' }, inputs, axes };
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

function scaledMatrix({ shape, data }: Tensor, factor: number): Tensor {
  return { shape, data: scaled(data, factor) };
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
