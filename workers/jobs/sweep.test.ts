import { installedCodecs } from '../../cli/codecs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lowRankRecipe, originalRecipe, type Recipe, type Step } from '../../src/compression/recipe';
import { PieceSet, type MeasuredPiece } from '../../src/enc/sweep/pieces';
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
import { PooledStudio } from '../pool/pooledStudio';
import type { NamedPatch } from '../protocol/artefacts';
import { evaluateKind } from '../protocol/evaluate';
import { factoriseKind, type WantedFactors } from '../protocol/factorise';
import type { OnProgress } from '../protocol/progress';
import { refitKind } from '../protocol/refit';
import type { ImageSelection } from '../protocol/selection';
import { sweepKind, type SweepRequest } from '../protocol/sweep';
import { inThreadParser } from '../service/parsing';
import { InThreadCompute } from '../service/computeService';

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
    const service = new InThreadCompute(nodeWasmPaths);
    services.push(service);
    return { service, ended: new Promise<void>(ignore), close: ignore };
  };
  const studio = new PooledStudio({
    openThread,
    threads: 2,
    openParser: () => inThreadParser(installedCodecs),
  });
  let request: SweepRequest;
  const factorise = (network: string, layers: readonly WantedFactors[]) =>
    studio.run(never, factoriseKind, { network, layers }, ignore);
  const sweep = (
    signal: AbortSignal,
    task: SweepRequest,
    onPiece: (piece: MeasuredPiece) => void,
    onProgress: OnProgress,
  ) => studio.run(signal, sweepKind, task, onProgress, onPiece);
  const evaluation = (recipe: Recipe, selection: ImageSelection) =>
    studio.run(never, evaluateKind, { recipe, selection }, ignore);
  beforeAll(async () => {
    unwrap(await studio.start('wasm'));
    const network = unwrap(await studio.openNetwork(never, await writeNetwork(randomResNet(1), 'onnx')));
    const images = unwrap(await studio.openImages(never, [cifarFile(12)]));
    const layers = network.layers.filter(({ kept }) => kept === null).slice(0, 4);
    const wanted = layers.map(({ name, factorisation }) => ({ layer: name, factorisation }));
    unwrap(await factorise(network.fingerprint, wanted));
    request = {
      network: network.fingerprint,
      selection: {
        images: images.fingerprint,
        indices: Uint32Array.from({ length: 12 }, (_, index) => 11 - index),
        preprocessing: { channels: 'rgb', mean: [128], scale: [1 / 128] },
      },
      layers: layers.map(({ name, factorisation, rankMax }) => ({ name, factorisation, rankMax })),
      settings: { ...defaultSweepSettings, ranksPerLayer: 6, firstImages: 4 },
      refit: null,
      known: [],
      costs: network.layers,
      time: null,
    };
  });
  afterAll(() => studio.close());

  const ordered = (points: readonly MeasuredPoint[]) =>
    [...points].sort((a, b) => a.layer.localeCompare(b.layer) || a.rank - b.rank);

  test('measures every layer, tells each point, and leaves no tensor and no byte', async () => {
    const before = memory();
    const told = new PieceSet();
    const progress: number[] = [];
    const points = unwrap(
      await sweep(
        never,
        request,
        (piece) => told.add(piece),
        ({ done, total }) => progress.push(done, total),
      ),
    );
    expect(ordered(told.points)).toEqual(ordered(points));
    expect(new Set(points.map(({ layer }) => layer)).size).toBe(4);
    expect(points.every(({ images }) => images >= 4)).toBe(true);
    expect(progress.at(-1)).toBe(progress.at(-2));
    expect(memory()).toEqual(before);
    // What is known is not measured again.
    const again = await sweep(never, { ...request, known: points }, () => expect.fail('nothing new'), ignore);
    expect(ordered(unwrap(again))).toEqual(ordered(points));
  });

  test('agrees with evaluating the rewritten network', async () => {
    const points = unwrap(await sweep(never, request, ignore, ignore));
    const { network, selection } = request;
    const [point] = points.filter(({ layer }) => layer === request.layers[2]!.name);
    const indices = selection.indices.slice(0, point!.images);
    const recipe = lowRankRecipe(network, { [point!.layer]: point!.rank }, () => point!.factorisation);
    const [uncut, cut] = [
      unwrap(await evaluation(originalRecipe(network), { ...selection, indices })),
      unwrap(await evaluation(recipe, { ...selection, indices })),
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
    const { images, preprocessing } = request.selection;
    const draw = { kind: 'run', from: 0, count: 4 } as const;
    const refit: Step = { kind: 'refit', images: { images, draw, preprocessing }, settings: {}, seed: 5 };
    const repaired = { ...request, settings: { ...request.settings, ranksPerLayer: 3 }, refit };
    const before = memory();
    const points = unwrap(await sweep(never, repaired, ignore, ignore));
    expect(points.map(({ layer }) => layer).length).toBe(3 * request.layers.length);
    expect(points.every(({ images }) => images === 12)).toBe(true);
    expect(memory()).toEqual(before);
    // A fit of our own, in a plain evaluation.
    const { name, rankMax } = request.layers[1]!;
    const { factorisation } = request.layers[1]!;
    const layers = [{ layer: name, factorisation, ranks: [1] }];
    const task = { network: request.network, layers, step: refit };
    const [fit] = unwrap(await services[0]!.run('own', refitKind.name, task, ignore, ignore)) as NamedPatch[];
    const network = randomResNet(1);
    const factors = factoriseLayer(
      network.nodes.find((node) => node.name === name)!,
      factorisation,
    );
    const cutNetwork = rewriteNetwork(network, { [name]: 1 }, () => factors);
    const answersOf = async (changed: Network) => {
      const executor = createExecutor(changed);
      const { indices, preprocessing } = request.selection;
      const answers = await evaluate(executor, readImages([cifarFile(12)]), preprocessing, { indices });
      executor.dispose();
      return answers;
    };
    const expected = meanDivergence(
      await answersOf(network),
      await answersOf(applyPatch(cutNetwork, fit!.patch)),
    );
    const point = points.find(({ layer, rank }) => layer === name && rank === 1)!;
    expect(point.divergence).toBeCloseTo(expected, 6);
    // Another number than without the fit, and the known points are not measured again.
    const truncated = unwrap(await sweep(never, { ...repaired, refit: null }, ignore, ignore));
    const cut = truncated.find(({ layer, rank }) => layer === name && rank === 1)!;
    expect(Math.abs(cut.divergence - point.divergence)).toBeGreaterThan(1e-6);
    expect(rankMax).toBeGreaterThan(1);
    const known = { ...repaired, known: points };
    unwrap(
      await sweep(
        never,
        known,
        () => expect.fail('nothing new'),
        () => expect.fail('no fits'),
      ),
    );
  });

  test('stops when aborted and goes on from what was told', async () => {
    const straight = unwrap(await sweep(never, request, ignore, ignore));
    const before = memory();
    const abort = new AbortController();
    const told: MeasuredPoint[] = [];
    const work = sweep(
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
      await sweep(never, { ...request, known: told }, (point) => rest.push(point), ignore),
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
    let evaluated: Promise<unknown> = Promise.resolve();
    const sweeping = sweep(
      never,
      { ...request, settings },
      () => {
        if (events.push('point') > 1) return;
        evaluated = evaluation(originalRecipe(network), selection).then(() => events.push('evaluation'));
      },
      ignore,
    );
    await sweeping;
    await evaluated;
    events.push('end');
    // Both threads are at sweep tasks of six points when the evaluation comes: it is done before the next but one.
    const position = events.indexOf('evaluation');
    expect(position).toBeGreaterThan(0);
    expect(position).toBeLessThan(events.length - 2);
  });

  test('says which layer is not factorised as asked', async () => {
    const layers = [{ ...request.layers[0]!, factorisation: 'channel' as const }];
    expect(await sweep(never, { ...request, layers }, ignore, ignore)).toMatchObject({
      ok: false,
      failure: { code: 'invalid-request', message: expect.stringMatching(/factorise it first/) as string },
    });
  });
});
