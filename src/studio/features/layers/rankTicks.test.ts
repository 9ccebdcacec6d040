import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rankTicks } from './rankTicks';

const texts = (rankMax: number) => rankTicks(rankMax).map(({ text }) => Number(text));

test('ticks are round, and the last is the greatest rank', () => {
  expect(texts(1)).toEqual([1]);
  expect(texts(24)).toEqual([5, 10, 15, 20, 24]);
  expect(texts(460)).toEqual([100, 200, 300, 400, 460]);
  expect(texts(2835)).toEqual([500, 1000, 1500, 2000, 2835]);
});

test('no two ticks stand closer than they are wide, whatever the greatest rank', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (rankMax) => {
      const ticks = rankTicks(rankMax);
      expect(ticks.length).toBeLessThanOrEqual(7);
      expect(ticks.at(-1)).toEqual({ at: 1, text: String(rankMax) });
      ticks.slice(1).forEach(({ at, text }, index) => {
        expect(at - ticks[index]!.at).toBeGreaterThanOrEqual(0.03 * Math.min(5, text.length));
      });
    }),
  );
});
