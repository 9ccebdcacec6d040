/** Predictions of some rows, to be compared through the activation that follows. All arrays are rows × outputs. */
export interface ActivatedRows {
  readonly targets: Float32Array;
  /** Added to targets and predictions before the activation; null for nothing. */
  readonly residual: Float32Array | null;
  /** Outside of these the activation is flat. */
  readonly bounds: { readonly min: number; readonly max: number };
}

/**
 * Targets for the next fit: where the activation is flat at the target and the prediction lies on the same flat
 * side, the prediction itself, since it is as good as it can be; where it does not, the bound it should not
 * cross. Least squares on these targets never raises the one-sided error of the predictions (each step
 * minimises an upper bound of it that touches it at the present predictions).
 */
export function rectifiedTargets(rows: ActivatedRows, predictions: Float32Array): Float32Array {
  const { targets, residual, bounds } = rows;
  const { min, max } = bounds;
  const rectified = targets.slice();
  for (let index = 0; index < rectified.length; index++) {
    const added = residual ? residual[index] : 0;
    const wanted = rectified[index] + added;
    if (wanted <= min) rectified[index] = Math.min(predictions[index], min - added);
    else if (wanted >= max) rectified[index] = Math.max(predictions[index], max - added);
  }
  return rectified;
}

/** Sum of squared differences of the activated predictions from the activated targets. */
export function activatedError(rows: ActivatedRows, predictions: Float32Array): number {
  const { targets, residual, bounds } = rows;
  const activate = (value: number) => Math.max(bounds.min, Math.min(bounds.max, value));
  let sum = 0;
  for (let index = 0; index < targets.length; index++) {
    const added = residual ? residual[index] : 0;
    sum += (activate(predictions[index] + added) - activate(targets[index] + added)) ** 2;
  }
  return sum;
}
