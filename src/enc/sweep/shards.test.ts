import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { partition } from './partition';
import { PieceSet, type MeasuredPiece } from './pieces';
import type { SweepLayer } from './points';
import { nextTasks, pieceRuns, type SweepTask } from './schedule';
import { nextOfShard, sweepShards, type SharedSweep } from './shards';

/** Work of some layers, on images that all answer by their own numbers. */
const sweeps: fc.Arbitrary<SharedSweep> = fc
  .record({
    ranks: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 }),
    images: fc.integer({ min: 6, max: 300 }),
    ranksPerLayer: fc.integer({ min: 2, max: 9 }),
    exhaustive: fc.boolean(),
    decides: fc.constantFrom('measured' as const, 'divergence' as const),
    refitImages: fc.constantFrom(0, 0, 40),
  })
  .map(({ ranks, refitImages, ...settings }) => ({
    layers: ranks.map((rankMax, index): SweepLayer => ({
      name: `l${index}`,
      factorisation: 'spatial',
      rankMax,
    })),
    network: ranks.map((rankMax, index) => ({
      name: `l${index}`,
      macs: 2 * rankMax,
      macsPerRank: 2 + (index % 2),
    })),
    settings: { ...settings, firstImages: 64, exhaustive: settings.exhaustive || refitImages > 0 },
    refitImages,
  }));

/** A made-up measurement: what an image gives depends on layer, rank and image alone. */
function measure({ layer, ranks, from, to }: SweepTask): MeasuredPiece[] {
  return ranks.map((rank) => {
    const values = Array.from({ length: to - from }, (_, index) => {
      const noise = Math.sin(12.9898 * (from + index) + 78.233 * rank + layer.name.length) * 43758.5453;
      const bend = Math.exp(-6 * Math.max(0, rank / layer.rankMax - 0.3) - rank / layer.rankMax);
      return bend * (1 + (noise - Math.floor(noise)));
    });
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return {
      ...{ layer: layer.name, factorisation: layer.factorisation, rank, basis: 'labels', from },
      images: values.length,
      correct: values.filter((value) => value < 0.3).length,
      correctUncut: values.length,
      divergence: mean,
      divergenceDeviation: Math.sqrt(squares / values.length),
    };
  });
}

const single = ({ layers, settings }: SharedSweep): PieceSet => {
  const pieces = new PieceSet();
  for (;;) {
    const tasks = nextTasks(layers, pieces, settings);
    if (tasks.length === 0) return pieces;
    tasks.flatMap(measure).forEach((piece) => pieces.add(piece));
  }
};

const nameOf = ({ layer, rank, from, images }: MeasuredPiece) => `${layer}|${rank}|${from}|${images}`;
const ordered = (set: PieceSet) =>
  [...set.points].sort((a, b) => (a.layer < b.layer ? -1 : Number(a.layer > b.layer)) || a.rank - b.rank);

describe('shards of a sweep', () => {
  test('measure together what one machine would, whatever is lost, done twice, or done in another order', () => {
    fc.assert(
      fc.property(
        sweeps,
        fc.integer({ min: 1, max: 40 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
        (sweep, count, dice) => {
          const roll = () => dice.next().value as number;
          /** What lies in the folder that all share. */
          const folder = new Map<string, MeasuredPiece>();
          let waiting = [...sweepShards(sweep, count)];
          for (let tries = 0; waiting.length > 0; tries++) {
            const [shard] = waiting.splice(roll() % waiting.length, 1);
            const known = new PieceSet(folder.values());
            const tasks = nextOfShard(shard!, known, sweep);
            const isKilled = tries < 60 && roll() < 2;
            const done = isKilled ? tasks.slice(0, roll()) : tasks;
            done.flatMap(measure).forEach((piece) => folder.set(nameOf(piece), piece));
            if (tries < 60 && roll() === 0) folder.delete([...folder.keys()][roll()] ?? '');
            const isDone = nextOfShard(shard!, new PieceSet(folder.values()), sweep).length === 0;
            if (!isDone || roll() === 0) waiting.push(shard!);
            // A file that was lost behind a shard's back is what merging tells of; the shard is run once more.
            if (waiting.length === 0)
              waiting = sweepShards(sweep, count).filter(
                (own) => nextOfShard(own, new PieceSet(folder.values()), sweep).length > 0,
              );
          }
          const pieces = fc.sample(
            fc.shuffledSubarray([...folder.values()], { minLength: folder.size }),
            1,
          )[0]!;
          expect(ordered(new PieceSet(pieces))).toEqual(ordered(single(sweep)));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('hold every piece of an exhaustive sweep once', () => {
    fc.assert(
      fc.property(sweeps, fc.integer({ min: 1, max: 50 }), (sweep, count) => {
        fc.pre(sweep.settings.exhaustive);
        const names = sweepShards(sweep, count).flatMap(({ tasks }) => tasks.flatMap(measure).map(nameOf));
        expect(new Set(names).size).toBe(names.length);
        expect([...names].sort()).toEqual(single(sweep).all.map(nameOf).sort());
      }),
    );
  });

  test('are balanced: with many layers and images none takes a tenth longer than its share', () => {
    const network = Array.from({ length: 54 }, (_, index) => ({
      name: `l${index}`,
      macs: 2_000_000 + 1000 * index,
      macsPerRank: 100_000,
    }));
    const layers = network.map(({ name }): SweepLayer => ({ name, factorisation: 'spatial', rankMax: 20 }));
    const settings = {
      ranksPerLayer: 9,
      images: 10_000,
      firstImages: 64,
      decides: 'divergence',
      exhaustive: true,
    } as const;
    const sweep = { layers, network, settings, refitImages: 0 };
    const [whole] = sweepShards(sweep, 1);
    for (const count of [16, 64, 1000]) {
      const most = Math.max(...sweepShards(sweep, count).map(({ macs }) => macs));
      expect((most * count) / whole!.macs).toBeLessThan(1.1);
    }
  });
});

describe('a partition', () => {
  const elements = fc.array(
    fc.record({ own: fc.nat(50), step: fc.nat(5), more: fc.nat(20) }).map(({ own, step, more }) => ({
      ...{ own, step },
      start: step + more,
    })),
    { minLength: 1, maxLength: 12 },
  );

  test('covers the list in order, and its dearest run is at most one beginning dearer than that of the best cut', () => {
    fc.assert(
      fc.property(elements, fc.integer({ min: 1, max: 6 }), (costs, count) => {
        const runs = partition(costs, count);
        expect(runs.length).toBe(count);
        expect(runs.flatMap(({ from, to }) => costs.slice(from, to))).toEqual(costs);
        const costOf = (from: number, to: number) =>
          costs
            .slice(from, to)
            .reduce((sum, { own, start, step }, index) => sum + own + (index === 0 ? start : step), 0);
        // Every cut into at most so many runs, by trying them all.
        const best = (from: number, left: number): number => {
          if (from === costs.length) return 0;
          if (left === 0) return Infinity;
          return Math.min(
            ...costs.slice(from).map((_, index) => {
              const to = from + index + 1;
              return Math.max(costOf(from, to), best(to, left - 1));
            }),
          );
        };
        const dearest = Math.max(...runs.map(({ cost }) => cost));
        expect(dearest).toBe(Math.max(...runs.map(({ from, to }) => costOf(from, to))));
        expect(dearest).toBeLessThanOrEqual(best(0, count) + Math.max(...costs.map(({ start }) => start)));
      }),
    );
  });
});

test('runs of images are cut at the same places wherever they begin', () => {
  expect(pieceRuns(0, 130)).toEqual([
    { from: 0, to: 64 },
    { from: 64, to: 128 },
    { from: 128, to: 130 },
  ]);
  expect(pieceRuns(30, 130)).toEqual([
    { from: 30, to: 64 },
    { from: 64, to: 128 },
    { from: 128, to: 130 },
  ]);
  expect(pieceRuns(7, 7)).toEqual([]);
});
