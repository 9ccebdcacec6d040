import type { Tensor } from '../../../../network/graph';
import { roundToEven } from '../../../../network/half';
import { permute } from '../../onnx/tensors';
import { QuantizationParametersT, TensorType } from '../generated/tflite';

/** Weights in fewer bits, as a file holds them. */
export interface StoredWeights {
  readonly type: TensorType;
  readonly values: ArrayBufferView;
  readonly levels: QuantizationParametersT | null;
  /** Of the DEQUANTIZE that reads them. */
  readonly version: number;
}

/**
 * The form of fewer bits that weights are stored in, with their axes in another order.
 *
 * @param axis of the output channels in that order
 * @returns null where there is none that runtimes read
 */
export function storedWeights(
  { shape, stored }: Tensor,
  order: readonly number[],
  axis: number,
): StoredWeights | null {
  if (stored?.type === 'float16') {
    const values = permute(stored.values, shape, order);
    return { type: TensorType.FLOAT16, values, levels: null, version: 3 };
  }
  // Runtimes know weights in whole numbers around zero.
  if (stored?.type !== 'int8' || stored.zeroPoint !== 0) return null;
  const scales = Array.from(stored.scales);
  const zeros = scales.map(() => 0n);
  const levels = new QuantizationParametersT([], [], scales, zeros, 0, null, axis);
  return {
    ...{ type: TensorType.INT8, values: permute(stored.values, shape, order), levels },
    version: scales.length > 1 ? 5 : 2,
  };
}

/** A bias in whole numbers: each of its steps is one of the input's times one of the channel's weights. */
export function biasLevels(bias: Float32Array, weights: Float32Array, input: QuantizationParametersT) {
  const scales = Array.from(bias, (_, channel) =>
    Math.fround(weights[channel % weights.length]! * input.scale[0]!),
  );
  return { values: Int32Array.from(bias, (value, channel) => roundToEven(value / scales[channel]!)), scales };
}
