import type { Elementwise, Operator } from '../../../../network/graph';
import { asSequence, inUsualOrder } from '../arrange';
import { sameAxes, sequenceAxes, usualAxes, type View } from '../axes';
import { constantOperand, type OperandOptions } from '../constants';
import { cannot } from '../context';
import { fromFront, type NodeDraft, type OnnxNode } from '../node';
import { countOf } from '../tensors';
import { clipBetween } from './activations';

/** Add, Sum and Mul of computed values and constants. */
export function combination(kind: 'add' | 'multiply') {
  return (node: OnnxNode): NodeDraft => combined(node, { kind });
}

/** Sub and Div: by a constant the sum with its negative, the product with its inverse. */
export function inverseCombination(kind: 'add' | 'multiply') {
  return (node: OnnxNode): NodeDraft => {
    if (!node.constant(1))
      return combined(node, { kind: 'elementwise', function: kind === 'add' ? 'subtract' : 'divide' });
    return combined(node, { kind }, (value, index) =>
      index === 0 ? value : kind === 'add' ? -value : 1 / value,
    );
  };
}

/** Max and Min; with one number they bound values on one side. */
export function extreme(name: 'maximum' | 'minimum') {
  return (node: OnnxNode): NodeDraft => {
    const numbers = [0, 1].map((index) => soleNumber(node, index));
    const at = numbers.findIndex((number) => number !== null);
    if (node.proto.inputs.length !== 2 || at < 0)
      return combined(node, { kind: 'elementwise', function: name });
    const limit = numbers[at]!;
    const view = node.view(1 - at);
    const operator = name === 'maximum' ? clipBetween(limit, Infinity) : clipBetween(-Infinity, limit);
    return { operator, inputs: [view.value], axes: view.axes };
  };
}

/** Pow; squares, roots and inverses are functions of their own. */
export function power(node: OnnxNode): NodeDraft {
  const exponent = soleNumber(node, 1);
  const name = new Map([
    [2, 'square'],
    [0.5, 'sqrt'],
    [-1, 'reciprocal'],
  ] as const).get(exponent as 2);
  if (name) return node.passOn({ kind: 'activation', function: name, alpha: 0, beta: 0 });
  if (exponent === 1) return node.passOn({ kind: 'identity', origin: 'identity' });
  return combined(node, { kind: 'elementwise', function: 'power' });
}

/** Mean of several values: their sum, shared out. */
export function average(node: OnnxNode): NodeDraft {
  const sum = combined(node, { kind: 'add' });
  const { context } = node;
  const count = node.proto.inputs.length;
  const total = context.helper(node.output, sum.operator, sum.inputs);
  const share = { shape: [1], data: Float32Array.of(1 / count) };
  const factor = context.helper(`${node.output}/share`, { kind: 'constant', value: share }, []);
  const axes = sum.axes ? { axes: sum.axes } : {};
  return { operator: { kind: 'multiply' }, inputs: [total, factor], ...axes };
}

/** The one number that a constant input holds, or null. */
function soleNumber(node: OnnxNode, index: number): number | null {
  const constant = node.constant(index);
  if (!constant || countOf(constant.dims) !== 1) return null;
  if (constant.kind === 'integers')
    return typeof constant.elements[0] === 'number' ? constant.elements[0] : null;
  return constant.kind === 'floats' ? constant.values()[0]! : null;
}

/** An operator over all inputs, which lie the same way; constants turned to it. */
function combined(
  node: OnnxNode,
  operator: Elementwise | Extract<Operator, { readonly kind: 'add' | 'multiply' }>,
  change: (value: number, index: number) => number = (value) => value,
): NodeDraft {
  const inputs = node.proto.inputs.flatMap((name, index) => (name === '' ? [] : [index]));
  const isConstant = (index: number) => node.constant(index) !== null;
  const gate = oldGate(node);
  if (gate) return { operator, ...gate };
  const computed = inputs.filter((index) => !isConstant(index));
  const { axes, values } = alike(
    computed.map((index) => node.view(index)),
    node,
  );
  const place: View = { value: values[0]!, axes };
  const operands = inputs.map((index) =>
    isConstant(index)
      ? constantOperand(node, index, place, {
          change: (value) => change(value, index),
          ...oldAlignment(node, index, axes.length + 1),
        })
      : values[computed.indexOf(index)]!,
  );
  if (operands.length === 1)
    return { operator: { kind: 'identity', origin: 'identity' }, inputs: operands, axes };
  return { operator, inputs: operands, axes };
}

/** Names of values that lie the same way, and how: as they lie where they agree, else as usual. */
function alike(
  views: readonly View[],
  node: OnnxNode,
): { axes: readonly number[]; values: readonly string[] } {
  const { context } = node;
  const [first, ...rest] = views;
  if (!first) return cannot('all its operands are constants.');
  const rank = (view: View) => context.shapes.get(view.value)!.length;
  if (rest.some((view) => view.axes.length !== first.axes.length))
    cannot('it combines values of different numbers of axes, such as an image with a vector.');
  if (rest.every((view) => sameAxes(view.axes, first.axes) && rank(view) === rank(first)))
    return { axes: first.axes, values: views.map(({ value }) => value) };
  const isSequence = (view: View) => rank(view) === 3 && sameAxes(view.axes, sequenceAxes);
  if (views.some(isSequence))
    return { axes: sequenceAxes, values: views.map((view) => asSequence(view, context)) };
  return {
    axes: usualAxes(first.axes.length),
    values: views.map((view) => inUsualOrder(view, context)),
  };
}

/** Operator set 6 aligns the second operand at an axis that the node names; later ones align at the last. */
function alignsByAxis(node: OnnxNode): boolean {
  return node.opset < 7 && node.integer('broadcast', 0) !== 0;
}

/** The extents of a constant that is aligned in the old way, with those that it lacks behind. */
function oldAlignment(node: OnnxNode, index: number, rank: number): OperandOptions {
  const { dims } = node.constant(index)!;
  if (!alignsByAxis(node) || index !== 1) return {};
  const axis = fromFront(node.integer('axis', rank - dims.length), rank);
  // No axis that a file names, however odd, asks for more than there are.
  const lacking = Math.min(rank, Math.max(0, rank - axis - dims.length));
  return { dims: [...dims, ...new Array<number>(lacking).fill(1)] };
}

/** One computed number per channel, aligned in the old way as the graph aligns it; null where it is something else. */
function oldGate(node: OnnxNode): Pick<NodeDraft, 'inputs' | 'axes'> | null {
  if (!alignsByAxis(node) || node.constant(1)) return null;
  const [view, other] = [node.view(0), node.view(1)];
  if (other.axes.length === view.axes.length) return null;
  const rank = view.axes.length + 1;
  const shape = node.context.shapes.get(view.value)!;
  const isPerChannel = other.axes.length === 1 && view.axes[0] === shape.length - 1;
  if (!isPerChannel || fromFront(node.integer('axis', rank - 2), rank) !== 0)
    cannot('it stretches one computed value over another along an axis of its own.');
  return { inputs: [view.value, inUsualOrder(other, node.context)], axes: view.axes };
}

/** Concat of computed values along any axis but the batch. */
export function concatenation(node: OnnxNode): NodeDraft {
  const views = node.proto.inputs.map((_, index) => node.view(index));
  const { axes, values } = alike(views, node);
  const axis = fromFront(node.integer('axis', node.opset < 4 ? 1 : 0), axes.length + 1);
  const ours = axes[axis - 1];
  if (ours === undefined) return cannot(`it joins along axis ${axis}, expected channels, height or width.`);
  return { operator: { kind: 'concat', axis: ours }, inputs: values, axes };
}
