/**
 * Monotone piecewise cubic interpolation (Fritsch and Butland's weighted harmonic mean slopes with
 * the three-point end rule), the interpolant that SciPy calls PchipInterpolator. It never overshoots:
 * between two samples it stays between their values.
 */

/** What to answer outside [x[0], x[n-1]]: the nearest end's value, or an error. */
export type Extrapolation = 'clamp' | 'throw';

export interface Pchip {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** First derivative at every sample. */
  readonly slopes: Float64Array;
}

/**
 * Prepares the interpolant through (x[i], y[i]); plain data, so it can cross threads.
 * @param x strictly increasing, at least two samples
 * @throws RangeError on fewer than two samples, unequal lengths, unsorted x or numbers that are not finite
 */
export function createPchip(x: ArrayLike<number>, y: ArrayLike<number>): Pchip {
  checkSamples(x, y);
  const samplesX = Float64Array.from(x);
  const samplesY = Float64Array.from(y);
  return { x: samplesX, y: samplesY, slopes: pchipSlopes(samplesX, samplesY) };
}

/**
 * Value of the interpolant at one point. NaN in gives NaN out.
 * @param extrapolation 'clamp' (default) holds the end values outside the samples; unlike SciPy, whose
 *   default continues the outer cubics, we never continue them: a metric's curve means nothing there
 * @throws RangeError outside the samples when extrapolation is 'throw'
 */
export function evaluatePchip(curve: Pchip, at: number, extrapolation: Extrapolation = 'clamp'): number {
  const { x, y, slopes } = curve;
  const last = x.length - 1;
  if (at < x[0] || at > x[last]) {
    if (extrapolation === 'throw') {
      throw new RangeError(`evaluatePchip: expected a point in [${x[0]}, ${x[last]}], got ${at}`);
    }
    return at < x[0] ? y[0] : y[last];
  }
  const i = intervalContaining(x, at);
  const width = x[i + 1] - x[i];
  const secant = (y[i + 1] - y[i]) / width;
  const offset = at - x[i];
  const bend = (slopes[i] + slopes[i + 1] - 2 * secant) / width;
  const quadratic = (secant - slopes[i]) / width - bend;
  return y[i] + offset * (slopes[i] + offset * (quadratic + (offset * bend) / width));
}

function checkSamples(x: ArrayLike<number>, y: ArrayLike<number>): void {
  if (x.length !== y.length) {
    throw new RangeError(`createPchip: expected as many y as x, got ${x.length} x and ${y.length} y`);
  }
  if (x.length < 2) {
    throw new RangeError(`createPchip: expected at least 2 samples, got ${x.length}`);
  }
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) {
      throw new RangeError(`createPchip: expected finite samples, got (${x[i]}, ${y[i]}) at index ${i}`);
    }
    if (i > 0 && x[i] <= x[i - 1]) {
      throw new RangeError(
        `createPchip: expected strictly increasing x, got ${x[i - 1]} then ${x[i]} at index ${i}`,
      );
    }
  }
}

function pchipSlopes(x: Float64Array, y: Float64Array): Float64Array {
  const intervals = x.length - 1;
  const widths = new Float64Array(intervals);
  const secants = new Float64Array(intervals);
  for (let i = 0; i < intervals; i++) {
    widths[i] = x[i + 1] - x[i];
    secants[i] = (y[i + 1] - y[i]) / widths[i];
  }
  const slopes = new Float64Array(x.length);
  if (intervals === 1) return slopes.fill(secants[0]);
  for (let i = 1; i < intervals; i++) {
    slopes[i] = innerSlope(widths[i - 1], widths[i], secants[i - 1], secants[i]);
  }
  slopes[0] = endSlope(widths[0], widths[1], secants[0], secants[1]);
  slopes[intervals] = endSlope(
    widths[intervals - 1],
    widths[intervals - 2],
    secants[intervals - 1],
    secants[intervals - 2],
  );
  return slopes;
}

/** Weighted harmonic mean of the neighbouring secants; 0 at a local extremum or beside a flat piece. */
function innerSlope(
  widthBefore: number,
  widthAfter: number,
  secantBefore: number,
  secantAfter: number,
): number {
  if (secantBefore === 0 || secantAfter === 0) return 0;
  if (Math.sign(secantBefore) !== Math.sign(secantAfter)) return 0;
  const weightBefore = 2 * widthAfter + widthBefore;
  const weightAfter = widthAfter + 2 * widthBefore;
  return (weightBefore + weightAfter) / (weightBefore / secantBefore + weightAfter / secantAfter);
}

/** Non-centred three-point slope at an end, limited so that the outer cubic keeps its shape. */
function endSlope(nearWidth: number, farWidth: number, nearSecant: number, farSecant: number): number {
  const slope = ((2 * nearWidth + farWidth) * nearSecant - nearWidth * farSecant) / (nearWidth + farWidth);
  if (Math.sign(slope) !== Math.sign(nearSecant)) return 0;
  const turns = Math.sign(nearSecant) !== Math.sign(farSecant);
  return turns && Math.abs(slope) > 3 * Math.abs(nearSecant) ? 3 * nearSecant : slope;
}

/** Index i with x[i] <= at <= x[i+1]; `at` lies within the samples. */
function intervalContaining(x: Float64Array, at: number): number {
  let low = 0;
  let high = x.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle] <= at) low = middle;
    else high = middle;
  }
  return low;
}
