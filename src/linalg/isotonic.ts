export type MonotoneDirection = 'non-decreasing' | 'non-increasing';

export interface IsotonicOptions {
  /** Positive weight of every value, all 1 where absent. */
  readonly weights?: ArrayLike<number>;
  /** Default 'non-decreasing'. */
  readonly direction?: MonotoneDirection;
}

/**
 * Weighted least-squares fit of a monotone sequence: the f that minimises Σ w[i] (f[i] − values[i])²
 * with f[0] ≤ f[1] ≤ … (or ≥). Pool-adjacent-violators, linear time (Ayer et al. 1955).
 * @throws RangeError on values that are not finite, weights that are not positive, or unequal lengths
 */
export function isotonicFit(values: ArrayLike<number>, options: IsotonicOptions = {}): Float64Array {
  const { weights, direction = 'non-decreasing' } = options;
  checkValues(values, weights);
  const sign = direction === 'non-decreasing' ? 1 : -1;
  const means = new Float64Array(values.length);
  const poolWeights = new Float64Array(values.length);
  const poolEnds = new Int32Array(values.length);
  let pools = 0;
  for (let i = 0; i < values.length; i++) {
    let mean = sign * values[i];
    let weight = weights === undefined ? 1 : weights[i];
    while (pools > 0 && means[pools - 1] >= mean) {
      pools--;
      const total = weight + poolWeights[pools];
      mean += ((means[pools] - mean) * poolWeights[pools]) / total;
      weight = total;
    }
    means[pools] = mean;
    poolWeights[pools] = weight;
    poolEnds[pools] = i + 1;
    pools++;
  }
  return expandPools(means, poolEnds, pools, sign, values.length);
}

function expandPools(
  means: Float64Array,
  poolEnds: Int32Array,
  pools: number,
  sign: number,
  length: number,
): Float64Array {
  const fit = new Float64Array(length);
  for (let pool = 0, start = 0; pool < pools; start = poolEnds[pool], pool++) {
    fit.fill(sign * means[pool], start, poolEnds[pool]);
  }
  return fit;
}

function checkValues(values: ArrayLike<number>, weights: ArrayLike<number> | undefined): void {
  if (weights !== undefined && weights.length !== values.length) {
    throw new RangeError(
      `isotonicFit: expected ${values.length} weights, one for each value, got ${weights.length}`,
    );
  }
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new RangeError(`isotonicFit: expected finite values, got ${values[i]} at index ${i}`);
    }
    if (weights !== undefined && !(weights[i] > 0 && Number.isFinite(weights[i]))) {
      throw new RangeError(`isotonicFit: expected positive weights, got ${weights[i]} at index ${i}`);
    }
  }
}
