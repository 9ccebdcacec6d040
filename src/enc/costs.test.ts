import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costs, isRising, mapCosts, perCost, risingChoices } from './costs';
import { levelLadder, planAtTarget } from './levels';
import { sameCosts, testProblem } from './testProblems';

describe('costs', () => {
  it('has a value of every cost under its own name', () => {
    expect(Object.keys(perCost(() => 0))).toEqual(costs.map(({ id }) => id));
    expect(
      mapCosts(
        perCost(({ id }) => id),
        (id, cost) => id === cost,
      ),
    ).toEqual(sameCosts(true));
  });
});

const costArbitrary = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 8 });

describe('risingChoices', () => {
  it('keeps exactly the choices that cost less than every better one', () => {
    fc.assert(
      fc.property(costArbitrary, (cost) => {
        const kept = Array.from(cost.keys()).filter((choice) =>
          cost.slice(choice + 1).every((better) => better > cost[choice]!),
        );
        expect(Array.from(risingChoices(cost))).toEqual(kept);
        expect(isRising(cost)).toBe(kept.length === cost.length);
      }),
    );
  });

  it('keeps every choice where the cost rises strictly', () => {
    expect(Array.from(risingChoices([1, 2, 5]))).toEqual([0, 1, 2]);
    expect(Array.from(risingChoices([1, 6, 5, 5]))).toEqual([0, 3]);
  });
});

describe('a ladder of costs that need not rise', () => {
  it('starts at the least cost, never exceeds its target, and keeps the network at target 1', () => {
    const layers = fc.array(costArbitrary, { minLength: 1, maxLength: 5 });
    const target = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(layers, target, (all, share) => {
        const problem = testProblem(
          all.map((cost) => ({ rankMax: cost.length - 1, costs: sameCosts(cost) })),
          5,
        );
        const levels = all.map((cost) => Float64Array.from(cost, (_, choice) => choice / cost.length));
        const ladder = levelLadder(problem, 'parameters', levels);
        expect(ladder.minCost).toBe(all.reduce((sum, cost) => sum + Math.min(...cost), 5));
        const plan = planAtTarget(ladder, 'map', share);
        const wanted = share * problem.totals.parameters * (1 + 1e-12);
        expect(plan.reached).toBe(ladder.minCost <= wanted);
        if (plan.reached) expect(plan.costs.parameters).toBeLessThanOrEqual(wanted);
        const whole = planAtTarget(ladder, 'map', 1);
        expect(Object.values(whole.ranks).every((rank) => rank === null)).toBe(true);
      }),
    );
  });
});
