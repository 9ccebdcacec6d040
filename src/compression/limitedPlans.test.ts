import fc from 'fast-check';
import { expect, it } from 'vitest';
import { curveMethods } from './methods';
import type { LayerDescription } from '../network/layers';
import type { Curve } from '../enc/curve';
import { selectionProblem } from '../enc/problem';
import type { RankLimits } from '../enc/rankLimits';
import { timeCost, type LayerTimes } from '../enc/timeTable';

/* Every method that goes by curves, held to every budget, with every kind of decision about single layers. */

const anyLimits: fc.Arbitrary<RankLimits> = fc
  .record(
    {
      least: fc.integer({ min: 1, max: 12 }),
      most: fc.integer({ min: 1, max: 12 }),
      multiple: fc.constantFrom(1, 2, 4, 8),
    },
    { requiredKeys: [] },
  )
  .filter(({ least = 1, most = Infinity }) => least <= most);

const anyLayer = fc.record({
  rankMax: fc.integer({ min: 1, max: 12 }),
  macsPerRank: fc.integer({ min: 1, max: 50 }),
  over: fc.integer({ min: 1, max: 40 }),
  parametersPerRank: fc.integer({ min: 1, max: 50 }),
  parameters: fc.integer({ min: 1, max: 400 }),
  limits: anyLimits,
  lanes: fc.constantFrom(1, 4),
  times: fc.array(fc.double({ min: 0.1, max: 9, noNaN: true }), { minLength: 3, maxLength: 3 }),
  rises: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 }),
});

it('respects budgets, and bounded, fixed and multiple ranks, whichever method it is', () => {
  fc.assert(
    fc.property(
      fc.array(anyLayer, { minLength: 1, maxLength: 6 }),
      fc.constantFrom('macs', 'parameters', 'bytes', 'time'),
      fc.double({ min: 0.05, max: 1, noNaN: true }),
      (drawn, cost, share) => {
        const layers = drawn.map(({ rankMax, macsPerRank, over, ...own }, index): LayerDescription => ({
          ...{ name: `layer${index}`, kind: 'conv2d', shape: '', factorisation: 'spatial' },
          ...{ macs: rankMax * macsPerRank + over, parameters: own.parameters, rankMax, rankFull: rankMax },
          ...{ macsPerRank, parametersPerRank: own.parametersPerRank, biasParameters: 0 },
          ...{ kept: null, keptByDefault: null },
        }));
        const sum = (value: (layer: LayerDescription) => number) =>
          layers.reduce((total, layer) => total + value(layer), 7);
        const totals = { macs: sum(({ macs }) => macs), parameters: sum(({ parameters }) => parameters) };
        const timed = drawn.map(({ rankMax, times, lanes }, index): LayerTimes => ({
          ...{ layer: `layer${index}`, whole: times[0]!, ranks: [1, rankMax], times: times.slice(1) },
          ...{ factorisation: 'spatial', lanes },
        }));
        const time = timeCost({ total: 80, layers: timed });
        const limitsOf = ({ name }: LayerDescription) => drawn[Number(name.slice(5))]!.limits;
        const problem = selectionProblem(layers, totals, undefined, { limitsOf, costs: [time] });
        const curves = new Map(
          drawn.map(({ rankMax, rises }, index): [string, Curve] => {
            const upTo = (rank: number) => rises.slice(0, rank).reduce((a, b) => a + b, 0);
            const quality = Float64Array.from({ length: rankMax }, (_, at) => upTo(at + 1) / (upTo(12) + 1));
            return [`layer${index}`, { layer: `layer${index}`, metric: 'energy', quality }];
          }),
        );
        const inputs = { metric: 'energy', curves, energy: curves, space: null };
        for (const method of curveMethods()) {
          const [plan] = method.plans(problem, inputs, [{ cost, share }], 1);
          const spent = plan!.costs[cost]! / problem.totals[cost]!;
          expect(plan!.reached).toBe(spent <= share * (1 + 1e-12));
          const least = problem.layers.reduce(
            (total, { costs }) => total + Math.min(...costs[cost]!),
            problem.keptCosts[cost]!,
          );
          // Where the budget can be met, it is.
          if (least <= share * problem.totals[cost]!) expect(plan!.reached).toBe(true);
          for (const [name, rank] of Object.entries(plan!.ranks)) {
            const { rankMax, limits } = drawn[Number(name.slice(5))]!;
            const { least: from = 1, most = Infinity, multiple = 1 } = limits;
            if (rank === null) {
              expect(most).toBe(Infinity);
              continue;
            }
            expect(rank).toBeGreaterThanOrEqual(from);
            expect(rank).toBeLessThanOrEqual(most);
            // A bound that no multiple lies in goes before the multiple.
            const greatest = Math.floor(Math.min(most, rankMax) / multiple) * multiple;
            if (most === Infinity || greatest >= from) expect(rank % multiple).toBe(0);
          }
        }
      },
    ),
    { numRuns: 300 },
  );
});
