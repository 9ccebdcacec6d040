import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LayerDescription } from '../network/layers';
import { costsOfRanks } from './costsOfRanks';
import { costOfChoices, ranksOfChoices, selectionProblem } from './problem';

const layer = (name: string, change: Partial<LayerDescription> = {}): LayerDescription => ({
  name,
  kind: 'conv2d',
  shape: '',
  macs: 1000,
  parameters: 110,
  factorisation: 'spatial',
  macsPerRank: 100,
  parametersPerRank: 10,
  biasParameters: 10,
  rankMax: 10,
  rankFull: 12,
  kept: null,
  keptByDefault: null,
  ...change,
});

/** Three of one kernel, counted with the first of them, and one of its own. */
const layers = [
  layer('a'),
  layer('b', { kernelOf: 'a', parameters: 10 }),
  layer('c', { kernelOf: 'a', parameters: 10, macs: 4000, macsPerRank: 400 }),
  layer('d', { macs: 1050, parameters: 150, biasParameters: 0 }),
];
const totals = { macs: 8000, parameters: 400 };

it('is what the problem counts for the same ranks, kernels that layers share included', () => {
  const problem = selectionProblem(layers, totals);
  const choices = fc.tuple(...problem.layers.map(({ ranks }) => fc.nat({ max: ranks.length - 1 })));
  fc.assert(
    fc.property(choices, (own) => {
      const ranks = ranksOfChoices(problem, own);
      expect(costsOfRanks(layers, totals, ranks)).toEqual(costOfChoices(problem, own));
    }),
  );
});

it('counts layers that no problem cuts, and names that objects have anyway', () => {
  const named = [layer('constructor'), layer('e', { keptByDefault: 'It gives the classes.' })];
  expect(costsOfRanks(named, { macs: 2000, parameters: 220 }, { e: 3 })).toEqual({
    macs: 1300,
    parameters: 150,
    bytes: 600,
  });
});
