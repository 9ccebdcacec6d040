import { describe, expect, it } from 'vitest';
import type { LayerDescription } from '../network/layers';
import { selectionProblem } from './problem';
import { timeCost, timedRanks, type LayerTimes, type TimeTable } from './timeTable';

const layer = (name: string): LayerDescription => ({
  ...{ name, kind: 'conv2d', shape: '', macs: 1000, parameters: 110, factorisation: 'spatial' },
  ...{ macsPerRank: 100, parametersPerRank: 10, biasParameters: 10, rankMax: 10, rankFull: 12 },
  ...{ kept: null, keptByDefault: null },
});
const layers = [layer('a'), layer('b'), layer('untimed')];
const totals = { macs: 4000, parameters: 500 };
const table = {
  total: 30,
  layers: [
    { layer: 'a', factorisation: 'spatial', whole: 8, ranks: [1, 4, 8, 9], times: [2, 5, 4, 10] },
    // Splitting never pays.
    { layer: 'b', factorisation: 'spatial', whole: 6, ranks: [1, 9], times: [7, 9] },
  ],
} satisfies TimeTable;

describe('time as a cost', () => {
  const time = timeCost(table);

  it('is what was measured made monotone, straight in between', () => {
    const at = (rank: number) => time.atRank(layers[0]!, rank);
    // 5 and 4 become their mean.
    expect([1, 4, 6, 8, 9].map(at)).toEqual([2, 4.5, 4.5, 4.5, 10]);
    expect(at(2)).toBeCloseTo(2 + 2.5 / 3, 12);
    expect(at(12)).toBe(10);
    expect(time.ofLayer(layers[0]!)).toBe(8);
    expect(time.atRank(layers[2]!, 3)).toBe(0);
  });

  it('goes up in steps where kernels fill ranks up to whole vectors', () => {
    const [{ name }] = layers as [LayerDescription];
    const timed: LayerTimes = {
      ...{
        layer: name,
        factorisation: 'spatial',
        whole: 9,
        ranks: [1, 4, 8, 9],
        times: [2, 4, 5, 7],
        lanes: 4,
      },
    };
    const { atRank } = timeCost({ total: 30, layers: [timed] });
    // Ranks 1 and 4 are computed alike, 9 as 12.
    expect([1, 2, 4, 5, 8, 9, 10].map((rank) => atRank(layers[0]!, rank))).toEqual([3, 3, 3, 5, 5, 7, 7]);
    const coarse = timeCost({ total: 30, layers: [{ ...timed, ranks: [4, 12], times: [3, 7] }] });
    expect([4, 5, 8, 9].map((rank) => coarse.atRank(layers[0]!, rank))).toEqual([3, 5, 5, 7]);
  });

  it('is that of the way in which a layer is split', () => {
    const both: TimeTable = {
      total: 30,
      layers: [
        { layer: 'a', factorisation: 'spatial', whole: 8, ranks: [1, 9], times: [2, 10] },
        { layer: 'a', factorisation: 'channel', whole: 8, ranks: [1, 5], times: [3, 7] },
      ],
    };
    const channel: LayerDescription = { ...layers[0]!, factorisation: 'channel' };
    expect(timeCost(both).atRank(layers[0]!, 5)).toBe(6);
    expect(timeCost(both).atRank(channel, 5)).toBe(7);
  });

  it('stands in a problem beside the others, with all that is no layer of the table in what is kept', () => {
    const problem = selectionProblem(layers, totals, undefined, { costs: [time] });
    expect(problem.totals.time).toBe(30);
    expect(problem.keptCosts.time).toBe(30 - 8 - 6);
    expect(problem.layers[1]!.costs.time![0]).toBe(7);
    expect(problem.layers[1]!.costs.time!.at(-1)).toBe(6);
  });
});

it('layers are timed at the ends and, between them, at multiples of a kernel’s lanes', () => {
  expect(timedRanks(95)).toEqual([1, 12, 24, 36, 48, 60, 72, 84, 95]);
  expect(timedRanks(23)).toEqual([1, 4, 8, 12, 16, 20, 23]);
  expect(timedRanks(1)).toEqual([1]);
  for (let most = 1; most < 200; most++) {
    const ranks = timedRanks(most);
    expect(ranks[0]).toBe(1);
    expect(ranks.at(-1)).toBe(most);
    expect([...ranks].sort((a, b) => a - b)).toEqual([...new Set(ranks)]);
  }
});
