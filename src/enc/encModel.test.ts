import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapCosts, risingChoices, type Budget } from './costs';
import { encModelPlans, type ModelSpace } from './encModel';
import { leavingLevels, levelLadder, planAtTarget } from './levels';
import { costOfChoices, type SelectionProblem } from './problem';
import { testProblem } from './testProblems';

/** Few layers of few choices, so that every configuration can be tried. Weights need not rise with the rank. */
const layerArbitrary = fc.record({
  rankMax: fc.integer({ min: 1, max: 5 }),
  macsPerRank: fc.integer({ min: 1, max: 9 }),
  slack: fc.integer({ min: 0, max: 12 }),
  weights: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 6, maxLength: 6 }),
  rises: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }),
});
type RandomLayer = typeof layerArbitrary extends fc.Arbitrary<infer T> ? T : never;

function problemOf(layers: readonly RandomLayer[], kept: number): SelectionProblem {
  return testProblem(
    layers.map(({ rankMax, macsPerRank, slack, weights }) => {
      const ranks = Array.from({ length: rankMax }, (_, rank) => rank + 1);
      const macs = [...ranks.map((rank) => rank * macsPerRank), rankMax * macsPerRank + slack + 1];
      const parameters = weights.slice(0, rankMax + 1);
      return { rankMax, costs: { macs, parameters, bytes: parameters.map((weight) => 4 * weight) } };
    }),
    kept,
  );
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
  { cost, share }: Budget,
  space: ModelSpace,
  choicesOf: (cost: Float64Array) => Int32Array = risingChoices,
): { logQuality: number; choices: number[] }[] {
  const ladder = levelLadder(problem, cost, leavingLevels(qualities));
  const at = (target: number) => planAtTarget(ladder, 'map', target).choices;
  const allowed = problem.layers.map(({ costs }, index) => {
    const all = Array.from(choicesOf(costs[cost]!));
    if (space.spread === null) return all;
    const [a, b] = [at(share - space.spread)[index]!, at(share + space.spread)[index]!];
    return all.filter((choice) => choice >= Math.min(a, b) && choice <= Math.max(a, b));
  });
  let all: number[][] = [[]];
  for (const range of allowed) all = all.flatMap((choices) => range.map((choice) => [...choices, choice]));
  const wanted = share * problem.totals[cost]!;
  return all
    .filter((choices) => {
      const spent = costOfChoices(problem, choices)[cost]!;
      return spent <= wanted + 1e-6 && spent >= wanted * (1 - space.slack) - 1e-6;
    })
    .map((choices) => ({ choices, logQuality: logQualityOf(qualities, choices) }))
    .sort((a, b) => b.logQuality - a.logQuality);
}

function logQualityOf(qualities: readonly Float64Array[], choices: ArrayLike<number>): number {
  return qualities.reduce(
    (sum, quality, layer) => sum + Math.log(Math.max(quality[choices[layer]!]!, 1e-12)),
    0,
  );
}

const arbitrary = fc.record({
  layers: fc.array(layerArbitrary, { minLength: 1, maxLength: 5 }),
  kept: fc.integer({ min: 0, max: 30 }),
  cost: fc.constantFrom('macs', 'parameters', 'bytes'),
  target: fc.double({ min: 0.1, max: 1, noNaN: true }),
  space: fc.record({
    spread: fc.constantFrom(null, 0.05, 0.1, 0.3),
    slack: fc.constantFrom(0.005, 0.05, 0.3, 1),
  }),
});

describe('encModelPlans', () => {
  it('finds the same best plans as trying everything, whatever the budget is on', () => {
    fc.assert(
      fc.property(arbitrary, ({ layers, kept, cost, target, space }) => {
        const problem = problemOf(layers, kept);
        const qualities = qualitiesOf(layers);
        const expected = bruteForce(problem, qualities, { cost, share: target }, space);
        const ladder = levelLadder(problem, cost, leavingLevels(qualities));
        const plans = encModelPlans(ladder, qualities, target, space, 8);
        expect(plans.length).toBe(Math.min(8, expected.length));
        plans.forEach((plan, index) => {
          const spent = plan.costs[cost]!;
          const wanted = target * problem.totals[cost]!;
          expect(spent).toBeLessThanOrEqual(wanted + 1e-6);
          expect(spent).toBeGreaterThanOrEqual(wanted * (1 - space.slack) - 1e-6);
          // Equal qualities may come in any order, so values are compared, not choices.
          expect(logQualityOf(qualities, plan.choices)).toBeCloseTo(expected[index]!.logQuality, 9);
        });
        expect(new Set(plans.map((plan) => plan.choices.join())).size).toBe(plans.length);
      }),
      { numRuns: 500 },
    );
  });

  it('loses nothing by passing over choices that do not rise in the cost', () => {
    fc.assert(
      fc.property(arbitrary, ({ layers, kept, cost, target }) => {
        const problem = problemOf(layers, kept);
        const qualities = qualitiesOf(layers);
        const space = { spread: null, slack: 1 };
        const everyChoice = (values: Float64Array) => Int32Array.from(values.keys());
        const [best] = bruteForce(problem, qualities, { cost, share: target }, space, everyChoice);
        const ladder = levelLadder(problem, cost, leavingLevels(qualities));
        const [plan] = encModelPlans(ladder, qualities, target, space, 1);
        expect(plan === undefined).toBe(best === undefined);
        if (plan && best) expect(logQualityOf(qualities, plan.choices)).toBeCloseTo(best.logQuality, 9);
      }),
    );
  });

  it('holds budgets on fractions of a unit, all but exactly', () => {
    fc.assert(
      fc.property(arbitrary, ({ layers, kept, target }) => {
        const whole = problemOf(layers, kept);
        const thousandth = (value: number) => value / 1000;
        const problem = {
          ...whole,
          layers: whole.layers.map((layer) => ({
            ...layer,
            costs: mapCosts(layer.costs, (of) => of.map(thousandth)),
          })),
          keptCosts: mapCosts(whole.keptCosts, thousandth),
          totals: mapCosts(whole.totals, thousandth),
        };
        const qualities = qualitiesOf(layers);
        const space = { spread: null, slack: 1 };
        const ladder = levelLadder(problem, 'macs', leavingLevels(qualities));
        const [plan] = encModelPlans(ladder, qualities, target, space, 1);
        if (plan) expect(plan.costs.macs).toBeLessThanOrEqual(target * problem.totals.macs * (1 + 1e-9));
        const [best] = bruteForce(whole, qualities, { cost: 'macs', share: 0.999 * target }, space);
        if (!best) return;
        expect(plan).toBeDefined();
        expect(logQualityOf(qualities, plan!.choices)).toBeGreaterThanOrEqual(best.logQuality - 1e-9);
      }),
    );
  });

  it('gives the same answer every time', () => {
    fc.assert(
      fc.property(arbitrary, ({ layers, kept, cost, target, space }) => {
        const problem = problemOf(layers, kept);
        const qualities = qualitiesOf(layers);
        const ladder = levelLadder(problem, cost, leavingLevels(qualities));
        const run = () =>
          encModelPlans(ladder, qualities, target, space, 5).map((plan) => plan.choices.join());
        expect(run()).toEqual(run());
      }),
    );
  });

  it('ends on deep networks whose layers and choices are worth the same but for rounding', () => {
    const deepArbitrary = fc.record({
      count: fc.integer({ min: 40, max: 300 }),
      rankMax: fc.integer({ min: 8, max: 48 }),
      worst: fc.constantFrom(1 - 1e-9, 0.999, 0.9),
      target: fc.double({ min: 0.2, max: 0.95, noNaN: true }),
    });
    fc.assert(
      fc.property(deepArbitrary, ({ count, rankMax, worst, target }) => {
        const macs = Array.from({ length: rankMax + 1 }, (_, choice) => 10 * (choice + 1));
        const layer = { rankMax, costs: { macs, parameters: macs, bytes: macs } };
        const problem = testProblem(
          Array.from({ length: count }, () => layer),
          0,
        );
        // Every cut costs the same, whatever its rank, so that only the number of whole layers counts.
        const own = Float64Array.from(macs, (_, choice) => (choice === rankMax ? 1 : worst));
        const qualities = Array.from({ length: count }, () => own);
        const ladder = levelLadder(problem, 'macs', leavingLevels(qualities));
        const plans = encModelPlans(ladder, qualities, target, { spread: null, slack: 1 }, 20);
        // A cut layer of rank 1 costs 10, a whole one 10 · rankMax more.
        const whole = Math.floor((target * problem.totals.macs - 10 * count) / (10 * rankMax) + 1e-9);
        expect(plans.length).toBe(20);
        const cut = count - Math.max(0, whole);
        for (const plan of plans) expect(plan.quality).toBeCloseTo(worst ** cut, 9);
        expect(new Set(plans.map((plan) => plan.choices.join())).size).toBe(20);
      }),
      { numRuns: 30 },
    );
  });
});
