import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundedSearch } from './boundedSearch';
import type { FoundChoices } from './nearSearch';
import type { SelectionProblem } from './problem';
import { testProblem } from './testProblems';

/** A layer's costs and what its choices are worth, both rising. */
interface Choices {
  readonly costs: readonly number[];
  readonly values: readonly number[];
}

function problemOf(layers: readonly Choices[]): SelectionProblem {
  return testProblem(
    layers.map(({ costs }) => ({
      rankMax: costs.length - 1,
      costs: { macs: costs, parameters: costs, bytes: costs },
    })),
    0,
  );
}

function search(
  layers: readonly Choices[],
  share: number,
  slack: number,
  count: number,
  ...most: readonly [number?]
): FoundChoices {
  const problem = problemOf(layers);
  const low = new Int32Array(layers.length);
  const high = Int32Array.from(layers, ({ costs }) => costs.length - 1);
  const values = layers.map((layer) => Float64Array.from(layer.values));
  return boundedSearch(problem, values, low, high, { cost: 'macs', share }, slack, count, ...most);
}

const sumOf = (layers: readonly Choices[], choices: ArrayLike<number>, of: 'costs' | 'values') =>
  layers.reduce((sum, layer, index) => sum + layer[of][choices[index]!]!, 0);

/** The greatest sum of values within the budget, by trying everything; −∞ where nothing costs so little or so much. */
function bruteForce(layers: readonly Choices[], share: number, slack: number): number {
  const wanted = share * layers.reduce((sum, { costs }) => sum + costs.at(-1)!, 0);
  let all: number[][] = [[]];
  for (const { costs } of layers) all = all.flatMap((own) => costs.map((_, choice) => [...own, choice]));
  return all
    .filter((choices) => {
      const spent = sumOf(layers, choices, 'costs');
      return spent <= wanted + 1e-9 && spent >= (1 - slack) * wanted - 1e-9;
    })
    .reduce((best, choices) => Math.max(best, sumOf(layers, choices, 'values')), -Infinity);
}

const rising = (steps: readonly number[]) =>
  steps.map((_, index) => steps.slice(0, index + 1).reduce((sum, step) => sum + step, 0));

const anyLayer = fc
  .array(
    fc.record({ cost: fc.integer({ min: 1, max: 40 }), value: fc.double({ min: 0, max: 1, noNaN: true }) }),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map((steps) => ({
    costs: rising(steps.map(({ cost }) => cost)),
    values: rising(steps.map(({ value }) => value)),
  }));

describe('a search that is cut short', () => {
  it('says truly how far its answer is from the best at most, keeps the budget, and repeats itself', () => {
    let found = 0;
    let missed = 0;
    fc.assert(
      fc.property(
        fc.array(anyLayer, { minLength: 1, maxLength: 5 }),
        fc.double({ min: 0.2, max: 1, noNaN: true }),
        (layers, share) => {
          const { answers, gap } = search(layers, share, 1, 4, 0);
          const best = bruteForce(layers, share, 1);
          if (answers.length === 0) {
            if (best > -Infinity) missed++;
            return;
          }
          found++;
          const total = layers.reduce((sum, { costs }) => sum + costs.at(-1)!, 0);
          for (const choices of answers)
            expect(sumOf(layers, choices, 'costs')).toBeLessThanOrEqual(share * total + 1e-9);
          const own = sumOf(layers, answers[0]!, 'values');
          expect(own).toBeLessThanOrEqual(best + 1e-9);
          expect(own + gap).toBeGreaterThanOrEqual(best - 1e-9);
          expect(new Set(answers.map((choices) => choices.join())).size).toBe(answers.length);
          expect(search(layers, share, 1, 4, 0)).toEqual({ answers, gap });
        },
      ),
      { numRuns: 500, seed: 3 },
    );
    expect(found).toBeGreaterThan(200);
    // Where anything fits, something is found.
    expect(missed).toBe(0);
  });

  it('costs as much of the budget as is asked for', () => {
    fc.assert(
      fc.property(fc.array(anyLayer, { minLength: 2, maxLength: 5 }), (layers) => {
        const { answers } = search(layers, 0.8, 0.1, 4, 0);
        const total = layers.reduce((sum, { costs }) => sum + costs.at(-1)!, 0);
        for (const choices of answers)
          expect(sumOf(layers, choices, 'costs')).toBeGreaterThanOrEqual(0.9 * 0.8 * total - 1e-9);
      }),
      { seed: 5 },
    );
  });
});

/** What choices of a layer are worth, by their costs: nothing of it is decided by a bound. */
const curves: Readonly<Record<string, (costs: readonly number[]) => readonly number[]>> = {
  'in step with what they cost': (costs) => costs.map((cost) => 1e-8 * cost),
  'in step but for a thousandth': (costs) =>
    costs.map((cost, index) => 1e-8 * cost * (1 + 1e-3 * ((index * 7) % 5))),
  'ever more, the dearer they are': (costs) => costs.map((cost) => 3 * Math.log(cost / costs.at(-1)!)),
  'the same but for rounding': (costs) => costs.map((_, index) => 1e-9 * index),
};

describe('a search over hundreds of layers', () => {
  const layersOf = (count: number, worth: (costs: readonly number[]) => readonly number[]) =>
    Array.from({ length: count }, (_, layer) => {
      const costs = Array.from(
        { length: 65 },
        (_own, index) => (1000 + ((layer * 7919) % 9001)) * (index + 1),
      );
      return {
        costs,
        values: rising(worth(costs).map((value, index, all) => value - (all[index - 1] ?? value))),
      };
    });

  it.each(Object.entries(curves))('ends near the best where choices are worth %s', (_, worth) => {
    for (const [count, share, wanted] of [
      [300, 0.9, 24],
      [300, 0.5, 1],
      [55, 0.5, 24],
    ] as const) {
      const layers = layersOf(count, worth);
      const { answers, gap } = search(layers, share, 0.005, wanted);
      expect(answers.length).toBeGreaterThan(0);
      // As a share of the quality, whose logarithm the values are.
      expect(1 - Math.exp(-gap)).toBeLessThan(0.05);
      const spent = sumOf(layers, answers[0]!, 'costs');
      const total = layers.reduce((sum, { costs }) => sum + costs.at(-1)!, 0);
      expect(spent / total).toBeLessThanOrEqual(share);
      expect(spent / total).toBeGreaterThanOrEqual(share * 0.995);
    }
  });
});
