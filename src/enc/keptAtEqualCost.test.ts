import fc from 'fast-check';
import { expect, it } from 'vitest';
import { keptAtEqualCost } from './keptAtEqualCost';

it('is the mean, over every cost below the layer’s own, of the squares that the affordable ranks keep', () => {
  const drawn = fc.record({
    values: fc.array(fc.double({ min: 0, max: 9, noNaN: true }), { minLength: 1, maxLength: 12 }),
    macsPerRank: fc.integer({ min: 1, max: 20 }),
    macs: fc.integer({ min: 1, max: 200 }),
  });
  fc.assert(
    fc.property(drawn, ({ values, macsPerRank, macs }) => {
      // At every whole cost one after the other: what so many MACs buy.
      const singularValues = values.toSorted((a, b) => b - a);
      let sum = 0;
      for (let cost = 0; cost < macs; cost++) {
        const rank = Math.min(singularValues.length, Math.floor(cost / macsPerRank));
        sum += singularValues.slice(0, rank).reduce((all, value) => all + value ** 2, 0);
      }
      expect(keptAtEqualCost(singularValues, { macsPerRank, macs })).toBeCloseTo(sum / macs, 8);
    }),
  );
});
