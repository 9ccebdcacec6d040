import fc from 'fast-check';
import { expect, it } from 'vitest';
import { greatest, least } from './extremes';

it('are what sorting says', () => {
  const numbers = fc.array(fc.double({ noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(numbers, (values) => {
      const sorted = values.toSorted((a, b) => a - b);
      // Zero has two signs, and either of them may come.
      const [low, high] = [least(values) + 0, greatest(values) + 0];
      expect([low, high]).toEqual([sorted[0]! + 0, sorted.at(-1)! + 0]);
    }),
  );
});

it('are found in lists longer than a call takes arguments', () => {
  const values = Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 300_000);
  expect([least(values), greatest(values)]).toEqual([0, 299_999]);
});
