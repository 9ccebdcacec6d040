import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { energyCurve, type Curve } from '../curve';
import { curvesFromPoints, divergenceCurve, measuredCurve } from './curves';
import { coarseGrid, rankGrid } from './grid';
import { mergePoints, pointsOfLayer, type MeasuredPoint, type SweepLayer } from './points';
import { PieceSet } from './pieces';
import { refinementCandidates } from './refinement';
import { needsMoreImages, relevantBand } from './relevance';
import { defaultSweepSettings, nextTasks, type SweepSettings } from './schedule';
import { intervalWarning } from './warnings';

const layerOf = (name: string, rankMax: number): SweepLayer => ({ name, factorisation: 'spatial', rankMax });
const pointOf = (
  layer: string,
  rank: number,
  divergence: number,
  rest: Partial<MeasuredPoint> = {},
): MeasuredPoint => ({
  layer,
  factorisation: 'spatial',
  rank,
  images: 64,
  basis: 'labels',
  correct: 60,
  correctUncut: 60,
  divergence,
  divergenceDeviation: 0,
  ...rest,
});

describe('rank grids', () => {
  test('rise strictly from 1 to r_max with as many ranks as asked for or there are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4096 }), fc.integer({ min: 2, max: 40 }), (rankMax, points) => {
        const grid = rankGrid(rankMax, points);
        expect(grid.length).toBe(Math.min(points, rankMax));
        expect([grid[0], grid[grid.length - 1]]).toEqual([1, rankMax]);
        grid.slice(1).forEach((rank, index) => expect(rank).toBeGreaterThan(grid[index]!));
      }),
    );
  });

  test('lie closer together at the lower end', () => {
    const gaps = coarseGrid(96)
      .map((rank, index, grid) => rank - (grid[index - 1] ?? rank))
      .slice(1);
    expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
    expect(gaps[0]).toBeLessThan(gaps[3]!);
  });
});

describe('points', () => {
  const images = fc.array(
    fc.record({
      divergence: fc.double({ min: 0, max: 5, noNaN: true }),
      right: fc.boolean(),
      uncut: fc.boolean(),
    }),
    { minLength: 1, maxLength: 30 },
  );
  const summary = (list: { divergence: number; right: boolean; uncut: boolean }[]): MeasuredPoint => {
    const mean = list.reduce((sum, { divergence }) => sum + divergence, 0) / list.length;
    const variance = list.reduce((sum, { divergence }) => sum + (divergence - mean) ** 2, 0) / list.length;
    return pointOf('a', 3, mean, {
      images: list.length,
      correct: list.filter(({ right }) => right).length,
      correctUncut: list.filter(({ uncut }) => uncut).length,
      divergenceDeviation: Math.sqrt(variance),
    });
  };

  test('merged are what all images together give', () => {
    fc.assert(
      fc.property(images, images, (first, next) => {
        const merged = mergePoints(summary(first), summary(next));
        const whole = summary([...first, ...next]);
        expect({ ...merged, divergence: 0, divergenceDeviation: 0 }).toEqual({
          ...whole,
          divergence: 0,
          divergenceDeviation: 0,
        });
        expect(merged.divergence).toBeCloseTo(whole.divergence, 10);
        expect(merged.divergenceDeviation).toBeCloseTo(whole.divergenceDeviation, 6);
      }),
    );
  });

  test('of different ranks do not merge', () => {
    expect(() => mergePoints(pointOf('a', 1, 0), pointOf('a', 2, 0))).toThrow(RangeError);
  });

  test('of another factorisation or above r_max are not a layer’s', () => {
    const points = [
      pointOf('a', 5, 0),
      pointOf('a', 2, 0),
      pointOf('b', 1, 0),
      { ...pointOf('a', 1, 0), factorisation: 'channel' as const },
    ];
    expect(pointsOfLayer(layerOf('a', 4), points).map(({ rank }) => rank)).toEqual([2]);
  });
});

describe('divergence curves', () => {
  const layer = layerOf('a', 24);

  test('go through points that fall, as exp(−d), and never reach the original', () => {
    const points = [
      pointOf('a', 1, 1.5),
      pointOf('a', 6, 0.2),
      pointOf('a', 13, 0.01),
      pointOf('a', 24, 2e-4),
    ];
    const { quality, metric } = divergenceCurve(layer, points);
    expect([metric, quality.length]).toEqual(['divergence', 24]);
    for (const { rank, divergence } of points)
      expect(quality[rank - 1]).toBeCloseTo(Math.exp(-divergence), 12);
    expect(quality[23]).toBeLessThan(1);
  });

  test('are exact where log d is linear in the rank', () => {
    const d = (rank: number) => 2 * Math.exp(-0.3 * rank);
    const { quality } = divergenceCurve(
      layer,
      [1, 9, 24].map((rank) => pointOf('a', rank, d(rank))),
    );
    quality.forEach((value, index) => expect(-Math.log(value)).toBeCloseTo(d(index + 1), 9));
  });

  test('never fall and stay between 0 and 1 whatever was measured', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 2, max: 23 }), { maxLength: 7 }),
        fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { minLength: 9, maxLength: 9 }),
        fc.boolean(),
        (inner, values, isDivergence) => {
          const ranks = [1, ...inner.sort((a, b) => a - b), 24];
          const points = ranks.map((rank, index) =>
            pointOf('a', rank, values[index]!, { correct: Math.round(3 * values[index]!) }),
          );
          const { quality } = isDivergence ? divergenceCurve(layer, points) : measuredCurve(layer, points);
          quality.forEach((value, index) => {
            expect(value).toBeGreaterThanOrEqual(0);
            expect(value).toBeLessThanOrEqual(1);
            if (index > 0) expect(value).toBeGreaterThanOrEqual(quality[index - 1]! - 1e-12);
          });
        },
      ),
    );
  });

  test('need both ends', () => {
    expect(() => divergenceCurve(layer, [pointOf('a', 2, 1), pointOf('a', 24, 0.1)])).toThrow(
      /rank 1 and 24/,
    );
  });

  test('of a layer with one rank have that one', () => {
    expect([...divergenceCurve(layerOf('a', 1), [pointOf('a', 1, 0.5)]).quality]).toEqual([Math.exp(-0.5)]);
  });
});

test('measured curves are relative to the uncut network and clipped', () => {
  const points = [pointOf('a', 1, 0, { correct: 30 }), pointOf('a', 3, 0, { correct: 63 })];
  const { quality } = measuredCurve(layerOf('a', 3), points);
  // Half of one of 64 images is left to the divergence, which is nothing here.
  expect(quality[0]).toBeCloseTo(0.5 * (1 - 0.5 / 64) + 0.5 / 64, 6);
  expect(quality[2]).toBeCloseTo(1, 6);
});

test('where measured curves are saturated, divergence decides by less than an image', () => {
  const points = [pointOf('a', 1, 2), pointOf('a', 2, 0.1), pointOf('a', 3, 0.001)];
  const { quality } = measuredCurve(layerOf('a', 3), points);
  expect(quality[0]).toBeLessThan(quality[1]!);
  expect(quality[1]).toBeLessThan(quality[2]!);
  expect(1 - quality[0]!).toBeLessThan(1 / 64);
});

describe('curves from points that are not complete', () => {
  const layers = [layerOf('a', 4), layerOf('b', 4)];
  const energy = new Map<string, Curve>(layers.map(({ name }) => [name, energyCurve(name, [4, 3, 2, 1], 4)]));

  test('are the energy curves before anything is measured', () => {
    const { curves, measured } = curvesFromPoints(divergenceCurve, layers, [pointOf('a', 1, 2)], energy);
    expect(curves).toBe(energy);
    expect(measured.size).toBe(0);
  });

  test('carry the energy over by what the measured layers show', () => {
    const points = [pointOf('a', 1, 2), pointOf('a', 4, 0.001)];
    const { curves, measured } = curvesFromPoints(divergenceCurve, layers, points, energy);
    expect([...measured]).toEqual(['a']);
    // Both layers have the same spectrum, so the same energies stand for the same qualities.
    expect(curves.get('b')!.metric).toBe('divergence');
    curves
      .get('b')!
      .quality.forEach((value, index) => expect(value).toBeCloseTo(curves.get('a')!.quality[index]!, 12));
  });
});

describe('refinement', () => {
  const band = relevantBand(10);

  test('leaves straight lines and flat layers alone', () => {
    const straight = [1, 5, 10, 17, 24].map((rank) => pointOf('a', rank, Math.exp(-0.2 * rank)));
    expect(refinementCandidates(straight, band)).toEqual([]);
    const flat = [1, 5, 10, 17, 24].map((rank) => pointOf('a', rank, 1e-5 / rank));
    expect(refinementCandidates(flat, band)).toEqual([]);
  });

  test('looks first where the curve bends', () => {
    const bent = [
      pointOf('a', 1, 0.5),
      pointOf('a', 8, 0.4),
      pointOf('a', 16, 0.01),
      pointOf('a', 24, 0.009),
    ];
    const [first] = refinementCandidates(bent, band);
    expect(first!.rank).toBeGreaterThan(8);
    expect(first!.rank).toBeLessThan(24);
  });
});

describe('images', () => {
  const band = relevantBand(50);
  const noisy = (divergence: number) => pointOf('a', 1, divergence, { divergenceDeviation: 8 * divergence });

  test('are added only where the size of a divergence matters and is not known', () => {
    expect(needsMoreImages(noisy(0.02), band, 'divergence')).toBe(true);
    expect(needsMoreImages(noisy(1e-5), band, 'divergence')).toBe(false);
    expect(needsMoreImages(pointOf('a', 1, 4, { divergenceDeviation: 8 }), band, 'divergence')).toBe(false);
    expect(needsMoreImages(pointOf('a', 1, 0.02, { divergenceDeviation: 0.01 }), band, 'divergence')).toBe(
      false,
    );
    expect(needsMoreImages(pointOf('a', 1, 0.02, { divergenceDeviation: 0.01 }), band, 'measured')).toBe(
      true,
    );
  });

  test('a warning names how many would do', () => {
    const warning = intervalWarning(240, 256)!;
    expect(warning.width).toBeGreaterThan(0.02);
    expect(
      intervalWarning(
        Math.round((240 / 256) * warning.imagesNeeded * 1.05),
        Math.round(warning.imagesNeeded * 1.05),
      ),
    ).toBeNull();
    expect(intervalWarning(0, 0)!.imagesNeeded).toBeGreaterThan(0);
  });
});

describe('the schedule', () => {
  const layers = [layerOf('a', 24), layerOf('b', 48), layerOf('c', 3), layerOf('flat', 96)];
  /** A made-up network: log d bends at a third of r_max; one layer loses nothing. */
  const truth = (layer: SweepLayer, rank: number) =>
    layer.name === 'flat'
      ? 1e-7 / rank
      : 0.9 * Math.exp(-20 * Math.max(0, rank / layer.rankMax - 0.33) - rank / layer.rankMax);

  function runSweep(settings: SweepSettings, known: MeasuredPoint[] = [], stopAfter = Infinity) {
    const points = new PieceSet(known);
    const rounds: string[] = [];
    let images = 0;
    for (let round = 0; round < 60 && images < stopAfter; round++) {
      const tasks = nextTasks(layers, points, settings);
      if (tasks.length === 0) break;
      rounds.push(
        tasks.map(({ layer, ranks, from, to }) => `${layer.name}:${ranks.join(',')}@${from}-${to}`).join(' '),
      );
      for (const { layer, ranks, from, to } of tasks) {
        for (const rank of ranks) {
          images += to - from;
          const d = truth(layer, rank);
          points.add({
            ...pointOf(layer.name, rank, d, { images: to - from, divergenceDeviation: 3 * d }),
            from,
          });
        }
      }
    }
    return { points: points.points, rounds, images };
  }
  const settings: SweepSettings = { ...defaultSweepSettings, images: 256 };

  test('measures the coarse grid of every layer first, in network order', () => {
    const { rounds } = runSweep(settings);
    expect(rounds[0]).toBe('a:1,4,9,16,24@0-64 b:1,7,18,32,48@0-64 c:1,2,3@0-64 flat:1,13,35,63,96@0-64');
  });

  test('ends with both ends of every layer and at most 9 ranks, and leaves the flat layer alone', () => {
    const { points } = runSweep(settings);
    for (const layer of layers) {
      const ranks = pointsOfLayer(layer, points).map(({ rank }) => rank);
      expect([ranks[0], ranks[ranks.length - 1]]).toEqual([1, layer.rankMax]);
      expect(ranks.length).toBeLessThanOrEqual(9);
    }
    const flat = pointsOfLayer(layers[3]!, points);
    expect(flat.map(({ rank, images }) => [rank, images])).toEqual(coarseGrid(96).map((rank) => [rank, 64]));
    expect(pointsOfLayer(layers[1]!, points).length).toBeGreaterThan(5);
  });

  test('never runs an image twice for a rank, and costs less than measuring everything', () => {
    const thrifty = runSweep(settings);
    const whole = runSweep({ ...settings, exhaustive: true });
    expect(whole.images).toBe((9 + 9 + 3 + 9) * 256);
    expect(whole.rounds.length).toBe(1);
    expect(thrifty.images).toBe(thrifty.points.reduce((sum, { images }) => sum + images, 0));
    expect(thrifty.images).toBeLessThan(0.8 * whole.images);
  });

  test('goes on from what is known to the same end', () => {
    const straight = runSweep(settings);
    const part = runSweep(settings, [], 1500);
    const resumed = runSweep(settings, [...part.points]);
    expect(part.images + resumed.images).toBe(straight.images);
    const state = (points: readonly MeasuredPoint[]) =>
      points.map(({ layer, rank, images }) => `${layer}${rank}@${images}`).sort();
    expect(state(resumed.points)).toEqual(state(straight.points));
  });

  test('keeps to fewer ranks where fewer are asked for', () => {
    const { points } = runSweep({ ...settings, ranksPerLayer: 3 });
    expect(points.map(({ layer, rank }) => `${layer}${rank}`).sort()).toEqual(
      layers.flatMap(({ name, rankMax }) => rankGrid(rankMax, 3).map((rank) => `${name}${rank}`)).sort(),
    );
  });

  test('asks for nothing of a finished sweep', () => {
    expect(nextTasks(layers, new PieceSet(runSweep(settings).points), settings)).toEqual([]);
    expect(nextTasks([], new PieceSet(), settings)).toEqual([]);
  });
});
