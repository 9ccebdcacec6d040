import type { Elementwise, Operator, Tensor } from '../../../../network/graph';
import { cannot } from '../../onnx/context';
import type { GraphCall } from './call';

/** Add, AddV2, AddN, Mul, Maximum, … of computed values and constants. */
export function combination(operator: Operator) {
  return (call: GraphCall): string => {
    const axes = sameAxes(call);
    const operands = call.node.inputs.map((_, index) =>
      call.isConstant(index) ? operand(call, index, axes, (value) => value) : call.data(index),
    );
    return call.emit(operator, operands);
  };
}

export function elementwise(name: Elementwise['function']) {
  return combination({ kind: 'elementwise', function: name });
}

/**
 * Sub and RealDiv: by a constant the sum with its negative, or the product with its inverse, which every format can
 * write; else a combination of its own.
 */
export function inverseCombination(kind: 'add' | 'multiply') {
  return (call: GraphCall): string => {
    if (!call.isConstant(1)) return elementwise(kind === 'add' ? 'subtract' : 'divide')(call);
    const change = (value: number) => (kind === 'add' ? -value : 1 / value);
    return call.emit({ kind }, [call.data(), operand(call, 1, sameAxes(call), change)]);
  };
}

/** Pow: squares and roots by a constant exponent, else a combination. */
export function power(call: GraphCall): string {
  const plain = { kind: 'activation', alpha: 0, beta: 0 } as const;
  const exponents = call.isConstant(1) ? call.weights(1, 'exponent').data : [];
  const [exponent] = exponents;
  const isOne = exponents.length > 0 && exponents.every((value) => value === exponent);
  if (isOne && exponent === 2) return call.emit({ ...plain, function: 'square' });
  if (isOne && exponent === 0.5) return call.emit({ ...plain, function: 'sqrt' });
  return elementwise('power')(call);
}

/** SquaredDifference. */
export function squaredDifference(call: GraphCall): string {
  const axes = sameAxes(call);
  const operands = call.node.inputs.map((_, index) =>
    call.isConstant(index) ? operand(call, index, axes, (value) => value) : call.data(index),
  );
  const difference = call.emit({ kind: 'elementwise', function: 'subtract' }, operands, 'difference');
  return call.emit({ kind: 'activation', function: 'square', alpha: 0, beta: 0 }, [difference]);
}

/** Number of axes of all computed operands without batch; stretched axes mean another thing where they differ. */
function sameAxes(call: GraphCall): number {
  const computed = call.node.inputs.flatMap((_, index) =>
    call.isConstant(index) ? [] : [call.shape(index).length],
  );
  const [first, ...rest] = computed;
  if (first === undefined) return cannot('all its operands are constants.');
  return rest.every((axes) => axes === first) ? first : cannot('it combines an image with a vector.');
}

function operand(call: GraphCall, index: number, axes: number, change: (value: number) => number): string {
  const { shape, data } = call.weights(index, 'constant operand');
  const value = { shape: withoutBatch(shape, axes), data: data.map(change) };
  return call.emit({ kind: 'constant', value }, [], `constant${index}`);
}

/** TensorFlow aligns shapes at the last axis as we do; a batch axis must be 1. */
function withoutBatch(shape: Tensor['shape'], axes: number): Tensor['shape'] {
  if (shape.length === 0) return [1];
  if (shape.length <= axes) return shape;
  const [batch, ...rest] = shape;
  return batch === 1 && rest.length === axes
    ? rest
    : cannot(`its constant operand has the shape ${shape.join('×')}.`);
}
