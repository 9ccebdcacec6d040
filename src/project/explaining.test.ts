import { describe, expect, it } from 'vitest';
import { equalLosses, searchedRanks, squaresKept, weightsAt } from './explaining';
import { plannerOf } from './planning';
import { layer, ready } from './testing/states';
import { withSettings } from './transitions';

const planner = plannerOf(ready())!;

describe('equalLosses', () => {
  it('is what ENC-Map’s plan leaves of each layer', () => {
    const { plans } = ready(0.5).completed!;
    const curves = ready().network!.curves;
    const found = equalLosses(planner, 0.5);
    expect(found.map((own) => [own.layer, own.rank])).toEqual(Object.entries(plans.map!.plan.ranks));
    for (const { layer: name, rank, quality } of found)
      expect(quality).toBeCloseTo(rank === null ? 1 : curves.get(name)!.quality[rank - 1]!, 12);
  });
});

describe('searchedRanks', () => {
  it('lies between ENC-Map’s plans with less and with more, and holds what was chosen', () => {
    const near = plannerOf(withSettings(ready(), { searchesAll: false }))!;
    const space = searchedRanks(near, 0.5)!;
    expect(space.spread).toBeCloseTo(0.1, 12);
    const below = equalLosses(near, 0.4);
    space.layers.forEach(({ least, most, chosen }, at) => {
      expect(least).toBe(below[at]!.rank);
      expect(chosen ?? 99).toBeGreaterThanOrEqual(least ?? 99);
      expect(chosen ?? 99).toBeLessThanOrEqual(most ?? 99);
    });
    const counts = space.layers.map(({ least, most }) => (most ?? 10) - (least ?? 10) + 1);
    expect(space.digits).toBeCloseTo(Math.log10(counts.reduce((all, count) => all * count, 1)), 9);
  });
  it('is every rank of every layer where all are searched', () => {
    const space = searchedRanks(plannerOf(withSettings(ready(), { searchesAll: true }))!, 0.5)!;
    expect(space.spread).toBeNull();
    expect(space.layers.map(({ least, most }) => [least, most])).toEqual([
      [1, null],
      [1, null],
    ]);
    // Nine ranks and the whole layer, twice.
    expect(space.digits).toBeCloseTo(2, 9);
  });
});

it('weights of factors leave biases out', () => {
  expect(weightsAt(layer('a', { parameters: 108, biasParameters: 8 }), 4)).toEqual({ whole: 100, cut: 40 });
});

it('squares that are kept are those of the greatest singular values', () => {
  expect(squaresKept([3, 2, 1], 1)).toBeCloseTo(9 / 14, 12);
  expect(squaresKept([3, 2, 1], 3)).toBe(1);
  expect(squaresKept([0, 0], 1)).toBe(1);
});
