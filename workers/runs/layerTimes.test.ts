import { afterAll, beforeAll, expect, test } from 'vitest';
import { installedCodecs } from '../../cli/codecs';
import { memory } from '../../src/engine/backend';
import { nodeWasmPaths } from '../../src/engine/testing/nodeBackend';
import { unwrap } from '../../src/network/failure';
import { smallResidualNetwork } from '../../src/network/testing/builders';
import { PooledStudio } from '../pool/pooledStudio';
import { factoriseKind } from '../protocol/factorise';
import { layerTimesKind } from '../protocol/layerTimes';
import { InThreadCompute } from '../service/computeService';
import { layersAlone } from '../service/layerTimes/layerAlone';
import { inThreadParser } from '../service/parsing';
import { openTinyWork } from '../testing/tinyStudio';

const never = new AbortController().signal;
const ignore = () => undefined;
const network = smallResidualNetwork(3);
const studio = new PooledStudio({
  threads: 1,
  openThread: () => {
    const service = new InThreadCompute(nodeWasmPaths);
    return { service, ended: new Promise<void>(ignore), close: ignore };
  },
  openParser: () => inThreadParser(installedCodecs),
});

beforeAll(async () => void unwrap(await studio.start('wasm')));
afterAll(() => studio.close());

test('layers are timed whole and at each rank, layers alike but for their weights once', async () => {
  const { sweep } = await openTinyWork(studio, network, 4);
  const [first] = sweep.layers;
  const wanted = { layer: first!.name, factorisation: first!.factorisation, ranks: [1, 2] };
  const before = memory().tensors;
  const done: number[] = [];
  const task = { network: sweep.network, layers: [wanted], batchSize: 2, rounds: 3 };
  const table = unwrap(await studio.run(never, layerTimesKind, task, (progress) => done.push(progress.done)));
  expect(done).toEqual([1, 2]);
  expect(table.total).toBeGreaterThan(0);
  expect(table.layers).toHaveLength(1);
  const { layer, whole, ranks, times, lanes } = table.layers[0]!;
  expect([layer, ranks]).toEqual([first!.name, [1, 2]]);
  expect(lanes).toBe(4);
  expect([whole, ...times].every((time) => time > 0 && time < 10 * table.total)).toBe(true);
  expect(memory().tensors).toBe(before);
});

test('a layer is timed in two ways where both are wanted, beside others', async () => {
  const { sweep } = await openTinyWork(studio, network, 4);
  const [first, second] = sweep.layers;
  const spatial = { layer: first!.name, factorisation: 'spatial' as const, ranks: [1, 2] };
  const channel = { ...spatial, factorisation: 'channel' as const, ranks: [1] };
  const beside = { layer: second!.name, factorisation: second!.factorisation, ranks: [1] };
  const factors = [spatial, channel, beside].map(({ layer, factorisation }) => ({
    layer,
    factorisation,
    rank: 2,
  }));
  unwrap(await studio.run(never, factoriseKind, { network: sweep.network, layers: factors }, ignore, ignore));
  const task = { network: sweep.network, layers: [spatial, channel, beside], batchSize: 2, rounds: 3 };
  const { layers } = unwrap(await studio.run(never, layerTimesKind, task, ignore));
  expect(layers.map(({ layer, factorisation, ranks }) => ({ layer, factorisation, ranks }))).toEqual([
    ...[spatial, channel, beside],
  ]);
  for (const { times, whole } of layers) expect([whole, ...times].every((time) => time > 0)).toBe(true);
});

test('a layer alone is what follows in the same step, and other weights make it no other one', () => {
  const alone = layersAlone(network);
  const layers = network.nodes.filter(({ operator }) => operator.kind === 'conv2d');
  const other = layersAlone(smallResidualNetwork(4));
  for (const { name, inputs } of layers) {
    const own = alone(name)!;
    expect(own.network.nodes[0]!.name).toBe(name);
    expect(own.network.input.name).toBe(inputs[0]);
    expect(own.network.nodes.every((node) => node.inputs.length === 1)).toBe(true);
    expect(other(name)!.likeness).toBe(own.likeness);
  }
  const likenesses = layers.map(({ name }) => alone(name)!.likeness);
  expect(new Set(likenesses).size).toBeGreaterThan(1);
  expect(alone('no such layer')).toBeNull();
});
