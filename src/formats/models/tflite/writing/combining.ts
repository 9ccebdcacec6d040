import type { Elementwise, GraphNode, Shape } from '../../../../network/graph';
import { broadcast } from '../../../../network/operatorShapes';
import { greatest } from '../../../../linalg/extremes';
import {
  ActivationFunctionType,
  AddOptionsT,
  BuiltinOperator,
  BuiltinOptions,
  DivOptionsT,
  MulOptionsT,
  SubOptionsT,
} from '../generated/tflite';
import type { OperatorOptions, TensorIndex } from './builder';
import type { Step, WriteContext } from './context';
import { reshaped } from './axes';

type Kind = 'add' | 'multiply' | Elementwise['function'];

const codes: Readonly<Record<Kind, BuiltinOperator>> = {
  add: BuiltinOperator.ADD,
  multiply: BuiltinOperator.MUL,
  subtract: BuiltinOperator.SUB,
  divide: BuiltinOperator.DIV,
  power: BuiltinOperator.POW,
  maximum: BuiltinOperator.MAXIMUM,
  minimum: BuiltinOperator.MINIMUM,
};

function optionsOf(kind: Kind, activation: ActivationFunctionType): Partial<OperatorOptions> {
  switch (kind) {
    case 'add':
      return { type: BuiltinOptions.AddOptions, options: new AddOptionsT(activation) };
    case 'multiply':
      return { type: BuiltinOptions.MulOptions, options: new MulOptionsT(activation) };
    case 'subtract':
      return { type: BuiltinOptions.SubOptions, options: new SubOptionsT(activation) };
    case 'divide':
      return { type: BuiltinOptions.DivOptions, options: new DivOptionsT(activation) };
    case 'power':
    case 'maximum':
    case 'minimum':
      return {};
    default:
      return kind satisfies never;
  }
}

interface Place {
  readonly part?: string;
  readonly activation?: ActivationFunctionType;
  /** Of the result; that of the value unless given. */
  readonly shape?: Shape;
  /** Whether the constant stands before the value. */
  readonly isSecond?: boolean;
}

/** An operator of a value and something else, element by element. */
export function combine(
  node: GraphNode,
  kind: Kind,
  { tensor, shape }: Step,
  other: TensorIndex,
  context: WriteContext,
  { part, activation = ActivationFunctionType.NONE, shape: result = shape, isSecond = false }: Place = {},
): Step {
  const inputs = isSecond ? [other, tensor] : [tensor, other];
  return context.add(node, codes[kind], inputs, {
    ...{ shape: result, ...optionsOf(kind, activation) },
    ...(part === undefined ? {} : { part }),
  });
}

/** The same with one number. */
export function combineWith(
  node: GraphNode,
  kind: Kind,
  step: Step,
  value: number,
  context: WriteContext,
  place: Place & { readonly part: string },
): Step {
  return combine(
    node,
    kind,
    step,
    context.floats(node, `${place.part}/value`, [1], Float32Array.of(value)),
    context,
    place,
  );
}

/** A combination of two or more values, two at a time. */
export function writeCombination(
  node: GraphNode,
  kind: Kind,
  context: WriteContext,
  activation: ActivationFunctionType = ActivationFunctionType.NONE,
): Step {
  const axes = greatest(node.inputs.map((value) => context.shape(value).length));
  // Names the node where it combines constants only.
  if (node.inputs.every((value) => context.constant(value))) context.first(node);
  const operands = node.inputs.map((value, index) => operand(node, value, index, axes, context));
  const last = operands.length - 1;
  return operands.slice(1).reduce((left, right, index) => {
    const isLast = index + 1 === last;
    const shape = broadcast(node, left.shape, right.shape);
    return combine(node, kind, left, right.tensor, context, {
      ...{ shape, activation: isLast ? activation : ActivationFunctionType.NONE },
      ...(isLast ? {} : { part: `operand${index + 2}` }),
    });
  }, operands[0]!);
}

/** A vector among images gets height and width; constants have no batch that would have to stand before those. */
function operand(node: GraphNode, value: string, index: number, axes: number, context: WriteContext): Step {
  const constant = context.constant(value);
  if (constant) {
    const tensor = context.floats(node, `constant${index + 1}`, constant.shape, constant.data);
    return { tensor, shape: constant.shape };
  }
  const step = context.step(value, node.name);
  const missing = axes - step.shape.length;
  if (missing === 0) return step;
  return reshaped(
    node,
    step,
    [...Array<number>(missing).fill(1), ...step.shape],
    context,
    `stretched${index + 1}`,
  );
}
