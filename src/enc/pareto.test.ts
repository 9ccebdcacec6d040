import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { paretoFront, type Offer } from './pareto';

const offers = fc.array(
  fc.record({ cost: fc.integer({ min: 0, max: 12 }), worth: fc.integer({ min: 0, max: 12 }) }),
  { maxLength: 40 },
);

/** Whether an offer makes another pointless. */
const beats = (a: Offer, b: Offer) =>
  a.cost <= b.cost && a.worth >= b.worth && (a.cost < b.cost || a.worth > b.worth);

it('the front is what comparing every two offers leaves, each once', () => {
  fc.assert(
    fc.property(offers, (all) => {
      const front = paretoFront(all);
      const unbeaten = all.filter((offer) => !all.some((other) => beats(other, offer)));
      const textOf = ({ cost, worth }: Offer) => `${cost} ${worth}`;
      const distinct = [...new Set(unbeaten.map(textOf))];
      expect(front.map((place) => textOf(all[place]!)).sort()).toEqual(distinct.sort());
      // Of equals the first.
      for (const place of front)
        expect(all.findIndex((own) => textOf(own) === textOf(all[place]!))).toBe(place);
    }),
  );
});

it('rises in cost and in worth', () => {
  fc.assert(
    fc.property(offers, (all) => {
      const front = paretoFront(all).map((place) => all[place]!);
      front.slice(1).forEach(({ cost, worth }, index) => {
        expect(cost).toBeGreaterThan(front[index]!.cost);
        expect(worth).toBeGreaterThan(front[index]!.worth);
      });
    }),
  );
});
