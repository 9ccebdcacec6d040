import type { Tensor } from '../../../../network/graph';
import { cannot } from '../../onnx/context';
import type { GraphCall } from './call';

/** Add, AddV2, AddN and Mul of computed values and constants. */
export function combination(kind: 'add' | 'multiply') {
  return (call: GraphCall): string => {
    const axes = sameAxes(call);
    const operands = call.node.inputs.map((_, index) =>
      call.isConstant(index) ? operand(call, index, axes, (value) => value) : call.data(index),
    );
    return call.emit({ kind }, operands);
  };
}

/** Sub and RealDiv by a constant: the sum with its negative, the product with its inverse. */
export function inverseCombination(kind: 'add' | 'multiply') {
  return (call: GraphCall): string => {
    if (!call.isConstant(1)) cannot('its second operand is computed while running, expected a constant.');
    const change = (value: number) => (kind === 'add' ? -value : 1 / value);
    return call.emit({ kind }, [call.data(), operand(call, 1, sameAxes(call), change)]);
  };
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
