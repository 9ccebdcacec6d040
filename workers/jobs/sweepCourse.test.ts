import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installedCodecs } from '../../cli/codecs';
import { problemOf } from '../../src/compression/planning';
import { energyCurve, type Curve } from '../../src/enc/curve';
import type { Step } from '../../src/compression/recipe';
import { rankGrid } from '../../src/enc/sweep/grid';
import { reachesBothEnds } from '../../src/enc/sweep/curves';
import { PieceSet, type MeasuredPiece } from '../../src/enc/sweep/pieces';
import { placesOf, taskMacs } from '../../src/enc/sweep/places';
import { pointsOfLayer, type MeasuredPoint } from '../../src/enc/sweep/points';
import { defaultSweepSettings, nextTasks } from '../../src/enc/sweep/schedule';
import { unwrap } from '../../src/network/failure';
import type { Progress } from '../protocol/progress';
import { factoriseKind } from '../protocol/factorise';
import { refitKind } from '../protocol/refit';
import { sweepTaskKind, type SweepRequest, type SweepTaskSpec } from '../protocol/sweep';
import type { NetworkSummary } from '../protocol/summaries';
import { nodeWasmPaths } from '../../src/engine/testing/nodeBackend';
import { PooledStudio } from '../pool/pooledStudio';
import { InThreadCompute } from '../service/computeService';
import { inThreadParser } from '../service/parsing';
import type { JobPool } from './job';
import { runSweep } from './sweepCourse';

const never = new AbortController().signal;
const ignore = () => undefined;
/** Names of the sample's classes, one a line. */
const letters = new TextEncoder().encode([...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].join('\n'));
const read = (name: string) => {
  const path = fileURLToPath(new URL(`../../public/samples/${name}`, import.meta.url));
  return { name, bytes: new Uint8Array(readFileSync(path)) };
};

/** What a sweep did, by a clock on which every task takes what a made-up machine would need for it. */
interface Course {
  readonly points: readonly MeasuredPoint[];
  readonly pieces: readonly MeasuredPiece[];
  /** When it ended, in seconds. */
  readonly end: number;
  readonly told: readonly (Progress & { readonly at: number })[];
}

describe('a sweep of a built-in sample that has to end in time', () => {
  const service = new InThreadCompute(nodeWasmPaths);
  const studio = new PooledStudio({
    openThread: () => ({ service, ended: new Promise<void>(ignore), close: ignore }),
    threads: 1,
    openParser: () => inThreadParser(installedCodecs),
  });
  const measured = async (task: SweepTaskSpec['task']) =>
    unwrap(await service.run('course', sweepTaskKind.name, task, ignore, ignore)) as SweepTaskSpec['result'];
  let network: NetworkSummary;
  let request: Omit<SweepRequest, 'time'>;
  const energy = new Map<string, Curve>();

  beforeAll(async () => {
    unwrap(await studio.start('wasm'));
    network = unwrap(await studio.openNetwork(never, [read('residual.onnx')]));
    const images = unwrap(
      await studio.openImages(
        never,
        [read('validation.bin.gz'), { name: 'classes.txt', bytes: letters }],
        network.fingerprint,
      ),
    );
    const layers = network.layers.filter(
      ({ kept, keptByDefault }) => kept === null && keptByDefault === null,
    );
    const wanted = layers.map(({ name, factorisation }) => ({ layer: name, factorisation }));
    const rankMax = new Map(layers.map((layer) => [layer.name, layer.rankMax]));
    unwrap(
      await studio.run(
        never,
        factoriseKind,
        { network: network.fingerprint, layers: wanted },
        ignore,
        (own) => {
          energy.set(own.layer, energyCurve(own.layer, own.singularValues, rankMax.get(own.layer)!));
        },
      ),
    );
    request = {
      network: network.fingerprint,
      selection: {
        images: images.fingerprint,
        indices: Uint32Array.from({ length: 64 }, (_, index) => 19 * index),
        preprocessing: { channels: 'rgb', mean: [128], scale: [1 / 64] },
      },
      layers: layers.map((layer) => ({
        name: layer.name,
        factorisation: layer.factorisation,
        rankMax: layer.rankMax,
      })),
      costs: network.layers,
      settings: { ...defaultSweepSettings, ranksPerLayer: 5, firstImages: 32 },
      refit: null,
      known: [],
    };
  });
  afterAll(() => studio.close());

  const timeOf = (
    seconds: number,
    share = 0.5,
    kept: Readonly<Record<string, boolean>> = {},
  ): SweepRequest['time'] => ({
    ...{ seconds, fewestImages: 8 },
    plannedFor: {
      problem: problemOf(network, kept),
      budget: { cost: 'macs', share },
      metric: 'divergence',
      energy,
    },
  });

  /** @param slower how much longer than its multiply-accumulates say the machine takes for a layer */
  async function course(own: SweepRequest, slower: (layer: string) => number = () => 1): Promise<Course> {
    const places = placesOf(own.costs);
    let now = 1000;
    const unit = async (kind: { readonly name: string }, asked: unknown) => {
      if (kind.name === refitKind.name) {
        now += 3;
        return unwrap(await service.run('course', kind.name, asked, ignore, ignore));
      }
      expect(kind).toBe(sweepTaskKind);
      const task = asked as SweepTaskSpec['task'];
      const points = await measured(task);
      const { layer, ranks } = task.task;
      now += slower(layer.name) * (0.02 * ranks.length + taskMacs(task.task, places) / 2e9);
      return points;
    };
    const pool = { threads: 1, unit, release: () => service.cancel('course') } as unknown as JobPool;
    const pieces: MeasuredPiece[] = [];
    const told: (Progress & { readonly at: number })[] = [];
    const tools = {
      signal: never,
      onEvent: (piece: MeasuredPiece) => pieces.push(piece),
      onProgress: (progress: Progress) => told.push({ ...progress, at: now - 1000 }),
    };
    const points = await runSweep(pool, own, tools, () => now);
    return { points, pieces, end: now - 1000, told };
  }

  const isWhole = (points: readonly MeasuredPoint[]) =>
    request.layers.every((layer) => reachesBothEnds(layer, pointsOfLayer(layer, points)));

  test('ends when it is to, every layer measured, and has said so all along', async () => {
    // Layers are not as fast as their multiply-accumulates say, so the pace has to be learned.
    const slower = (layer: string) => 1 + (layer.length % 3) / 2;
    const whole = await course({ ...request, time: null }, slower);
    const given = whole.end / 2;
    const { points, end, told } = await course({ ...request, time: timeOf(given) }, slower);
    expect(isWhole(points)).toBe(true);
    expect(end / given).toBeGreaterThan(0.7);
    expect(end / given).toBeLessThan(1.3);
    const late = told.filter(({ at, secondsLeft }) => secondsLeft !== undefined && at > 0.1 * given);
    expect(late.length).toBeGreaterThan(10);
    // A task's length beside the 30 %: nothing is told while one runs.
    for (const { at, secondsLeft } of late)
      expect(Math.abs(secondsLeft! - (end - at))).toBeLessThan(0.3 * (end - at) + given / 20);
  });

  test('says without a limit how long everything takes, too', async () => {
    const settings = { ...request.settings, ranksPerLayer: 3, exhaustive: true };
    const { told, end } = await course({ ...request, settings, time: null });
    const late = told.filter(({ at, secondsLeft }) => secondsLeft !== undefined && at > 0.1 * end);
    expect(late.length).toBeGreaterThan(10);
    for (const { at, secondsLeft } of late)
      expect(Math.abs(secondsLeft! - (end - at))).toBeLessThan(0.3 * (end - at) + end / 20);
  });

  test('measures what a sweep without a limit measures on the same images', async () => {
    const { points } = await course({ ...request, time: timeOf(15) });
    const joined = points.filter(({ images }) => images > 8).slice(0, 6);
    expect(joined.length).toBe(6);
    for (const point of joined) {
      const layer = request.layers.find(({ name }) => name === point.layer)!;
      const task = { layer, ranks: [point.rank], from: 0, to: point.images };
      const [straight] = await measured({ ...request, task });
      const { divergence, divergenceDeviation, ...counts } = straight!;
      expect(point).toMatchObject(counts);
      // Sums of parts are rounded otherwise than a whole sum is.
      expect(point.divergence / divergence).toBeCloseTo(1, 12);
      expect(point.divergenceDeviation / divergenceDeviation).toBeCloseTo(1, 9);
    }
  });

  test('measures every layer once though that takes longer than it has, and says how long', async () => {
    const { points, end, told } = await course({ ...request, time: timeOf(0.05) });
    expect(isWhole(points)).toBe(true);
    expect(points.every(({ images }) => images === 8)).toBe(true);
    const needed = told.flatMap(({ secondsNeeded }) => secondsNeeded ?? []);
    expect(needed.length).toBeGreaterThan(0);
    for (const seconds of needed.slice(Math.ceil(needed.length / 4)))
      expect(Math.abs(seconds - end)).toBeLessThan(0.3 * end);
  });

  test('ends early where nothing is left that could tell anything', async () => {
    const { pieces, end, told } = await course({ ...request, time: timeOf(1e4) });
    const settings = { ...request.settings, images: request.selection.indices.length };
    expect(nextTasks(request.layers, new PieceSet(pieces), settings)).toEqual([]);
    expect(end).toBeLessThan(1e4);
    // It does not count on all the time that it has.
    const late = told.filter(({ at, secondsLeft }) => secondsLeft !== undefined && at > 0.5 * end);
    for (const { secondsLeft } of late) expect(secondsLeft).toBeLessThan(end);
  });

  test('goes on from what is there when it is given more time, and measures nothing twice', async () => {
    const first = await course({ ...request, time: timeOf(6) });
    const more = await course({ ...request, known: first.pieces, time: timeOf(6) });
    const runs = (pieces: readonly MeasuredPiece[]) =>
      pieces.map(({ layer, rank, from, images }) => `${layer} ${rank} ${from}-${from + images}`);
    const before = new Set(runs(first.pieces));
    expect(more.pieces.length).toBeGreaterThan(0);
    expect(runs(more.pieces).filter((run) => before.has(run))).toEqual([]);
    const imagesOf = ({ points }: Course) => points.reduce((sum, { images }) => sum + images, 0);
    expect(imagesOf(more)).toBeGreaterThan(imagesOf(first));
  });

  test('measures layers that are re-fitted in time, too, at ranks that they were fitted at', async () => {
    const { images, preprocessing } = request.selection;
    const drawn = { images, draw: { kind: 'run', from: 0, count: 16 }, preprocessing } as const;
    const refit: Step = { kind: 'refit', images: drawn, settings: {}, seed: 5 };
    const layers = request.layers.slice(-3);
    const kept = Object.fromEntries(request.layers.slice(0, -3).map(({ name }) => [name, false]));
    const { points, end } = await course({ ...request, layers, refit, time: timeOf(5, 0.5, kept) });
    for (const layer of layers) {
      const own = pointsOfLayer(layer, points);
      expect(reachesBothEnds(layer, own)).toBe(true);
      const grid = rankGrid(layer.rankMax, request.settings.ranksPerLayer);
      expect(own.filter(({ rank }) => !grid.includes(rank))).toEqual([]);
    }
    expect(end).toBeGreaterThan(0.7 * 5);
    expect(end).toBeLessThan(1.3 * 5);
  });

  test('looks at lower ranks where the target is lower', async () => {
    const meanRank = async (share: number) => {
      const { points } = await course({ ...request, time: timeOf(12, share) });
      const shareOf = ({ layer, rank }: MeasuredPoint) =>
        rank / request.layers.find(({ name }) => name === layer)!.rankMax;
      const all = points.reduce((sum, { images }) => sum + images, 0);
      return points.reduce((sum, point) => sum + shareOf(point) * point.images, 0) / all;
    };
    expect(await meanRank(0.2)).toBeLessThan((await meanRank(0.8)) - 0.05);
  });
});
