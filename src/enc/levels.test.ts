import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levelLadder, planAtTarget, withRankFloor } from './levels';
import type { SelectionProblem } from './problem';
import { sameCosts, testProblem } from './testProblems';
import { uniformLadder } from './uniform';

/** A random layer: r_max, MACs per rank and a rising curve; the original costs at least as much as r_max. */
const layerArbitrary = fc.record({
  rankMax: fc.integer({ min: 1, max: 12 }),
  macsPerRank: fc.integer({ min: 1, max: 50 }),
  slack: fc.integer({ min: 1, max: 40 }),
  rises: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 }),
});

function problemOf(
  layers: { rankMax: number; macsPerRank: number; slack: number }[],
  kept: number,
): SelectionProblem {
  return testProblem(
    layers.map(({ rankMax, macsPerRank, slack }) => {
      const ranks = Array.from({ length: rankMax }, (_, rank) => rank + 1);
      return {
        rankMax,
        costs: sameCosts([...ranks.map((rank) => rank * macsPerRank), rankMax * macsPerRank + slack]),
      };
    }),
    kept,
  );
}

function qualitiesOf(layers: { rankMax: number; rises: number[] }[]): Float64Array[] {
  return layers.map(({ rankMax, rises }) => {
    const steps = rises.slice(0, rankMax);
    const sums = steps.map((_, index) => steps.slice(0, index + 1).reduce((a, b) => a + b, 0));
    const whole = Math.max(sums.at(-1) ?? 0, 1e-9);
    return Float64Array.from([...sums.map((sum) => sum / whole), 1]);
  });
}

const arbitrary = fc.tuple(
  fc.array(layerArbitrary, { minLength: 1, maxLength: 6 }),
  fc.integer({ min: 0, max: 200 }),
  fc.double({ min: 0, max: 1, noNaN: true }),
);

describe('planAtTarget', () => {
  it('never exceeds the target where rank 1 everywhere fits', () => {
    fc.assert(
      fc.property(arbitrary, ([layers, kept, target]) => {
        const problem = problemOf(layers, kept);
        const plan = planAtTarget(levelLadder(problem, 'macs', qualitiesOf(layers)), 'map', target);
        const min = problem.layers.reduce((sum, layer) => sum + layer.costs.macs[0]!, kept);
        expect(plan.reached).toBe(min <= target * problem.totals.macs * (1 + 1e-12));
        if (plan.reached)
          expect(plan.costs.macs).toBeLessThanOrEqual(target * problem.totals.macs * (1 + 1e-12));
      }),
    );
  });

  it('leaves no layer whose next step would still fit', () => {
    fc.assert(
      fc.property(arbitrary, ([layers, kept, target]) => {
        const problem = problemOf(layers, kept);
        const plan = planAtTarget(levelLadder(problem, 'macs', qualitiesOf(layers)), 'map', target);
        problem.layers.forEach((layer, index) => {
          const choice = plan.choices[index]!;
          if (!plan.reached || choice + 1 === layer.costs.macs.length) return;
          const step = layer.costs.macs[choice + 1]! - layer.costs.macs[choice]!;
          expect(plan.costs.macs + step).toBeGreaterThan(target * problem.totals.macs);
        });
      }),
    );
  });

  it('puts every layer at or above the common level that a bisection finds', () => {
    fc.assert(
      fc.property(arbitrary, ([layers, kept, target]) => {
        const problem = problemOf(layers, kept);
        const qualities = qualitiesOf(layers);
        const choicesAt = (level: number) =>
          qualities.map((quality) => quality.findIndex((value) => value >= level));
        const macsAt = (level: number) =>
          choicesAt(level).reduce(
            (sum, choice, index) => sum + problem.layers[index]!.costs.macs[choice]!,
            kept,
          );
        let [low, high] = [0, 1];
        for (let halving = 0; halving < 60; halving++) {
          const middle = (low + high) / 2;
          if (macsAt(middle) <= target * problem.totals.macs) low = middle;
          else high = middle;
        }
        const plan = planAtTarget(levelLadder(problem, 'macs', qualities), 'map', target);
        if (macsAt(low) > target * problem.totals.macs) return;
        choicesAt(low).forEach((choice, index) => expect(plan.choices[index]).toBeGreaterThanOrEqual(choice));
      }),
    );
  });

  it('keeps the whole network at target 1', () => {
    fc.assert(
      fc.property(arbitrary, ([layers, kept]) => {
        const problem = problemOf(layers, kept);
        for (const ladder of [
          levelLadder(problem, 'macs', qualitiesOf(layers)),
          uniformLadder(problem, 'macs'),
        ]) {
          const plan = planAtTarget(ladder, 'map', 1);
          expect(plan.costs.macs).toBe(problem.totals.macs);
          expect(Object.values(plan.ranks).every((rank) => rank === null)).toBe(true);
        }
      }),
    );
  });
});

describe('withRankFloor', () => {
  it('leaves no layer below a tenth of its r_max while another has ranks above its own tenth', () => {
    fc.assert(
      fc.property(arbitrary, ([layers, kept, target]) => {
        const wide = layers.map((layer) => ({ ...layer, rankMax: 10 * layer.rankMax }));
        const problem = problemOf(wide, kept);
        const qualities = wide.map(({ rankMax, rises }) => {
          const steps = Array.from({ length: rankMax }, (_, rank) => rises[rank % 12]! + 0.01);
          return qualitiesOf([{ rankMax, rises: steps }])[0]!;
        });
        const plan = planAtTarget(
          levelLadder(problem, 'macs', withRankFloor(problem, qualities)),
          'map',
          target,
        );
        const shares = problem.layers.map(({ name, rankMax }) => (plan.ranks[name] ?? rankMax) / rankMax);
        const dearest = Math.max(...problem.layers.map(({ costs: { macs } }) => macs[1]! - macs[0]!));
        const isShort = shares.some((share) => share < 0.1);
        // What rounding left over may still lift a cheap layer by some ranks where a dearer one's step did not fit.
        const left = target * problem.totals.macs - plan.costs.macs;
        if (isShort && plan.reached) expect(left).toBeLessThan(dearest);
        if (!isShort || !plan.reached) return;
        problem.layers.forEach(({ costs: { macs }, rankMax }, index) => {
          const spent = macs[plan.choices[index]!]! - macs[Math.ceil(0.1 * rankMax) - 1]!;
          expect(spent).toBeLessThan(dearest);
        });
      }),
    );
  });
});

describe('uniformLadder', () => {
  it('gives every layer the same share of its r_max, give or take one rank', () => {
    const layers = [
      { rankMax: 24, macsPerRank: 5, slack: 1, rises: [] },
      { rankMax: 48, macsPerRank: 5, slack: 1, rises: [] },
      { rankMax: 96, macsPerRank: 5, slack: 1, rises: [] },
    ];
    const problem = problemOf(layers, 100);
    const plan = planAtTarget(uniformLadder(problem, 'macs'), 'uniform', 0.5);
    const shares = problem.layers.map((layer) => plan.ranks[layer.name]! / layer.rankMax);
    for (const [index, share] of shares.entries()) {
      expect(Math.abs(share - shares[2]!)).toBeLessThanOrEqual(1 / problem.layers[index]!.rankMax + 1 / 96);
    }
  });
});
