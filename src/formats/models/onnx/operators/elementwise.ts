import type { Shape, Tensor } from '../../../../network/graph';
import { cannot } from '../context';
import { fromFront, type NodeDraft, type OnnxNode } from '../node';
import { countOf, type FloatConstant } from '../tensors';

/** Add, Sum and Mul of computed values and constants. */
export function combination(kind: 'add' | 'multiply') {
  return (node: OnnxNode): NodeDraft => {
    const inputs = node.proto.inputs.filter((name) => name !== '');
    const axes = requireSameAxes(
      node,
      inputs.filter((name) => !node.context.constants.has(name)),
    );
    const operands = inputs.map((name, index) =>
      node.context.constants.has(name)
        ? constantOperand(node, index, axes, (value) => value)
        : node.data(index),
    );
    if (operands.length === 1) return node.draft({ kind: 'identity', origin: 'identity' });
    return node.draft({ kind }, operands);
  };
}

/** Sub and Div by a constant: the sum with its negative, the product with its inverse. */
export function inverseCombination(kind: 'add' | 'multiply') {
  return (node: OnnxNode): NodeDraft => {
    const left = node.data(0);
    if (!node.constant(1)) cannot('its second operand is computed while running, expected a constant.');
    const axes = requireSameAxes(node, [left]);
    const right = constantOperand(node, 1, axes, (value) => (kind === 'add' ? -value : 1 / value));
    return node.draft({ kind }, [left, right]);
  };
}

/** Number of axes of all computed operands (1 or 3); NumPy's way to stretch axes differs from ours where they differ. */
function requireSameAxes(node: OnnxNode, names: readonly string[]): number {
  const [first, ...rest] = names.map((name) => node.context.shapes.get(name)?.length);
  if (names.length === 0) cannot('all its operands are constants.');
  if (first === undefined || rest.includes(undefined)) return cannot('the shape of an operand is not known.');
  return rest.every((axes) => axes === first) ? first : cannot('it combines an image with a vector.');
}

/** Adds a constant node for a constant operand and returns the name of its value. */
function constantOperand(
  node: OnnxNode,
  index: number,
  axes: number,
  change: (value: number) => number,
): string {
  const { context } = node;
  const constant = node.weights(index, 'constant operand');
  const { shape, data } = operandTensor(node, constant, axes);
  const name = node.inputName(index)!;
  const value = { shape, data: data.map(change) };
  const isNew = !context.shapes.has(name) && change(1) === 1;
  const output = isNew ? name : reuseOrRename(node, name, value);
  if (!context.shapes.has(output)) {
    const nodeName = context.uniqueName((isNew && context.constantNames.get(name)) || output);
    context.emit({ name: nodeName, inputs: [], output, operator: { kind: 'constant', value } });
  }
  return output;
}

/** A constant already in the graph serves again where its elements are the same, else it needs a value of its own. */
function reuseOrRename(node: OnnxNode, name: string, value: Tensor): string {
  const same = node.context.nodes.find(
    ({ output, operator }) =>
      output === name && operator.kind === 'constant' && isEqual(operator.value, value),
  );
  return same ? name : `${name}/${node.output}`;
}

function isEqual(left: Tensor, right: Tensor): boolean {
  return (
    left.shape.join() === right.shape.join() && left.data.every((value, index) => value === right.data[index])
  );
}

/** A constant aligned as ONNX aligns it (at the last axis), turned to channels last. */
function operandTensor(node: OnnxNode, constant: FloatConstant, axes: number): Tensor {
  const { dims } = constant;
  if (countOf(dims) === 1) return { shape: [1], data: node.context.materialise(constant).data };
  const extents = [...new Array<number>(Math.max(0, axes + 1 - dims.length)).fill(1), ...dims];
  if (extents.length !== axes + 1 || extents[0] !== 1)
    cannot(`its constant operand has the shape ${dims.join('×')}.`);
  const shape: Shape = extents.slice(1);
  const aligned = { ...constant, dims: shape };
  return node.context.materialise(aligned, axes === 3 ? [1, 2, 0] : undefined);
}

/** Concat of computed values along any axis but the batch. */
export function concatenation(node: OnnxNode): NodeDraft {
  const inputs = node.proto.inputs.map((_, index) => node.data(index));
  const shapes = inputs.map((_, index) => node.shape(index));
  const rank = (shapes[0]?.length ?? 0) + 1;
  if (shapes.some((shape) => shape.length + 1 !== rank)) cannot('it joins images with vectors.');
  const axis = fromFront(node.integer('axis', node.opset < 4 ? 1 : 0), rank);
  const ours = (rank === 4 ? [undefined, 2, 0, 1] : [undefined, 0])[axis];
  if (ours === undefined) return cannot(`it joins along axis ${axis}, expected channels, height or width.`);
  return node.draft({ kind: 'concat', axis: ours }, inputs);
}
