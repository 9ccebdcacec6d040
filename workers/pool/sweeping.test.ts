import { installedCodecs } from '../../cli/codecs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MeasuredPoint } from '../../src/enc/sweep/points';
import { defaultSweepSettings } from '../../src/enc/sweep/schedule';
import { memory } from '../../src/engine/backend';
import { evaluate } from '../../src/engine/evaluate';
import { createExecutor } from '../../src/engine/executor';
import { meanDivergence } from '../../src/answers/divergence';
import { nodeWasmPaths } from '../../src/engine/testing/nodeBackend';
import { randomResNet } from '../../src/engine/testing/resnet';
import { writeNetwork } from '../../src/formats/models';
import { readImages } from '../../src/formats/datasets';
import { factoriseLayer } from '../../src/network/factors';
import { unwrap } from '../../src/network/failure';
import type { Network } from '../../src/network/graph';
import { applyPatch } from '../../src/network/patch';
import { rewriteNetwork } from '../../src/network/rewrite';
import { seededNumbers } from '../../src/network/testing/builders';
import type { SweepRequest } from '../protocol/sweep';
import { inThreadParser } from '../service/parsing';
import { InThreadCompute } from '../service/computeService';
import { PooledStudio } from './pooledStudio';

const never = new AbortController().signal;
const ignore = () => undefined;

/** Random bytes in CIFAR-10's layout. */
function cifarFile(count: number) {
  const numbers = seededNumbers(4);
  const bytes = Uint8Array.from({ length: count * 3073 }, (_, index) =>
    index % 3073 === 0 ? numbers.whole(0, 9) : numbers.whole(0, 255),
  );
  return { name: 'random.bin', bytes };
}

describe('a sweep over two threads', () => {
  const services: InThreadCompute[] = [];
  const openThread = () => {
    const service = new InThreadCompute(nodeWasmPaths, installedCodecs);
    services.push(service);
    return { service, close: ignore };
  };
  const studio = new PooledStudio(openThread, 2, inThreadParser);
  let request: SweepRequest;
  beforeAll(async () => {
    unwrap(await studio.start('wasm'));
    const network = unwrap(await studio.openNetwork(never, await writeNetwork(randomResNet(1), 'onnx')));
    const images = unwrap(await studio.openImages(never, [cifarFile(12)]));
    const layers = network.layers.filter(({ kept }) => kept === null).slice(0, 4);
    const wanted = layers.map(({ name, factorisation }) => ({ layer: name, factorisation }));
    unwrap(await studio.factorise(never, network.fingerprint, wanted, ignore, ignore));
    request = {
      network: network.fingerprint,
      selection: {
        images: images.fingerprint,
        indices: Uint32Array.from({ length: 12 }, (_, index) => 11 - index),
        preprocessing: { channels: 'rgb', mean: [128], scale: [1 / 128] },
      },
      layers: layers.map(({ name, factorisation, rankMax }) => ({ name, factorisation, rankMax })),
      settings: { ...defaultSweepSettings, ranksPerLayer: 6, firstImages: 4 },
      known: [],
    };
  });
  afterAll(() => studio.close());

  const ordered = (points: readonly MeasuredPoint[]) =>
    [...points].sort((a, b) => a.layer.localeCompare(b.layer) || a.rank - b.rank);

  test('measures every layer, tells each point, and leaves no tensor and no byte', async () => {
    const before = memory();
    const told = new Map<string, MeasuredPoint>();
    const progress: number[] = [];
    const points = unwrap(
      await studio.sweep(
        never,
        request,
        (point) => told.set(`${point.layer} ${point.rank}`, point),
        ({ done, total }) => progress.push(done, total),
      ),
    );
    expect(ordered([...told.values()])).toEqual(ordered(points));
    expect(new Set(points.map(({ layer }) => layer)).size).toBe(4);
    expect(points.every(({ images }) => images >= 4)).toBe(true);
    expect(progress.at(-1)).toBe(progress.at(-2));
    expect(memory()).toEqual(before);
    // What is known is not measured again.
    const again = await studio.sweep(
      never,
      { ...request, known: points },
      () => expect.fail('nothing new'),
      ignore,
    );
    expect(ordered(unwrap(again))).toEqual(ordered(points));
  });

  test('agrees with evaluating the rewritten network', async () => {
    const points = unwrap(await studio.sweep(never, request, ignore, ignore));
    const { network, selection } = request;
    const [point] = points.filter(({ layer }) => layer === request.layers[2]!.name);
    const indices = selection.indices.slice(0, point!.images);
    const ranks = { [point!.layer]: point!.rank };
    const [uncut, cut] = [
      unwrap(
        await studio.evaluate(never, { network, ranks: {}, selection: { ...selection, indices } }, ignore),
      ),
      unwrap(await studio.evaluate(never, { network, ranks, selection: { ...selection, indices } }, ignore)),
    ];
    // The network ends in a softmax: a probability softened to a temperature of 4 is its fourth root, normalised.
    const soft = ({ scores, classes }: typeof uncut) =>
      Array.from(scores, (p, index) => {
        const first = index - (index % classes);
        const row = scores.subarray(first, first + classes);
        return p ** 0.25 / row.reduce((sum, other) => sum + other ** 0.25, 0);
      });
    const softCut = soft(cut);
    const divergence = soft(uncut).reduce((sum, p, index) => sum + p * Math.log(p / softCut[index]!), 0);
    expect(point!.divergence).toBeCloseTo(divergence / indices.length, 5);
  });

  test('measures re-fitted layers where it is to foretell a repaired network', async () => {
    const calibration = { ...request.selection, indices: Uint32Array.of(0, 1, 2, 3) };
    const repair = { calibration, seed: 5 };
    const repaired = { ...request, settings: { ...request.settings, ranksPerLayer: 3 }, repair };
    const before = memory();
    const points = unwrap(await studio.sweep(never, repaired, ignore, ignore));
    expect(points.map(({ layer }) => layer).length).toBe(3 * request.layers.length);
    expect(points.every(({ images }) => images === 12)).toBe(true);
    expect(memory()).toEqual(before);
    // A fit of our own, in a plain evaluation.
    const { name, rankMax, factorisation } = request.layers[1]!;
    const task = { network: request.network, layers: [{ layer: name, ranks: [1] }], ...repair };
    const { fits } = unwrap(await services[0]!.fitRanks('own', task, ignore));
    const network = randomResNet(1);
    const node = network.nodes.find((candidate) => candidate.name === name)!;
    const truncated = rewriteNetwork(network, { [name]: 1 }, () => factoriseLayer(node, factorisation));
    const answersOf = async (changed: Network) => {
      const executor = createExecutor(changed);
      const { indices, preprocessing } = request.selection;
      const answers = await evaluate(executor, readImages([cifarFile(12)]), preprocessing, { indices });
      executor.dispose();
      return answers;
    };
    const expected = meanDivergence(
      await answersOf(network),
      await answersOf(applyPatch(truncated, fits[0]!.patch)),
    );
    const point = points.find(({ layer, rank }) => layer === name && rank === 1)!;
    expect(point.divergence).toBeCloseTo(expected, 6);
    // Another number than without the fit, and the known points are not measured again.
    const unfitted = unwrap(await studio.sweep(never, { ...repaired, repair: null }, ignore, ignore));
    const cut = unfitted.find(({ layer, rank }) => layer === name && rank === 1)!;
    expect(Math.abs(cut.divergence - point.divergence)).toBeGreaterThan(1e-6);
    expect(rankMax).toBeGreaterThan(1);
    const known = { ...repaired, known: points };
    unwrap(
      await studio.sweep(
        never,
        known,
        () => expect.fail('nothing new'),
        () => expect.fail('no fits'),
      ),
    );
  });

  test('stops when aborted and goes on from what was told', async () => {
    const straight = unwrap(await studio.sweep(never, request, ignore, ignore));
    const before = memory();
    const abort = new AbortController();
    const told: MeasuredPoint[] = [];
    const work = studio.sweep(
      abort.signal,
      request,
      (point) => {
        told.push(point);
        if (told.length === 7) abort.abort();
      },
      ignore,
    );
    expect(await work).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
    expect(told.length).toBeLessThan(straight.length);
    const rest: MeasuredPoint[] = [];
    const resumed = unwrap(
      await studio.sweep(never, { ...request, known: told }, (point) => rest.push(point), ignore),
    );
    expect(ordered(resumed).map(({ rank, images }) => [rank, images])).toEqual(
      ordered(straight).map(({ rank, images }) => [rank, images]),
    );
    expect(rest.length).toBeGreaterThan(0);
    expect(memory()).toEqual(before);
  });

  test('steps aside for an evaluation', async () => {
    const events: string[] = [];
    const { network, selection } = request;
    const settings = { ...request.settings, exhaustive: true };
    let evaluation: Promise<unknown> = Promise.resolve();
    const sweep = studio.sweep(
      never,
      { ...request, settings },
      () => {
        if (events.push('point') > 1) return;
        evaluation = studio
          .evaluate(never, { network, ranks: {}, selection }, ignore)
          .then(() => events.push('evaluation'));
      },
      ignore,
    );
    await sweep;
    await evaluation;
    events.push('end');
    // Both threads are at sweep tasks of six points when the evaluation comes: it is done before the next but one.
    const position = events.indexOf('evaluation');
    expect(position).toBeGreaterThan(0);
    expect(position).toBeLessThan(events.length - 2);
  });

  test('says which layer is not factorised as asked', async () => {
    const layers = [{ ...request.layers[0]!, factorisation: 'channel' as const }];
    expect(await studio.sweep(never, { ...request, layers }, ignore, ignore)).toMatchObject({
      ok: false,
      failure: { code: 'invalid-request', message: expect.stringMatching(/factorise it first/) as string },
    });
  });
});
