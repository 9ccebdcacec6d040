import fc from 'fast-check';
import { expect, it } from 'vitest';
import { limitedChoices } from './rankLimits';

const ranks = (most: number) => Array.from({ length: most }, (_, index) => index + 1);

it('leaves what lies between the bounds and is a multiple, and the whole layer where there is no upper bound', () => {
  expect(limitedChoices(ranks(20), {})).toEqual([...ranks(20), null]);
  expect(limitedChoices(ranks(20), { multiple: 8 })).toEqual([8, 16, null]);
  expect(limitedChoices(ranks(20), { least: 9, multiple: 4 })).toEqual([12, 16, 20, null]);
  expect(limitedChoices(ranks(20), { most: 9, multiple: 4 })).toEqual([4, 8]);
  expect(limitedChoices(ranks(20), { least: 13, most: 13, multiple: 8 })).toEqual([13]);
  expect(limitedChoices(ranks(5), { multiple: 8 })).toEqual([null]);
  expect(limitedChoices(ranks(5), { least: 9, most: 12 })).toEqual([null]);
});

it('never leaves a rank that was not there, and always something', () => {
  const limits = fc.record(
    {
      least: fc.integer({ min: 1, max: 40 }),
      most: fc.integer({ min: 1, max: 40 }),
      multiple: fc.constantFrom(1, 2, 4, 8, 16),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.nat({ max: 30 }), limits, (most, own) => {
      const choices = limitedChoices(ranks(most), own);
      expect(choices.length).toBeGreaterThan(0);
      for (const choice of choices) {
        if (choice === null) continue;
        expect(choice).toBeLessThanOrEqual(Math.min(most, own.most ?? Infinity));
        expect(choice).toBeGreaterThanOrEqual(own.least ?? 1);
      }
    }),
  );
});
