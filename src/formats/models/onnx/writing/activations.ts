import type { Activation, GraphNode, LocalResponseNormalisation } from '../../../../network/graph';
import type { Attributes, WriteContext } from './context';
import { filePlaces } from './order';

const names = {
  relu: 'Relu',
  leakyRelu: 'LeakyRelu',
  elu: 'Elu',
  sigmoid: 'Sigmoid',
  hardSigmoid: 'HardSigmoid',
  tanh: 'Tanh',
  softplus: 'Softplus',
  softsign: 'Softsign',
  erf: 'Erf',
  exp: 'Exp',
  log: 'Log',
  sqrt: 'Sqrt',
  abs: 'Abs',
  negate: 'Neg',
  reciprocal: 'Reciprocal',
} as const;

/** Operator sets that have HardSwish, Mish and Gelu. */
const [hardSwishSince, mishSince, geluSince] = [14, 18, 20];

export function writeActivation(node: GraphNode, operator: Activation, context: WriteContext): void {
  const { function: name, alpha, beta } = operator;
  switch (name) {
    case 'relu6':
      writeClip(node, 0, 6, context);
      return;
    case 'clip':
      writeClip(node, alpha, beta, context);
      return;
    case 'swish':
      writeGated(node, 'Sigmoid', {}, context);
      return;
    case 'hardSwish':
      if (context.opset >= hardSwishSince) context.node(node, 'HardSwish');
      else writeGated(node, 'HardSigmoid', { alpha: { float: 1 / 6 }, beta: { float: 0.5 } }, context);
      return;
    case 'leakyRelu':
    case 'elu':
      context.node(node, names[name], { attributes: { alpha: { float: alpha } } });
      return;
    case 'hardSigmoid':
      context.node(node, names[name], { attributes: { alpha: { float: alpha }, beta: { float: beta } } });
      return;
    case 'selu':
      context.node(node, 'Selu', { attributes: { alpha: { float: alpha }, gamma: { float: beta } } });
      return;
    case 'gelu':
      writeGelu(node, context);
      return;
    case 'geluTanh':
      writeGeluTanh(node, context);
      return;
    case 'mish':
      writeMish(node, context);
      return;
    case 'square':
      context.node(node, 'Mul', { inputs: [...node.inputs, ...node.inputs] });
      return;
    case 'relu':
    case 'sigmoid':
    case 'tanh':
    case 'softplus':
    case 'softsign':
    case 'erf':
    case 'exp':
    case 'log':
    case 'sqrt':
    case 'abs':
    case 'negate':
    case 'reciprocal':
      context.node(node, names[name]);
      return;
    default:
      name satisfies never;
  }
}

/** Clip; its bounds are attributes before operator set 11 and inputs since, left out where they are infinite. */
function writeClip(node: GraphNode, low: number, high: number, context: WriteContext): void {
  const isBound = Number.isFinite;
  if (context.opset < 11) {
    const attributes = {
      ...(isBound(low) ? { min: { float: low } } : {}),
      ...(isBound(high) ? { max: { float: high } } : {}),
    };
    context.node(node, 'Clip', { attributes });
    return;
  }
  const bound = (what: string, value: number) =>
    isBound(value) ? context.floats(node, what, [], Float32Array.of(value)) : '';
  const [lower, upper] = [bound('min', low), bound('max', high)];
  context.node(node, 'Clip', { inputs: [...node.inputs, lower, ...(upper ? [upper] : [])] });
}

/** x / 2 · (1 + erf(x / √2)), or the operator of newer sets. */
function writeGelu(node: GraphNode, context: WriteContext): void {
  if (context.opset >= geluSince) {
    context.node(node, 'Gelu');
    return;
  }
  const scaled = timesNumber(node, 'scaled', node.inputs, Math.SQRT1_2, context);
  writeHalfTimes(node, context.helper(node, 'erf', 'Erf', [scaled]), context);
}

/** x / 2 · (1 + tanh(√(2/π) · (x + 0.044715 · x³))), or the operator of newer sets. */
function writeGeluTanh(node: GraphNode, context: WriteContext): void {
  if (context.opset >= geluSince) {
    context.node(node, 'Gelu', { attributes: { approximate: { text: 'tanh' } } });
    return;
  }
  const [x] = node.inputs as [string];
  const square = context.helper(node, 'square', 'Mul', [x, x]);
  const cube = context.helper(node, 'cube', 'Mul', [square, x]);
  const small = timesNumber(node, 'small', [cube], 0.044715, context);
  const sum = context.helper(node, 'sum', 'Add', [x, small]);
  const curve = timesNumber(node, 'curve', [sum], Math.sqrt(2 / Math.PI), context);
  writeHalfTimes(node, context.helper(node, 'tanh', 'Tanh', [curve]), context);
}

/** x / 2 · (1 + gate) */
function writeHalfTimes(node: GraphNode, gate: string, context: WriteContext): void {
  const one = context.floats(node, 'one', [], Float32Array.of(1));
  const opened = context.helper(node, 'gate', 'Add', [gate, one]);
  const product = context.helper(node, 'product', 'Mul', [...node.inputs, opened]);
  const half = context.floats(node, 'half', [], Float32Array.of(0.5));
  context.node(node, 'Mul', { inputs: [product, half] });
}

function timesNumber(
  node: GraphNode,
  suffix: string,
  inputs: readonly string[],
  factor: number,
  context: WriteContext,
): string {
  const number = context.floats(node, `${suffix}/factor`, [], Float32Array.of(factor));
  return context.helper(node, suffix, 'Mul', [...inputs, number]);
}

/** x · tanh(softplus(x)), or the operator of newer sets. */
function writeMish(node: GraphNode, context: WriteContext): void {
  if (context.opset >= mishSince) {
    context.node(node, 'Mish');
    return;
  }
  const soft = context.helper(node, 'softplus', 'Softplus', node.inputs);
  context.node(node, 'Mul', { inputs: [...node.inputs, context.helper(node, 'gate', 'Tanh', [soft])] });
}

/** x · gate(x). */
function writeGated(node: GraphNode, gate: string, attributes: Attributes, context: WriteContext): void {
  const opened = context.helper(node, 'gate', gate, node.inputs, attributes);
  context.node(node, 'Mul', { inputs: [...node.inputs, opened] });
}

/** Softmax over the last axis; before operator set 13 of images of 1×1 only (see `neededOpset`). */
export function writeSoftmax(
  node: GraphNode,
  operator: 'Softmax' | 'LogSoftmax',
  context: WriteContext,
): void {
  const integer = filePlaces(context.shape(node.output).length).at(-1)!;
  context.node(node, operator, { attributes: { axis: { integer } } });
}

export function writeLrn(node: GraphNode, operator: LocalResponseNormalisation, context: WriteContext): void {
  const { size, alpha, beta, bias } = operator;
  const attributes = {
    size: { integer: size },
    alpha: { float: alpha },
    beta: { float: beta },
    bias: { float: bias },
  };
  context.node(node, 'LRN', { attributes });
}
