import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reachesBothEnds } from './curves';
import { Foresight } from './foresight';
import { coarseGrid, rankGrid } from './grid';
import { Pace } from './pace';
import { PieceSet, type MeasuredPiece } from './pieces';
import { placesOf, taskMacs } from './places';
import { pointsOfLayer, type SweepLayer } from './points';
import { defaultSweepSettings, nextTasks, type SweepSettings, type SweepTask } from './schedule';
import { coarsePass, tasksWithin, type NearRanks } from './timed';

const layers: readonly SweepLayer[] = [24, 48, 3, 96, 1].map((rankMax, index) => ({
  name: `l${index}`,
  factorisation: 'spatial',
  rankMax,
}));
const settings: SweepSettings = { ...defaultSweepSettings, images: 256 };
const fewestImages = 8;
const network = layers.map(({ name, rankMax }) => ({ name, macs: 1000, macsPerRank: 900 / rankMax }));
const places = placesOf(network);
const secondsOf = (task: SweepTask) => 0.2 * task.ranks.length + 1e-4 * taskMacs(task, places);
const near: NearRanks = new Map([
  ['l0', 10],
  ['l1', 20],
  ['l2', 2],
  ['l3', null],
  ['l4', 1],
]);

/** A made-up network: log d falls evenly, and bends at a third of r_max. */
function measure({ layer, ranks, from, to }: SweepTask): readonly MeasuredPiece[] {
  return ranks.map((rank) => {
    const share = rank / layer.rankMax;
    const divergence = 0.9 * Math.exp(-6 * Math.max(0, share - 0.33) - share);
    const counts = { images: to - from, correct: to - from, correctUncut: to - from };
    const about = { layer: layer.name, factorisation: layer.factorisation, rank, from };
    return { ...about, ...counts, basis: 'labels', divergence, divergenceDeviation: 1.5 * divergence };
  });
}

/** What a sweep has measured after the coarse pass and so many rounds. */
function swept(rounds: number, seconds: number, own = settings): PieceSet {
  const pieces = new PieceSet();
  const add = (tasks: readonly SweepTask[]) => tasks.flatMap(measure).forEach((piece) => pieces.add(piece));
  add(coarsePass({ layers, pieces, settings: own, fewestImages }));
  for (let round = 0; round < rounds; round++)
    add(tasksWithin({ layers, pieces, settings: own, near, fewestImages }, secondsOf, seconds));
  return pieces;
}

describe('the coarse pass', () => {
  test('gives every layer both ends of its curve on a few images, and is over then', () => {
    const pieces = new PieceSet();
    const tasks = coarsePass({ layers, pieces, settings, fewestImages });
    expect(tasks.map(({ layer, ranks, from, to }) => [layer.name, ranks, from, to])).toEqual(
      layers.map(({ name, rankMax }) => [name, rankMax > 1 ? [1, rankMax] : [1], 0, fewestImages]),
    );
    const { points } = swept(0, 0);
    for (const layer of layers) expect(reachesBothEnds(layer, pointsOfLayer(layer, points))).toBe(true);
    expect(coarsePass({ layers, pieces: swept(0, 0), settings, fewestImages })).toEqual([]);
  });

  test('takes no more images than there are', () => {
    const tasks = coarsePass({
      layers,
      pieces: new PieceSet(),
      settings: { ...settings, images: 5 },
      fewestImages,
    });
    expect(tasks.every(({ from, to }) => from === 0 && to === 5)).toBe(true);
  });
});

describe('what is measured in so much time', () => {
  test('fits into it, whatever it is, and is never measured twice', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 400, noNaN: true }),
        fc.integer({ min: 0, max: 5 }),
        fc.boolean(),
        (seconds, rounds, exhaustive) => {
          const own = { ...settings, exhaustive };
          const pieces = swept(rounds, 30, own);
          const tasks = tasksWithin(
            { layers, pieces, settings: own, near, fewestImages },
            secondsOf,
            seconds,
          );
          // Cutting runs of images at the ends of pieces makes a network more per cut.
          const cuts = tasks.filter(({ from }) => from % 64 === 0 && from > 0).length;
          const all = tasks.reduce((sum, task) => sum + secondsOf(task), 0);
          expect(all).toBeLessThanOrEqual(seconds + 0.2 * cuts * 9 + 1e-9);
          for (const { layer, ranks, from, to } of tasks) {
            expect(to).toBeLessThanOrEqual(own.images);
            for (const rank of ranks)
              expect(pieces.covers({ ...layer, layer: layer.name, rank }, from, to)).toBe(false);
          }
        },
      ),
    );
  });

  test('begins with the ranks next to a plan’s', () => {
    const pieces = swept(0, 0);
    const tasks = tasksWithin({ layers, pieces, settings, near, fewestImages }, secondsOf, 8);
    expect(tasks.length).toBeGreaterThan(0);
    for (const { layer, ranks } of tasks) {
      const planned = near.get(layer.name) ?? layer.rankMax;
      const grid = rankGrid(layer.rankMax, settings.ranksPerLayer);
      const below = grid.filter((rank) => rank <= planned).at(-1)!;
      const above = grid.find((rank) => rank >= planned)!;
      for (const rank of ranks) expect([below, above]).toContain(rank);
    }
  });

  test('comes to the coarse grid of every layer on as many images as a sweep without a limit begins with', () => {
    const { points } = swept(20, 60);
    for (const layer of layers) {
      const own = pointsOfLayer(layer, points);
      for (const rank of coarseGrid(layer.rankMax, settings.ranksPerLayer))
        expect(own.find((point) => point.rank === rank)?.images ?? 0).toBeGreaterThanOrEqual(64);
    }
  });

  test('goes on until a sweep without a limit would have nothing left', () => {
    const pieces = swept(60, 500);
    expect(nextTasks(layers, pieces, settings)).toEqual([]);
    expect(tasksWithin({ layers, pieces, settings, near, fewestImages }, secondsOf, Infinity)).toEqual([]);
  });
});

describe('the pace', () => {
  const task = (layer: number, ranks: readonly number[], to: number): SweepTask => ({
    ...{ layer: layers[layer]!, ranks, from: 0, to },
  });
  const some = [task(0, [1, 24], 8), task(1, [1, 48], 8), task(2, [1, 2, 3], 16), task(3, [13], 64)];

  test('is what tasks took, by networks and by multiply-accumulates, without those that warm up', () => {
    const pace = new Pace(places, 1);
    expect(pace.isKnown).toBe(false);
    pace.add(some[0]!, 100);
    expect(pace.isKnown).toBe(true);
    some.forEach((own) => pace.add(own, secondsOf(own)));
    const next = task(3, [1, 35, 96], 32);
    expect(pace.secondsOf(next)).toBeCloseTo(secondsOf(next), 6);
  });

  test('learns of a layer that is slower than others', () => {
    const pace = new Pace(places, 0);
    for (let round = 0; round < 6; round++) {
      some.forEach((own) => pace.add(own, secondsOf(own)));
      pace.add(task(4, [1], 8), 3 * secondsOf(task(4, [1], 8)));
    }
    const [slow, usual] = [task(4, [1], 16), task(0, [1], 16)];
    expect(pace.secondsOf(slow) / secondsOf(slow)).toBeGreaterThan(1.5);
    expect(pace.secondsOf(usual) / secondsOf(usual)).toBeLessThan(1.3);
  });
});

describe('what is foreseen of a sweep', () => {
  const rest = (pieces: PieceSet, own: SweepSettings) =>
    new Foresight(layers, own, places)
      .left(pieces)
      .reduce((sum, { networks, macs }) => sum + 0.2 * networks + 1e-4 * macs, 0);

  /** What is really left, by measuring it. */
  function truth(known: PieceSet, own: SweepSettings): number {
    const pieces = new PieceSet(known.all);
    let seconds = 0;
    for (
      let tasks = nextTasks(layers, pieces, own);
      tasks.length > 0;
      tasks = nextTasks(layers, pieces, own)
    ) {
      for (const task of tasks) {
        seconds += secondsOf(task);
        measure(task).forEach((piece) => pieces.add(piece));
      }
    }
    return seconds;
  }

  test('is all of it where everything is measured', () => {
    const own = { ...settings, exhaustive: true };
    for (const pieces of [new PieceSet(), swept(2, 40, own)])
      expect(rest(pieces, own) / truth(pieces, own)).toBeCloseTo(1, 6);
  });

  test('is about right once every layer has been looked at', () => {
    for (const rounds of [2, 3, 4]) {
      const pieces = swept(rounds, 30);
      const left = truth(pieces, settings);
      expect(Math.abs(rest(pieces, settings) - left)).toBeLessThan(0.3 * left);
    }
  });

  test('follows what is measured of a layer, once it is told of it', () => {
    const foresight = new Foresight(layers, settings, places);
    const pieces = new PieceSet();
    const [before, ...others] = foresight.left(pieces);
    for (const task of nextTasks(layers.slice(0, 1), pieces, settings))
      measure(task).forEach((piece) => pieces.add(piece));
    expect(foresight.left(pieces)[0]).toEqual(before);
    foresight.forget('l0');
    const [after, ...rest] = foresight.left(pieces);
    expect(after!.macs).toBeLessThan(before!.macs);
    expect(rest).toEqual(others);
  });
});
