import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { referencePath } from '../scripts/reference';
import { readNetwork, writeNetwork } from '../src/formats/models';
import type { Network } from '../src/network/graph';
import { networkCost } from '../src/network/cost';
import {
  activation,
  chainOf,
  evenPadding,
  randomConvolution,
  seededNumbers,
  square,
} from '../src/network/testing/builders';
import { referenceScores } from '../src/network/testing/referenceExecutor';
import { writtenNetwork } from './testFiles';
import { encHere } from './testing';

const folder = mkdtempSync(join(tmpdir(), 'enc-shared-'));
afterAll(() => rmSync(folder, { recursive: true }));

const reference = referencePath('cases/shared-weights-counted-twice/shared.onnx');
const read = (path: string) => readNetwork([{ name: path, bytes: new Uint8Array(readFileSync(path)) }]);

interface Inspected {
  readonly macs: number;
  readonly parameters: number;
  readonly layers: readonly { readonly name: string; readonly parameters: number }[];
}

describe('a kernel that two nodes read', () => {
  it.skipIf(!reference)('is counted once (skipped without ../shared/reference)', async () => {
    const { macs, parameters, layers } = await encHere<Inspected>('inspect', reference!);
    expect([macs, parameters]).toEqual([11664, 81]);
    expect(layers.map((layer) => layer.parameters)).toEqual([81, 0]);
  });

  it.skipIf(!reference)(
    'is written once, whole and as factors (skipped without ../shared/reference)',
    async () => {
      const whole = await writeNetwork(await read(reference!), 'onnx');
      expect(networkCost(await readNetwork(whole)).parameters).toBe(81);
      // Written twice it would be larger by 81 numbers of 4 bytes.
      expect(whole[0]!.bytes.length).toBeLessThan(statSync(reference!).size + 4 * 81);

      const model = await writtenNetwork(join(folder, 'classes.onnx'), classifying(await read(reference!)));
      const ranks = join(folder, 'ranks.json');
      writeFileSync(ranks, JSON.stringify({ a: 2, y: 2 }));
      const out = join(folder, 'small.onnx');
      const cut = await encHere<Inspected>('compress', model, '--ranks', ranks, '--out', out);
      // Two filters of 3×1×3, then three of 1×3×2: once for both layers.
      expect(cut.parameters).toBe(2 * 9 + 3 * 6);
      expect(networkCost(await read(out)).parameters).toBe(cut.parameters);
    },
  );
});

/** The network with its map pooled, so that it answers a score per class. */
function classifying(network: Network): Network {
  const pool = { kind: 'globalPool', reduce: 'average', keepDimensions: false } as const;
  const node = { name: 'pool', inputs: network.outputs, output: 'pool', operator: pool };
  return { ...network, nodes: [...network.nodes, node], outputs: ['pool'] };
}

/** A Keras network of three layers, the first convolution called again in the place of the second. */
async function calledTwice() {
  const numbers = seededNumbers(8);
  const same = { kernel: square(3), padding: evenPadding(1), inputs: 3, outputs: 3 };
  const three = chainOf(
    [6, 6, 3],
    [
      randomConvolution(numbers, same),
      activation('relu'),
      randomConvolution(numbers, same),
      { kind: 'globalPool', reduce: 'average', keepDimensions: false },
    ],
  );
  const [file] = await writeNetwork(three, 'keras');
  const parts = unzipSync(file!.bytes);
  const config = JSON.parse(strFromU8(parts['config.json']!)) as {
    config: { layers: { name: string; inbound_nodes: unknown[] }[] };
  };
  const { layers } = config.config;
  const convolutions = layers.filter(({ name }) => name.startsWith('conv'));
  const [first, second] = convolutions;
  first!.inbound_nodes.push(...second!.inbound_nodes);
  config.config.layers = layers.filter((layer) => layer !== second);
  const text = JSON.stringify(config).replaceAll(`["${second!.name}",0,0,{}]`, `["${first!.name}",1,0,{}]`);
  return zipSync({ ...parts, 'config.json': strToU8(text) });
}

describe('a Keras layer that is called twice', () => {
  it('is counted once, and written once as ONNX', async () => {
    const bytes = await calledTwice();
    const network = await readNetwork([{ name: 'twice.keras', bytes }]);
    expect(network.nodes.filter(({ operator }) => operator.kind === 'conv2d')).toHaveLength(2);
    expect(networkCost(network).parameters).toBe(3 * 3 * 3 * 3 + 3);
    const again = await readNetwork(await writeNetwork(network, 'onnx'));
    expect(networkCost(again).parameters).toBe(3 * 3 * 3 * 3 + 3);
    const input = seededNumbers(9).values(108);
    const [own, other] = [network, again].map((one) => referenceScores(one, input).data);
    own!.forEach((score, index) => expect(other![index]).toBeCloseTo(score, 5));
  });
});
