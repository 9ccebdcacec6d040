import type { GraphNode, Quantise } from '../../../../network/graph';
import { BuiltinOperator, QuantizationParametersT, TensorType } from '../generated/tflite';
import type { Step, WriteContext } from './context';

/** Parameters of levels in int8, which is what runtimes compute with: those of uint8 are moved by half their range. */
export function signedLevels({ type, scale, zeroPoint }: Quantise): QuantizationParametersT {
  const zero = type === 'uint8' ? zeroPoint - 128 : zeroPoint;
  return new QuantizationParametersT([], [], [scale], [BigInt(zero)], 0, null, 0);
}

/** QUANTIZE and back, which leaves a value's numbers on its levels. */
export function writeQuantise(node: GraphNode, operator: Quantise, context: WriteContext): Step {
  const { tensor, shape } = context.first(node);
  const levels = context.levels(node, shape, TensorType.INT8, signedLevels(operator));
  context.operator(BuiltinOperator.QUANTIZE, 1, [tensor], levels);
  return context.add(node, BuiltinOperator.DEQUANTIZE, [levels], { shape, part: 'numbers', version: 2 });
}
