import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { axisRange, upToWhole } from './axisRange';

const shares = fc.array(fc.double({ min: 0, max: 3, noNaN: true }), { minLength: 1, maxLength: 20 });

it('holds every value, on few round marks, with room at its end', () => {
  fc.assert(
    fc.property(shares, fc.boolean(), (values, beginsAtZero) => {
      const { low, high, ticks } = axisRange(values, beginsAtZero);
      expect(low).toBeLessThanOrEqual(Math.min(...values) + 1e-9);
      expect(high).toBeGreaterThan(Math.max(...values));
      expect([low, high]).toEqual([ticks[0], ticks.at(-1)]);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(12);
      if (beginsAtZero) expect(low).toBe(0);
      const steps = ticks.slice(1).map((tick, index) => Number((tick - ticks[index]!).toFixed(6)));
      expect(new Set(steps).size).toBe(1);
    }),
  );
});

it('is the whole where there is nothing to show', () => {
  expect(axisRange([], true)).toMatchObject({ low: 0, ticks: expect.arrayContaining([0, 1]) as unknown });
});

it('has no mark above the whole where that is all there can be, and keeps its room', () => {
  const range = axisRange([0.03, 0.98], false);
  expect(upToWhole(range).ticks.at(-1)).toBe(1);
  expect(upToWhole(range).high).toBe(range.high);
  expect(upToWhole(axisRange([0.2, 0.4], false))).toEqual(axisRange([0.2, 0.4], false));
});
