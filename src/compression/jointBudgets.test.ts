import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Budget } from '../enc/costs';
import type { Curve } from '../enc/curve';
import { logQualities, wholeSpace } from '../enc/encModel';
import { plansWithinAll } from '../enc/jointBudgets';
import { costOfChoices, type SelectionProblem } from '../enc/problem';
import { testProblem } from '../enc/testProblems';
import { curveMethods } from './methods';
import { qualitiesOf, type SelectionInputs } from './methods/inputs';

/** Costs that rise from choice to choice, independently of each other, as MACs and parameters do. */
const layerArbitrary = fc.record({
  rankMax: fc.integer({ min: 1, max: 4 }),
  macs: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 5, maxLength: 5 }),
  parameters: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 5, maxLength: 5 }),
  rises: fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 }),
});
type RandomLayer = typeof layerArbitrary extends fc.Arbitrary<infer T> ? T : never;

const sums = (steps: readonly number[], count: number) =>
  steps.slice(0, count).map((_, index) => steps.slice(0, index + 1).reduce((a, b) => a + b, 0));

function problemOf(layers: readonly RandomLayer[]): SelectionProblem {
  return testProblem(
    layers.map(({ rankMax, macs, parameters }) => {
      const own = sums(parameters, rankMax + 1);
      return {
        rankMax,
        costs: { macs: sums(macs, rankMax + 1), parameters: own, bytes: own.map((of) => 4 * of) },
      };
    }),
    5,
  );
}

function inputsOf(layers: readonly RandomLayer[]): SelectionInputs {
  const curves = new Map(
    layers.map(({ rankMax, rises }, index): [string, Curve] => {
      const layer = `layer${index}`;
      const whole = rises.reduce((a, b) => a + b, 0);
      const quality = Float64Array.from(sums(rises, rankMax), (sum) => sum / whole);
      return [layer, { layer, metric: 'energy', quality }];
    }),
  );
  return { metric: 'energy', curves, energy: curves, space: wholeSpace };
}

const arbitrary = fc.record({
  layers: fc.array(layerArbitrary, { minLength: 1, maxLength: 5 }),
  macs: fc.double({ min: 0.2, max: 1, noNaN: true }),
  parameters: fc.double({ min: 0.2, max: 1, noNaN: true }),
});
const budgetsOf = ({ macs, parameters }: { macs: number; parameters: number }): readonly Budget[] => [
  { cost: 'macs', share: macs },
  { cost: 'parameters', share: parameters },
];

/** Greatest log quality of all configurations within the budgets; −∞ where there is none. */
function bruteForce(
  problem: SelectionProblem,
  qualities: readonly Float64Array[],
  budgets: readonly Budget[],
) {
  let all: number[][] = [[]];
  for (const { ranks } of problem.layers)
    all = all.flatMap((choices) => ranks.map((_, choice) => [...choices, choice]));
  return all
    .filter((choices) => {
      const costs = costOfChoices(problem, choices);
      return budgets.every(({ cost, share }) => costs[cost]! <= share * problem.totals[cost]! * (1 + 1e-12));
    })
    .map((choices) => logOf(qualities, choices))
    .reduce((a, b) => Math.max(a, b), -Infinity);
}

const logOf = (qualities: readonly Float64Array[], choices: ArrayLike<number>) =>
  qualities.reduce((sum, quality, layer) => sum + Math.log(Math.max(quality[choices[layer]!]!, 1e-12)), 0);

describe('two budgets at once', () => {
  it('are kept by every method wherever they can be', () => {
    fc.assert(
      fc.property(arbitrary, ({ layers, ...shares }) => {
        const [problem, inputs, budgets] = [problemOf(layers), inputsOf(layers), budgetsOf(shares)];
        const least = costOfChoices(problem, new Int32Array(layers.length));
        const isPossible = budgets.every(({ cost, share }) => least[cost]! <= share * problem.totals[cost]!);
        for (const method of curveMethods()) {
          const [plan] = method.plans(problem, inputs, budgets, 1);
          expect(plan!.reached, method.id).toBe(isPossible);
          expect(plan!.budget).toEqual(budgets[0]);
          expect(plan!.others).toEqual([budgets[1]]);
          if (!isPossible) continue;
          for (const { cost, share } of budgets)
            expect(plan!.costs[cost]!).toBeLessThanOrEqual(share * problem.totals[cost]! * (1 + 1e-12));
        }
      }),
    );
  });

  it('give ENC-Model the best of all configurations, as trying everything does', () => {
    fc.assert(
      fc.property(arbitrary, ({ layers, ...shares }) => {
        const [problem, inputs, budgets] = [problemOf(layers), inputsOf(layers), budgetsOf(shares)];
        const qualities = qualitiesOf(problem, inputs, 'macs');
        const plans = plansWithinAll(problem, 'model', budgets, logQualities(qualities), 3);
        const best = bruteForce(problem, qualities, budgets);
        if (plans.length === 0) {
          expect(best).toBe(-Infinity);
          return;
        }
        const found = logOf(qualities, plans[0]!.choices);
        expect(found).toBeCloseTo(best, 9);
        expect(plans[0]!.gap).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});
