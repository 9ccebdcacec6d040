import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromZero, ofEpochs, placeOn, upToAll } from './epochAxes';

test('every value has its place on the axes, and ticks stand where they say', () => {
  const values = fc.array(fc.double({ min: 1e-9, max: 1e6, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(values, (given) => {
      const axis = fromZero(given);
      const most = Math.max(...given);
      expect(axis.to).toBeGreaterThanOrEqual(most);
      expect(axis.to).toBeLessThanOrEqual(2 * most * (1 + 1e-9));
      for (const { at, text } of axis.ticks) expect(placeOn(axis, Number(text))).toBeCloseTo(at, 6);
    }),
  );
  expect(fromZero([]).ticks.map(({ text }) => text)).toEqual(['0', '0.5', '1']);
  expect(fromZero([3.1e-5]).ticks.map(({ text }) => text)).toEqual(['0', '2e-5', '4e-5']);
  expect(fromZero([NaN, 0.031]).ticks.map(({ text }) => text)).toEqual(['0', '0.02', '0.04']);
});

test('shares end at all, from below the least', () => {
  expect(upToAll([0.913, 0.98]).ticks.map(({ text }) => text)).toEqual(['90 %', '95 %', '100 %']);
  expect(upToAll([1]).from).toBe(0.95);
  expect(upToAll([0.02]).from).toBe(0);
});

test('epochs have few ticks, whole ones', () => {
  for (const total of [1, 3, 10, 37]) {
    const { ticks } = ofEpochs(total);
    expect(ticks.length).toBeLessThanOrEqual(6);
    for (const { at, text } of ticks) expect(at * total).toBeCloseTo(Number(text), 9);
  }
});
