import { transposedMultiply } from '../../linalg/matrix';

/**
 * The regression that one group of a convolution or a dense layer is: outputs from patches.
 *
 * A patch has secondTaps · firstTaps · inputs values in the order (second tap, first tap, input). A kernel in
 * this order is a patchSize × outputs matrix, and where it is a product of factors its rows of second tap t are
 * `first` · (the t-th block of `second`). Spatial layers have D_h first and D_w second taps, channel layers
 * D_h · D_w and one, dense layers one and one (compare `Unfolding`).
 */
export interface PatchLayout {
  readonly firstTaps: number;
  readonly secondTaps: number;
  /** Per group. */
  readonly inputs: number;
  /** Per group. */
  readonly outputs: number;
}

/** Values of a patch: the rows of a kernel. */
export function patchSize({ firstTaps, secondTaps, inputs }: PatchLayout): number {
  return firstTaps * secondTaps * inputs;
}

/** Values that one filter of the first factor reads. */
export function firstRows({ firstTaps, inputs }: PatchLayout): number {
  return firstTaps * inputs;
}

/** Means and centred second moments of patches and targets, each divided by the number of samples. */
export interface Moments {
  readonly samples: number;
  readonly patchMean: Float64Array;
  readonly targetMean: Float64Array;
  /** Of patches, size × size, symmetric. */
  readonly gram: Float64Array;
  /** Of patches with targets, size × outputs. */
  readonly cross: Float64Array;
  /** Variance of each target. */
  readonly targetVariance: Float64Array;
}

/**
 * Mean squared error of a kernel with its best bias, summed over outputs: tr(KᵀSK) − 2 tr(KᵀC) + Σ variance.
 *
 * @param kernel size × outputs
 */
export function regressionError(moments: Moments, kernel: Float64Array): number {
  return errors(moments, kernel).reduce((sum, error) => sum + error, 0);
}

/**
 * The same for moments other than those the bias is fitted on: adds the square of what the mean is off by.
 *
 * @param bias one value per output
 */
export function predictionError(moments: Moments, kernel: Float64Array, bias: Float64Array): number {
  const own = bestBias(moments, kernel);
  const offset = own.reduce((sum, value, output) => sum + (value - bias[output]) ** 2, 0);
  return regressionError(moments, kernel) + offset;
}

/** The bias that leaves no mean error: mean target − kernelᵀ · mean patch. */
export function bestBias({ patchMean, targetMean }: Moments, kernel: Float64Array): Float64Array {
  const outputs = targetMean.length;
  const predicted = transposedMultiply(kernel, patchMean, outputs, patchMean.length, 1);
  return targetMean.map((mean, output) => mean - predicted[output]);
}

/** The moments of two disjoint sets of samples together. */
export function mergedMoments(a: Moments, b: Moments): Moments {
  const samples = a.samples + b.samples;
  const [partA, partB] = [a.samples / samples, b.samples / samples];
  const outputs = a.targetMean.length;
  const size = a.patchMean.length;
  const between = partA * partB;
  const patchGap = a.patchMean.map((value, i) => value - b.patchMean[i]);
  const targetGap = a.targetMean.map((value, o) => value - b.targetMean[o]);
  const mix = (x: Float64Array, y: Float64Array, gap: (index: number) => number) =>
    x.map((value, index) => partA * value + partB * y[index] + gap(index));
  const none = () => 0;
  return {
    samples,
    patchMean: mix(a.patchMean, b.patchMean, none),
    targetMean: mix(a.targetMean, b.targetMean, none),
    gram: mix(
      a.gram,
      b.gram,
      (index) => between * patchGap[Math.floor(index / size)] * patchGap[index % size],
    ),
    cross: mix(
      a.cross,
      b.cross,
      (index) => between * patchGap[Math.floor(index / outputs)] * targetGap[index % outputs],
    ),
    targetVariance: mix(a.targetVariance, b.targetVariance, (o) => between * targetGap[o] ** 2),
  };
}

function errors({ gram, cross, targetVariance, patchMean }: Moments, kernel: Float64Array): Float64Array {
  const outputs = targetVariance.length;
  const size = patchMean.length;
  const product = transposedMultiply(gram, kernel, size, size, outputs);
  const result = targetVariance.slice();
  for (let index = 0; index < kernel.length; index++) {
    result[index % outputs] += kernel[index] * (product[index] - 2 * cross[index]);
  }
  return result;
}
