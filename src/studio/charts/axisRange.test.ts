import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { axisRange, shareRange, ticksWithin, upToWhole } from './axisRange';

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

it('fits shares of a whole as closely as the room for marks allows, and ends at the whole', () => {
  expect(shareRange([0.874, 0.976], 4)).toEqual({ low: 0.85, high: 1, ticks: [0.85, 0.9, 0.95, 1] });
  expect(shareRange([0.42, 0.47], 6).ticks).toEqual([0.42, 0.43, 0.44, 0.45, 0.46, 0.47]);
  expect(shareRange([1, 1], 4)).toMatchObject({ low: 0.99, high: 1 });
  expect(shareRange([0, 0], 4)).toMatchObject({ low: 0, high: 0.01 });
  expect(shareRange([], 4)).toMatchObject({ low: 0, high: 1 });
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 3, max: 12 }),
      (values, most) => {
        const { low, high, ticks } = shareRange(values, most);
        expect(low).toBeLessThanOrEqual(Math.min(...values) + 1e-9);
        expect(high).toBeGreaterThanOrEqual(Math.max(...values) - 1e-9);
        expect(high).toBeLessThanOrEqual(1);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(most);
      },
    ),
  );
});

it('marks a range that is given on round shares inside it', () => {
  expect(ticksWithin(0.05, 1)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
  expect(ticksWithin(0.33, 0.61, 5)).toEqual([0.4, 0.5, 0.6]);
  expect(ticksWithin(0.4, 0.44)).toEqual([0.4, 0.41, 0.42, 0.43, 0.44]);
});
