import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isotonicFit } from './isotonic';

const weightedSamples = fc.array(
  fc.record({
    value: fc.integer({ min: -20, max: 20 }),
    weight: fc.integer({ min: 1, max: 9 }),
  }),
  { minLength: 1, maxLength: 12 },
);

/** The closed form f[i] = max over j ≤ i of min over k ≥ i of the weighted mean of values j…k. */
function minimaxFit(values: number[], weights: number[]): number[] {
  const mean = (from: number, to: number): number => {
    let sum = 0;
    let weight = 0;
    for (let i = from; i <= to; i++) {
      sum += values[i]! * weights[i]!;
      weight += weights[i]!;
    }
    return sum / weight;
  };
  return values.map((_, i) => {
    let best = -Infinity;
    for (let j = 0; j <= i; j++) {
      let lowest = Infinity;
      for (let k = i; k < values.length; k++) lowest = Math.min(lowest, mean(j, k));
      best = Math.max(best, lowest);
    }
    return best;
  });
}

describe('isotonicFit', () => {
  it('pools violators by weight', () => {
    expect([...isotonicFit([1, 3, 2, 4])]).toEqual([1, 2.5, 2.5, 4]);
    expect([...isotonicFit([3, 1], { weights: [3, 1] })]).toEqual([2.5, 2.5]);
    expect([...isotonicFit([1, 2, 4, 3], { direction: 'non-increasing' })]).toEqual([2.5, 2.5, 2.5, 2.5]);
    expect(isotonicFit([])).toHaveLength(0);
  });

  it('equals the minimax formula, in both directions', () => {
    fc.assert(
      fc.property(weightedSamples, fc.boolean(), (samples, falling) => {
        const values = samples.map((sample) => sample.value);
        const weights = samples.map((sample) => sample.weight);
        const fit = isotonicFit(values, {
          weights,
          direction: falling ? 'non-increasing' : 'non-decreasing',
        });
        const sign = falling ? -1 : 1;
        const expected = minimaxFit(
          values.map((value) => sign * value),
          weights,
        );
        expected.forEach((value, i) => expect(fit[i]).toBeCloseTo(sign * value, 10));
      }),
    );
  });

  it('satisfies the optimality conditions of the constrained least squares', () => {
    fc.assert(
      fc.property(weightedSamples, (samples) => {
        const weights = samples.map((sample) => sample.weight);
        const values = samples.map((sample) => sample.value);
        const fit = isotonicFit(values, { weights });
        // The multiplier of f[i] ≤ f[i+1] is minus the running sum of weighted residuals.
        let running = 0;
        fit.forEach((level, i) => {
          running += weights[i]! * (values[i]! - level);
          const next = fit[i + 1] ?? Infinity;
          expect(next).toBeGreaterThanOrEqual(level);
          expect(running).toBeGreaterThanOrEqual(-1e-9);
          if (next > level + 1e-12) expect(running).toBeCloseTo(0, 9);
        });
      }),
    );
  });

  it('leaves a monotone sequence alone', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true })), (values) => {
        const sorted = Float64Array.from(values).sort();
        const fit = isotonicFit(sorted);
        sorted.forEach((value, i) => expect(fit[i]).toBeCloseTo(value, 6));
      }),
    );
  });

  it('names what is wrong with its input', () => {
    expect(() => isotonicFit([1, Number.NaN])).toThrow('expected finite values, got NaN at index 1');
    expect(() => isotonicFit([1, 2], { weights: [1] })).toThrow('expected 2 weights');
    expect(() => isotonicFit([1, 2], { weights: [1, 0] })).toThrow('got 0 at index 1');
  });
});
