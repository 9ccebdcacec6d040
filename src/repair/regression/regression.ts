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

/**
 * The moments of disjoint sets of samples together, added up in their order; without a Gram matrix where they have none.
 *
 * @throws RangeError for no set
 */
export function joinedMoments(parts: readonly Moments[]): Moments {
  const [first, ...others] = parts;
  if (!first) throw new RangeError('joinedMoments: expected at least one set of samples, got none');
  if (others.length === 0) return first;
  const samples = parts.reduce((sum, part) => sum + part.samples, 0);
  const shares = parts.map((part) => part.samples / samples);
  const meanOf = (name: Exclude<keyof Moments, 'samples'>) =>
    weighted(
      shares,
      parts.map((part) => part[name]),
    );
  const [patchMean, targetMean] = [meanOf('patchMean'), meanOf('targetMean')];
  const [gram, cross, targetVariance] = [meanOf('gram'), meanOf('cross'), meanOf('targetVariance')];
  parts.forEach((part, index) => {
    const patches = part.patchMean.map((mean, i) => mean - patchMean[i]);
    const targets = part.targetMean.map((mean, o) => mean - targetMean[o]);
    if (gram.length > 0) addOuter(gram, shares[index], patches, patches);
    addOuter(cross, shares[index], patches, targets);
    targets.forEach((gap, o) => (targetVariance[o] += shares[index] * gap * gap));
  });
  return { samples, patchMean, targetMean, gram, cross, targetVariance };
}

/** Σ share · values. */
function weighted(shares: readonly number[], parts: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(parts[0].length);
  parts.forEach((values, part) => {
    const share = shares[part];
    for (let index = 0; index < sum.length; index++) sum[index] += share * values[index];
  });
  return sum;
}

/** matrix += factor · left · rightᵀ */
function addOuter(matrix: Float64Array, factor: number, left: Float64Array, right: Float64Array): void {
  const columns = right.length;
  for (let i = 0; i < left.length; i++) {
    const weight = factor * left[i];
    for (let j = 0, at = i * columns; j < columns; j++, at++) matrix[at] += weight * right[j];
  }
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
