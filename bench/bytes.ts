/**
 * ResNet-56 by bytes: the original, and cut to several shares of its MACs and repaired, each in float32, float16 and
 * int8 weights as ONNX files; top-1 on 1,000 images. Prints a table of Markdown, least bytes last; writes
 * `bench/results/bytes.json`. Run: npx tsx bench/bytes.ts [TARGETS]
 */
import type { Storage } from '../src/compression/steps/quantise';
import { startNodeBackend } from '../src/engine/testing/nodeBackend';
import { writeNetwork } from '../src/formats/models';
import type { Network } from '../src/network/graph';
import { writeResult } from './harness';
import { answersHere, imagesAt, original, repairedAt, rightOf, share, stored } from './quantise/networks';

const storages: readonly (readonly [string, Storage])[] = [
  ['float32', { weights: 'float32', activations: 'float32' }],
  ['float16', { weights: 'float16', activations: 'float32' }],
  ['int8', { weights: 'int8', activations: 'float32' }],
];

interface Row {
  /** Of MACs; 1 is the original. */
  readonly target: number;
  readonly storage: string;
  readonly bytes: number;
  readonly right: number;
}

async function main([targets = '0.6,0.5,0.4,0.3,0.2']: readonly string[]): Promise<void> {
  await startNodeBackend('wasm');
  const images = await imagesAt('cifar10/test_1000.bin');
  const calibration = await imagesAt('cifar10/train_2000.bin');
  const rows: Row[] = [];
  const note = async (target: number, plain: Network) => {
    for (const [storage, asked] of storages) {
      const { network } = await stored(plain, asked, calibration);
      const bytes = (await writeNetwork(network, 'onnx')).reduce((sum, file) => sum + file.bytes.length, 0);
      const right = rightOf(await answersHere(network, images), images.labels!);
      rows.push({ target, storage, bytes, right });
      console.error(target, storage, bytes, right);
    }
  };
  await note(1, await original());
  for (const target of targets.split(',').map(Number)) await note(target, await repairedAt(target));
  rows.sort((a, b) => b.bytes - a.bytes);
  console.log('| kB | share of MACs | weights | top-1 |');
  console.log('| --- | --- | --- | --- |');
  for (const { target, storage, bytes, right } of rows)
    console.log(
      `| ${(bytes / 1000).toFixed(0)} | ${target === 1 ? 'original' : target} | ${storage} | ${share(right, images.count)} |`,
    );
  writeResult('bytes', { images: images.count, rows });
}

await main(process.argv.slice(2));
