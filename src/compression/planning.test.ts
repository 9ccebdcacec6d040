import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { mapCosts, perCost, type PerCost } from '../enc/costs';
import type { Curve } from '../enc/curve';
import { wholeSpace } from '../enc/encModel';
import { planOfChoices } from '../enc/plan';
import type { SelectionProblem } from '../enc/problem';
import { testProblem } from '../enc/testProblems';
import { curveMethods, methods, racedMethods } from './methods';
import type { SelectionInputs } from './methods/inputs';
import { onlyBudget, type SelectionMethod } from './methods/method';
import { metrics } from './metrics';
import { canPlan, macsBudget, plansAt, predictedQualities } from './planning';

/** A layer with three costs that have nothing to do with each other; only its MACs rise. */
const layerArbitrary = fc.record({
  macs: fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 2, maxLength: 6 }),
  parameters: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 6, maxLength: 6 }),
  bytes: fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 6, maxLength: 6 }),
  rises: fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }),
});
type RandomLayer = typeof layerArbitrary extends fc.Arbitrary<infer T> ? T : never;

const costsOf = ({ macs, parameters, bytes }: RandomLayer): PerCost<number[]> => ({
  macs: [...macs].sort((a, b) => a - b),
  parameters: parameters.slice(0, macs.length),
  bytes: bytes.slice(0, macs.length),
});

function problemOf(layers: readonly RandomLayer[], kept = 7): SelectionProblem {
  const choices = layers.map((layer) => ({ rankMax: layer.macs.length - 1, costs: costsOf(layer) }));
  return testProblem(choices, kept);
}

function curvesOf(layers: readonly RandomLayer[], metric: string, power: number): Map<string, Curve> {
  return new Map(
    layers.map(({ macs, rises }, index) => {
      const sum = (count: number) => rises.slice(0, count).reduce((a, b) => a + b, 0);
      const quality = Float64Array.from(
        { length: macs.length - 1 },
        (_, rank) => (sum(rank + 1) / sum(6)) ** power,
      );
      return [`layer${index}`, { layer: `layer${index}`, metric, quality }];
    }),
  );
}

function inputsOf(layers: readonly RandomLayer[], metric: string): SelectionInputs {
  const energy = curvesOf(layers, 'energy', 1);
  const own = metric === 'energy' ? energy : curvesOf(layers, metrics.get(metric).draws, 0.3);
  return { metric, curves: own, energy, space: null };
}

/** The same numbers, each under the name of the next cost. */
function renamed(problem: SelectionProblem): SelectionProblem {
  const shift = <T>(values: PerCost<T>) => mapCosts(values, (_, cost) => values[formerName(cost)]!);
  return {
    ...problem,
    layers: problem.layers.map((layer) => ({ ...layer, costs: shift(layer.costs) })),
    keptCosts: shift(problem.keptCosts),
    totals: shift(problem.totals),
  };
}

const names = Object.keys(perCost(() => 0));
const formerName = (cost: string) => names[(names.indexOf(cost) + names.length - 1) % names.length]!;
const nextName = (cost: string) => names[(names.indexOf(cost) + 1) % names.length]!;

const arbitrary = fc.record({
  layers: fc.array(layerArbitrary, { minLength: 1, maxLength: 4 }),
  metric: fc.constantFrom(...metrics.all.map(({ id }) => id)),
  cost: fc.constantFrom(...names),
  share: fc.double({ min: 0.05, max: 1, noNaN: true }),
});

describe.each(methods.all.map(({ id }) => id))('the method %s', (id) => {
  const method = methods.get(id);

  it('gives the same plans whatever the cost is called that it spends', () => {
    fc.assert(
      fc.property(arbitrary, ({ layers, metric, cost, share }) => {
        const problem = problemOf(layers);
        const inputs = inputsOf(layers, metric);
        const choices = (of: SelectionProblem, name: string) =>
          method.plans(of, inputs, [{ cost: name, share }], 3).map((plan) => plan.choices.join());
        expect(choices(renamed(problem), nextName(cost))).toEqual(choices(problem, cost));
      }),
    );
  });

  it('has at least one plan, and says truly whether it meets the budget', () => {
    fc.assert(
      fc.property(arbitrary, ({ layers, metric, cost, share }) => {
        const problem = problemOf(layers);
        const plans = method.plans(problem, inputsOf(layers, metric), [{ cost, share }], 2);
        expect(plans.length).toBeGreaterThan(0);
        const wanted = share * problem.totals[cost]! * (1 + 1e-12);
        for (const { costs, reached } of plans) expect(reached).toBe(costs[cost]! <= wanted);
        const least = problem.layers.reduce((sum, layer) => sum + Math.min(...layer.costs[cost]!), 7);
        expect(plans[0]!.reached).toBe(least <= wanted);
      }),
    );
  });
});

const two: readonly RandomLayer[] = [
  { macs: [10, 20, 30, 50], parameters: [1, 2, 3, 5], bytes: [4, 8, 12, 20], rises: [5, 1, 1, 1, 1, 1] },
  { macs: [5, 10, 15, 30], parameters: [1, 2, 3, 6], bytes: [4, 8, 12, 24], rises: [1, 1, 1, 1, 1, 1] },
];

describe('plansAt', () => {
  it('plans by every method that needs no images, in the order of the registry', () => {
    const plans = plansAt(problemOf(two), inputsOf(two, 'energy'), [macsBudget(0.5)]);
    expect(Object.keys(plans)).toEqual(curveMethods().map(({ id }) => id));
    for (const [id, { method, budget }] of Object.entries(plans)) {
      expect([method, budget]).toEqual([id, { cost: 'macs', share: 0.5 }]);
    }
  });

  it('leaves methods out that wait for a curve', () => {
    const curves = new Map();
    const inputs = { metric: 'energy', curves, energy: curves, space: null };
    const problem = problemOf(two);
    expect(Object.keys(plansAt(problem, inputs, [macsBudget(0.5)]))).toEqual(['uniform']);
    expect(canPlan(methods.get('map'), problem, inputs, macsBudget(0.5))).toBe(false);
  });

  it('never plans by curves of other inputs', () => {
    const problem = problemOf(two);
    const byEnergy = plansAt(problem, inputsOf(two, 'energy'), [macsBudget(0.5)]);
    const byDivergence = plansAt(problem, { ...inputsOf(two, 'divergence'), space: wholeSpace }, [
      macsBudget(0.5),
    ]);
    const again = plansAt(problem, inputsOf(two, 'energy'), [macsBudget(0.5)]);
    expect(again).toEqual(byEnergy);
    expect(byDivergence['uniform']).toEqual(byEnergy['uniform']);
  });
});

describe('predictedQualities', () => {
  it('tells energy and every metric that goes by the same curves', () => {
    const problem = problemOf(two);
    const told = (metric: string) => {
      const inputs = inputsOf(two, metric);
      return predictedQualities(plansAt(problem, inputs, [macsBudget(0.6)])['map']!, problem, inputs);
    };
    expect(Object.keys(told('energy'))).toEqual(['energy']);
    expect(Object.keys(told('divergence'))).toEqual(['energy', 'divergence']);
    expect(Object.keys(told('measured'))).toEqual(['energy', 'measured', 'combined']);
    expect(Object.keys(told('combined'))).toEqual(['energy', 'measured', 'combined']);
  });
});

describe('a method that is added', () => {
  const toy: SelectionMethod = {
    id: 'toy',
    label: 'Toy',
    idea: 'Rank 1 everywhere.',
    needs: { curves: false, images: false },
    plans: (problem, _inputs, budgets) => [
      planOfChoices(problem, 'toy', onlyBudget(budgets), new Int32Array(problem.layers.length)),
    ],
  };
  let remove = () => {};
  afterEach(() => remove());

  it('plans beside the others and takes part in races', () => {
    remove = methods.add(toy);
    const [problem, inputs] = [problemOf(two), inputsOf(two, 'energy')];
    expect(plansAt(problem, inputs, [macsBudget(0.5)])['toy']!.method).toBe('toy');
    const [inf] = racedMethods();
    const raced = inf!.plans(problem, inputs, [macsBudget(0.5)], 2);
    expect(raced[0]).toMatchObject({ method: 'model', isSeeded: true });
    expect(raced.filter(({ isSeeded }) => isSeeded).map(({ method }) => method)).toContain('toy');
  });
});

it('a method that holds one budget at a time says so where there are none or several', () => {
  const [one, other] = [macsBudget(0.5), { cost: 'parameters', share: 0.5 }];
  expect(onlyBudget([one])).toBe(one);
  expect(() => onlyBudget([one, other])).toThrow('Expected one budget, found 2; give exactly one.');
  expect(() => onlyBudget([])).toThrow('Expected one budget, found 0; give exactly one.');
});
