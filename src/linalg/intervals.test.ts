import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mcnemarFirstBetter, mcnemarTest, wilsonInterval } from './intervals';

describe('wilsonInterval', () => {
  // from scipy.stats import binomtest   # SciPy 1.10.1
  // binomtest(successes, trials).proportion_ci(confidence_level=confidence, method='wilson')
  it.each([
    [0, 10, 0.95, 0, 0.27753279986288926],
    [10, 10, 0.95, 0.7224672001371109, 1],
    [1, 2, 0.95, 0.09453120573423074, 0.9054687942657693],
    [937, 1000, 0.95, 0.9202050762953538, 0.9504503367882708],
    [68, 100, 0.9, 0.5993988371260153, 0.7511177833920419],
    [3, 7, 0.99, 0.11637368051613817, 0.8102850959116125],
    [999, 1000, 0.95, 0.9943574414020421, 0.9998234536293739],
    [1, 1, 0.5, 0.6873152559174167, 1],
  ])('of %i in %i at %f equals SciPy', (successes, trials, confidence, low, high) => {
    const interval = wilsonInterval(successes, trials, confidence);
    expect(Math.abs(interval.low - low)).toBeLessThanOrEqual(1e-12);
    expect(Math.abs(interval.high - high)).toBeLessThanOrEqual(1e-12);
  });

  it('takes 95 % by default', () => {
    expect(wilsonInterval(9, 12)).toEqual(wilsonInterval(9, 12, 0.95));
  });

  it('contains the observed share, lies in [0, 1] and mirrors with failures', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(5000), (successes, failures) => {
        const trials = successes + failures;
        const { low, high } = wilsonInterval(successes, trials);
        const mirrored = wilsonInterval(failures, trials);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeCloseTo(1 - mirrored.high, 12);
        if (trials === 0) return;
        expect(low).toBeLessThanOrEqual(successes / trials);
        expect(high).toBeGreaterThanOrEqual(successes / trials);
      }),
    );
  });

  it('says [0, 1] without trials', () => {
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
  });

  it('names what is wrong with its input', () => {
    expect(() => wilsonInterval(3, 2)).toThrow('expected at most 2 successes (the trials), got 3');
    expect(() => wilsonInterval(-1, 2)).toThrow('successes as a non-negative integer, got -1');
    expect(() => wilsonInterval(0.5, 2)).toThrow('successes as a non-negative integer, got 0.5');
    expect(() => wilsonInterval(1, Number.NaN)).toThrow('trials as a non-negative integer, got NaN');
    expect(() => wilsonInterval(1, 2, 1)).toThrow('expected a confidence in (0, 1), got 1');
  });
});

describe('mcnemarTest', () => {
  // exact: binomtest(b, b + c, 0.5).pvalue
  // mid-p: 2 * binom.cdf(min(b, c), b + c, 0.5) - binom.pmf(min(b, c), b + c, 0.5)
  it.each([
    [0, 0, 1, 1],
    [1, 0, 1, 0.5],
    [0, 5, 0.0625, 0.03125],
    [3, 8, 0.2265625, 0.14599609375],
    [10, 10, 1, 1],
    [25, 11, 0.028816719655878845, 0.020073851919732995],
    [200, 260, 0.0058839224731039984, 0.005142986302422611],
    [1200, 1000, 2.181702640791419e-5, 1.9916416564601505e-5],
    [5000, 5100, 0.3245815463313931, 0.31974217296352414],
  ])('of %i and %i equals SciPy', (first, second, exact, midP) => {
    const result = mcnemarTest(first, second);
    expect(Math.abs(result.exact - exact)).toBeLessThanOrEqual(1e-10 * exact);
    expect(Math.abs(result.midP - midP)).toBeLessThanOrEqual(1e-10 * midP);
    expect(mcnemarTest(second, first)).toEqual(result);
  });

  it('rejects counts that are none', () => {
    expect(() => mcnemarTest(-1, 2)).toThrow('onlyFirstRight as a non-negative integer, got -1');
    expect(() => mcnemarTest(1, 2.5)).toThrow('onlySecondRight as a non-negative integer, got 2.5');
  });
});

describe('mcnemarFirstBetter', () => {
  // from scipy.stats import binomtest   # SciPy 1.17.1
  // binomtest(first, first + second, 0.5, alternative='greater').pvalue
  it.each([
    [0, 0, 1],
    [1, 0, 0.5],
    [0, 5, 1],
    [5, 0, 0.03125],
    [3, 8, 0.96728515625],
    [8, 3, 0.11328125],
    [10, 10, 0.5880985260009766],
    [25, 11, 0.014408359827939423],
    [11, 25, 0.9943345079082064],
    [260, 200, 0.0029419612365519992],
    [1200, 1000, 1.0908513203957097e-5],
    [5100, 5000, 0.16229077316569793],
  ])('of %i and %i equals SciPy', (first, second, chance) => {
    expect(Math.abs(mcnemarFirstBetter(first, second) - chance)).toBeLessThanOrEqual(1e-10 * chance);
  });

  it('is one where nothing differs, and both ways together count what is equal twice', () => {
    expect(mcnemarFirstBetter(0, 0)).toBe(1);
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), (first, second) => {
        const both = mcnemarFirstBetter(first, second) + mcnemarFirstBetter(second, first);
        const { exact, midP } = mcnemarTest(first, second);
        // P(X >= a) + P(X >= n - a) = 1 + P(X = a), and the two-sided values differ by that last term.
        if (first !== second) expect(both).toBeCloseTo(1 + exact - midP, 9);
        else expect(both).toBeGreaterThan(1);
      }),
    );
  });

  it('rejects counts that are none', () => {
    expect(() => mcnemarFirstBetter(-1, 2)).toThrow('onlyFirstRight as a non-negative integer, got -1');
    expect(() => mcnemarFirstBetter(1, 2.5)).toThrow('onlySecondRight as a non-negative integer, got 2.5');
  });
});
