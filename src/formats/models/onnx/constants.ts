import type { Tensor } from '../../../network/graph';
import type { View } from './axes';
import { cannot, type ReadContext } from './context';
import type { OnnxNode } from './node';
import { countOf, type FloatConstant } from './tensors';

/**
 * A constant that stretches over a value, its axes those of ours.
 *
 * @param constant aligned as ONNX aligns it: at the last axis, an axis of the batch in front allowed
 */
export function constantTensor(constant: FloatConstant, { value, axes }: View, context: ReadContext): Tensor {
  const { dims } = constant;
  if (countOf(dims) === 1) return { shape: [1], data: context.materialise(constant).data };
  const missing = Math.max(0, axes.length + 1 - dims.length);
  const [batch, ...extents] = [...new Array<number>(missing).fill(1), ...dims];
  if (extents.length !== axes.length || batch !== 1)
    cannot(`its constant operand has the shape ${dims.join('×')}.`);
  const rank = context.shapes.get(value)!.length;
  const sources = Array.from({ length: rank }, (_, axis) => axes.indexOf(axis));
  const order = sources.filter((source) => source >= 0);
  const isInOrder = order.every((axis, index) => axis === index);
  if (!isInOrder && order.length > 4) cannot(`its constant operand has ${order.length} axes.`);
  const { data } = context.materialise({ ...constant, dims: extents }, isInOrder ? undefined : order);
  return { shape: sources.map((source) => (source < 0 ? 1 : extents[source]!)), data };
}

/** What is done to a constant before it takes part. */
export interface OperandOptions {
  readonly change?: (value: number) => number;
  /** Extents that it gets first, where an operator aligns it in a way of its own. */
  readonly dims?: readonly number[];
}

/** Adds a constant node for a constant input of an operator over the view and returns the name of its value. */
export function constantOperand(
  node: OnnxNode,
  index: number,
  view: View,
  { change = (value) => value, dims }: OperandOptions = {},
): string {
  const { context } = node;
  const constant = node.weights(index, 'constant operand');
  const { shape, data } = constantTensor(dims ? { ...constant, dims } : constant, view, context);
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
