import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encModelPlans, type ModelSpace } from './encModel';
import { leavingLevels, levelLadder, planAtTarget } from './levels';
import { costOfChoices, type SelectableLayer, type SelectionProblem } from './problem';

/** Few layers of few choices, so that every configuration can be tried. */
const layerArbitrary = fc.record({
  rankMax: fc.integer({ min: 1, max: 5 }),
  macsPerRank: fc.integer({ min: 1, max: 9 }),
  slack: fc.integer({ min: 0, max: 12 }),
  rises: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }),
});
type RandomLayer = typeof layerArbitrary extends fc.Arbitrary<infer T> ? T : never;

function problemOf(layers: readonly RandomLayer[], keptMacs: number): SelectionProblem {
  const selectable = layers.map(({ rankMax, macsPerRank, slack }, index): SelectableLayer => {
    const ranks = Array.from({ length: rankMax }, (_, rank) => rank + 1);
    const macs = Float64Array.from([
      ...ranks.map((rank) => rank * macsPerRank),
      rankMax * macsPerRank + slack + 1,
    ]);
    return { name: `layer${index}`, rankMax, ranks: [...ranks, null], macs, parameters: macs };
  });
  const total = selectable.reduce((sum, layer) => sum + layer.macs.at(-1)!, keptMacs);
  return {
    layers: selectable,
    kept: [],
    keptMacs,
    keptParameters: 0,
    totalMacs: total,
    totalParameters: total,
  };
}

function qualitiesOf(layers: readonly RandomLayer[]): Float64Array[] {
  return layers.map(({ rankMax, rises }) => {
    const sums = rises
      .slice(0, rankMax)
      .map((_, index) => rises.slice(0, index + 1).reduce((a, b) => a + b, 0));
    const whole = (sums.at(-1) ?? 0) + rises[5]! + 1e-9;
    return Float64Array.from([...sums.map((sum) => sum / whole), 1]);
  });
}

/** Every configuration of the space with its log quality, best first. */
function bruteForce(
  problem: SelectionProblem,
  qualities: readonly Float64Array[],
  target: number,
  space: ModelSpace,
): { logQuality: number; choices: number[] }[] {
  const ladder = levelLadder(problem, leavingLevels(qualities));
  const at = (share: number) => planAtTarget(ladder, 'map', share).choices;
  const bounds = problem.layers.map((layer, index): [number, number] => {
    if (space.spread === null) return [0, layer.macs.length - 1];
    const [a, b] = [at(target - space.spread)[index]!, at(target + space.spread)[index]!];
    return [Math.min(a, b), Math.max(a, b)];
  });
  let all: number[][] = [[]];
  for (const [low, high] of bounds) {
    const range = Array.from({ length: high - low + 1 }, (_, index) => low + index);
    all = all.flatMap((choices) => range.map((choice) => [...choices, choice]));
  }
  const wanted = target * problem.totalMacs;
  return all
    .filter((choices) => {
      const { macs } = costOfChoices(problem, choices);
      return macs <= wanted + 1e-6 && macs >= wanted * (1 - space.slack) - 1e-6;
    })
    .map((choices) => ({
      choices,
      logQuality: choices.reduce(
        (sum, choice, layer) => sum + Math.log(Math.max(qualities[layer]![choice]!, 1e-12)),
        0,
      ),
    }))
    .sort((a, b) => b.logQuality - a.logQuality);
}

const arbitrary = fc.record({
  layers: fc.array(layerArbitrary, { minLength: 1, maxLength: 5 }),
  keptMacs: fc.integer({ min: 0, max: 30 }),
  target: fc.double({ min: 0.1, max: 1, noNaN: true }),
  space: fc.record({
    spread: fc.constantFrom(null, 0.05, 0.1, 0.3),
    slack: fc.constantFrom(0.005, 0.05, 0.3, 1),
  }),
});

describe('encModelPlans', () => {
  it('finds the same best plans as trying everything', () => {
    fc.assert(
      fc.property(arbitrary, ({ layers, keptMacs, target, space }) => {
        const problem = problemOf(layers, keptMacs);
        const qualities = qualitiesOf(layers);
        const expected = bruteForce(problem, qualities, target, space);
        const ladder = levelLadder(problem, leavingLevels(qualities));
        const plans = encModelPlans(ladder, qualities, target, space, 8);
        expect(plans.length).toBe(Math.min(8, expected.length));
        plans.forEach((plan, index) => {
          const { macs } = plan;
          expect(macs).toBeLessThanOrEqual(target * problem.totalMacs + 1e-6);
          expect(macs).toBeGreaterThanOrEqual(target * problem.totalMacs * (1 - space.slack) - 1e-6);
          const logQuality = qualities.reduce(
            (sum, quality, layer) => sum + Math.log(Math.max(quality[plan.choices[layer]!]!, 1e-12)),
            0,
          );
          // Equal qualities may come in any order, so values are compared, not choices.
          expect(logQuality).toBeCloseTo(expected[index]!.logQuality, 9);
        });
        expect(new Set(plans.map((plan) => plan.choices.join())).size).toBe(plans.length);
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same answer every time', () => {
    fc.assert(
      fc.property(arbitrary, ({ layers, keptMacs, target, space }) => {
        const problem = problemOf(layers, keptMacs);
        const qualities = qualitiesOf(layers);
        const ladder = levelLadder(problem, leavingLevels(qualities));
        const run = () =>
          encModelPlans(ladder, qualities, target, space, 5).map((plan) => plan.choices.join());
        expect(run()).toEqual(run());
      }),
    );
  });
});
