import type { BatchNorm, Tensor } from '../../network/graph';

/** A batch norm as one multiplication and one addition per channel, in double precision. */
export interface ChannelAffine {
  readonly scale: Float64Array;
  readonly offset: Float64Array;
}

/** y = scale · x + offset with scale = γ / √(variance + ε) and offset = β − mean · scale. */
export function affineOf(norm: BatchNorm): ChannelAffine {
  const scale = Float64Array.from(norm.scale, (gamma, c) => {
    return gamma / Math.sqrt((norm.variance[c] ?? 0) + norm.epsilon);
  });
  const offset = scale.map((factor, c) => (norm.offset[c] ?? 0) - (norm.mean[c] ?? 0) * factor);
  return { scale, offset };
}

/** Weights whose last axis is the output channel, and the bias. */
export interface LinearWeights {
  readonly kernel: Tensor;
  readonly bias: Float32Array | null;
}

/** Puts a batch norm that follows a linear layer into the layer's kernel and bias. */
export function foldBatchNorm(weights: LinearWeights, norm: BatchNorm): LinearWeights {
  const { scale, offset } = affineOf(norm);
  const channels = scale.length;
  const { shape, data } = weights.kernel;
  const scaled = new Float32Array(data.length);
  for (let start = 0; start < data.length; start += channels) {
    for (let c = 0; c < channels; c++) scaled[start + c] = data[start + c]! * scale[c]!;
  }
  const bias = Float32Array.from(offset, (value, c) => value + (weights.bias?.[c] ?? 0) * scale[c]!);
  return { kernel: { shape, data: scaled }, bias };
}
