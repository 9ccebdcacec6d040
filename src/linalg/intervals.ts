import { normalQuantile } from './normalDistribution';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Wilson's score interval of a proportion (Wilson 1927), without continuity correction: what accuracy
 * the images are compatible with. No trials say nothing, so they give [0, 1].
 * @param successes correct answers, an integer in [0, trials]
 * @param confidence share of such intervals that hold the true value, in (0, 1)
 * @throws RangeError on counts or a confidence outside those ranges
 */
export function wilsonInterval(successes: number, trials: number, confidence = 0.95): Interval {
  checkCount('wilsonInterval', 'trials', trials);
  checkCount('wilsonInterval', 'successes', successes);
  if (successes > trials) {
    throw new RangeError(
      `wilsonInterval: expected at most ${trials} successes (the trials), got ${successes}`,
    );
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(`wilsonInterval: expected a confidence in (0, 1), got ${confidence}`);
  }
  if (trials === 0) return { low: 0, high: 1 };
  const z = normalQuantile(0.5 + confidence / 2);
  const failures = trials - successes;
  const centre = (successes + (z * z) / 2) / (trials + z * z);
  const halfWidth = (z * Math.sqrt((successes * failures) / trials + (z * z) / 4)) / (trials + z * z);
  return {
    // At the ends the bound is exactly 0 or 1; rounding must not leave it a hair away.
    low: successes === 0 ? 0 : Math.max(0, centre - halfWidth),
    high: failures === 0 ? 1 : Math.min(1, centre + halfWidth),
  };
}

export interface McnemarResult {
  /** Two-sided p-value of the exact test. */
  readonly exact: number;
  /** Two-sided mid-p value: less conservative, recommended for small counts (Fagerland et al. 2013). */
  readonly midP: number;
}

/**
 * McNemar's test for two classifiers answering the same images: is one right more often than the other?
 * Only images on which exactly one is right count; under equality each falls to either side by a fair coin.
 * @param onlyFirstRight images that only the first classifier got right
 * @param onlySecondRight images that only the second classifier got right
 * @throws RangeError unless both counts are non-negative integers
 */
export function mcnemarTest(onlyFirstRight: number, onlySecondRight: number): McnemarResult {
  checkCount('mcnemarTest', 'onlyFirstRight', onlyFirstRight);
  checkCount('mcnemarTest', 'onlySecondRight', onlySecondRight);
  const trials = onlyFirstRight + onlySecondRight;
  const { point, tail } = lowerTail(Math.min(onlyFirstRight, onlySecondRight), trials);
  return { exact: Math.min(1, 2 * tail), midP: Math.min(1, 2 * tail - point) };
}

/**
 * The same test asked to one side: the probability that, under equality, the first is alone right on so many images
 * or more (exact).
 * @throws RangeError unless both counts are non-negative integers
 */
export function mcnemarFirstBetter(onlyFirstRight: number, onlySecondRight: number): number {
  checkCount('mcnemarFirstBetter', 'onlyFirstRight', onlyFirstRight);
  checkCount('mcnemarFirstBetter', 'onlySecondRight', onlySecondRight);
  const trials = onlyFirstRight + onlySecondRight;
  const { point, tail } = lowerTail(Math.min(onlyFirstRight, onlySecondRight), trials);
  return onlyFirstRight >= onlySecondRight ? Math.min(1, tail) : 1 - (tail - point);
}

/** P(exactly, and at most `heads` heads in `trials` fair tosses), `heads` being no more than half of them. */
function lowerTail(heads: number, trials: number): { readonly point: number; readonly tail: number } {
  const point = fairCoinProbability(heads, trials);
  let tail = 0;
  // From the largest term down, each term follows from its neighbour: P(k-1) = P(k) k / (n-k+1).
  for (let own = heads, term = point; own >= 0 && term > tail * 1e-18; own--) {
    tail += term;
    term *= own / (trials - own + 1);
  }
  return { point, tail };
}

/** P(exactly `heads` heads in `trials` fair tosses). */
function fairCoinProbability(heads: number, trials: number): number {
  let logProbability = -trials * Math.LN2;
  for (let i = 1; i <= heads; i++) logProbability += Math.log((trials - heads + i) / i);
  return Math.exp(logProbability);
}

function checkCount(where: string, name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`${where}: expected ${name} as a non-negative integer, got ${value}`);
  }
}
