import type { Operator } from '../../../../network/graph';
import { cannot } from '../../onnx/context';
import type { LayerCall } from '../call';
import { applySteps } from './activations';

/** Add and Multiply of two or more values. */
export function combine(kind: 'add' | 'multiply') {
  return (call: LayerCall): string => {
    requireTwo(call);
    return call.emit({ kind });
  };
}

/** Average: a sum times one over the number of its summands. */
export function average(call: LayerCall): string {
  requireTwo(call);
  const sum = call.emit({ kind: 'add' }, 'sum');
  return applySteps(call, sum, [{ kind: 'factor', value: 1 / call.inputs.length }], '');
}

/** Subtract: the first plus minus one times the second. */
export function subtract(call: LayerCall): string {
  const [first, second] = call.inputs;
  if (first === undefined || second === undefined || call.inputs.length !== 2) cannot('it needs two inputs.');
  const negative = applySteps(call, second!, [{ kind: 'factor', value: -1 }], 'negative');
  return call.emit({ kind: 'add' }, '', [first!, negative]);
}

function requireTwo(call: LayerCall): void {
  if (call.inputs.length < 2) cannot(`it combines values, found ${call.inputs.length}.`);
}

/** Rescaling: x · scale + offset. */
export function rescaling(call: LayerCall): string {
  const [scale, offset] = [call.number('scale', 1), call.number('offset', 0)];
  const scaled = applySteps(
    call,
    call.input,
    [{ kind: 'factor', value: scale }],
    offset === 0 ? '' : 'scaled',
  );
  return offset === 0 ? scaled : applySteps(call, scaled, [{ kind: 'summand', value: offset }], '');
}

/** Layers that do nothing when a network answers. */
export function passing(origin: 'identity' | 'dropout') {
  const operator: Operator = { kind: 'identity', origin };
  return (call: LayerCall): string => call.emit(operator);
}
