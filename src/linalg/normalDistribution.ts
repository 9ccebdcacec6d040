const SQRT_TWO_PI = Math.sqrt(2 * Math.PI);

/**
 * P(Z ≤ z) of the standard normal distribution, relative error about 1e-14, 2e-13 far down the lower tail
 * (power series of the error integral near 0, Laplace's continued fraction further out).
 */
export function normalCdf(z: number): number {
  if (Number.isNaN(z)) return Number.NaN;
  const distance = Math.abs(z);
  if (distance < 2) return 0.5 + Math.sign(z) * centralProbability(distance);
  const tail = tailProbability(distance);
  return z < 0 ? tail : 1 - tail;
}

/**
 * The z with P(Z ≤ z) = probability, by Newton steps on the CDF (log CDF in the tail).
 * @throws RangeError unless 0 < probability < 1
 */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1)) {
    throw new RangeError(`normalQuantile: expected a probability in (0, 1), got ${probability}`);
  }
  if (probability === 0.5) return 0;
  // 1 - p is exact for p >= 0.5, and the lower tail keeps full relative precision.
  return probability > 0.5 ? -lowerQuantile(1 - probability) : lowerQuantile(probability);
}

/** Quantile of p < 0.5. On log Φ, which is concave, Newton from below the root converges monotonically. */
function lowerQuantile(probability: number): number {
  const target = Math.log(probability);
  let z = -Math.sqrt(-2 * target);
  for (let step = 0; step < 60; step++) {
    const cdf = normalCdf(z);
    const change = ((Math.log(cdf) - target) * cdf) / normalDensity(z);
    z -= change;
    if (Math.abs(change) <= 1e-15 * Math.abs(z)) break;
  }
  return z;
}

function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / SQRT_TWO_PI;
}

/** P(0 ≤ Z ≤ z): z φ(z) (1 + z²/3 + z⁴/15 + …), all terms positive so nothing cancels. */
function centralProbability(z: number): number {
  let term = z;
  let sum = z;
  for (let odd = 3; term > sum * 1e-17; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return sum * normalDensity(z);
}

/** P(Z > z) for z ≥ 2: φ(z) / (z + 1/(z + 2/(z + 3/(z + …)))), evaluated from the far end. */
function tailProbability(z: number): number {
  let fraction = z;
  for (let level = 120; level >= 1; level--) fraction = z + level / fraction;
  return normalDensity(z) / fraction;
}
