import fc from 'fast-check';
import { expect, it } from 'vitest';
import { keptAtEqualCost } from './keptAtEqualCost';

it('is the mean, over every cost below the layer’s own, of the squares that the affordable ranks keep', () => {
  const drawn = fc.record({
    values: fc.array(fc.double({ min: 0, max: 9, noNaN: true }), { minLength: 1, maxLength: 12 }),
    steps: fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 12, maxLength: 12 }),
    whole: fc.integer({ min: 1, max: 200 }),
  });
  fc.assert(
    fc.property(drawn, ({ values, steps, whole }) => {
      // At every whole cost one after the other: what so much buys.
      const singularValues = values.toSorted((a, b) => b - a);
      let sum = 0;
      const costs = steps.map((_, at) => steps.slice(0, at + 1).reduce((a, b) => a + b, 0));
      for (let cost = 0; cost < whole; cost++) {
        const rank = Math.min(singularValues.length, costs.filter((own) => own <= cost).length);
        sum += singularValues.slice(0, rank).reduce((all, value) => all + value ** 2, 0);
      }
      expect(keptAtEqualCost(singularValues, costs, whole)).toBeCloseTo(sum / whole, 8);
    }),
  );
});
