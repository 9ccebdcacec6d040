/**
 * ResNet-56 at 0.4 of its MACs, repaired, in every storage that a format holds: bytes, accuracy here and in a runtime
 * that is not ours, images that the two give another class, how far their probabilities are apart at most, and the
 * processor time of eight images there and here, in turns on one thread. Prints a table of Markdown; writes
 * `bench/results/quantise.json`. Run: npx tsx bench/quantise.ts [MODEL], a network that is cut and repaired already.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFiles } from '../cli/inputs';
import { encJson } from '../cli/testing';
import { referencePath } from '../scripts/reference';
import { meanDivergence } from '../src/answers/divergence';
import { classScores, imageCount, type Scores } from '../src/answers/scores';
import { topClass } from '../src/answers/topClasses';
import type { Storage } from '../src/compression/steps/quantise';
import { evaluate } from '../src/engine/evaluate';
import { createExecutor } from '../src/engine/executor';
import { preprocess } from '../src/engine/preprocess';
import { startNodeBackend } from '../src/engine/testing/nodeBackend';
import { readImages } from '../src/formats/datasets';
import { readNetwork, writeNetwork } from '../src/formats/models';
import type { Network } from '../src/network/graph';
import type { ImageSet, Preprocessing } from '../src/network/images';
import { applyPatch } from '../src/network/patch';
import { quantiseNetwork } from '../src/quantise/quantiseNetwork';
import { writeResult } from './harness';
import { judges, type Judged } from './quantise/judges';
import { inTurns } from './turns';
import * as tf from '@tensorflow/tfjs-core';

const preprocessing: Preprocessing = { channels: 'rgb', mean: [128], scale: [1 / 128] };
const calibrationImages = 1000;
const batch = 8;
const rounds = 9;

const float = { activations: 'float32' } as const;
const rows: readonly (readonly [string, Storage])[] = [
  ['onnx', { weights: 'float32', ...float }],
  ['onnx', { weights: 'float16', ...float }],
  ['onnx', { weights: 'int8', ...float }],
  ['onnx', { weights: 'int8', activations: 'int8' }],
  ['tfjs', { weights: 'float32', ...float }],
  ['tfjs', { weights: 'float16', ...float }],
  ['tfjs', { weights: 'uint16', ...float }],
  ['tfjs', { weights: 'uint8', ...float }],
];

interface Row {
  readonly format: string;
  readonly storage: string;
  readonly bytes: number;
  readonly runtime: string;
  readonly images: number;
  /** Right answers. */
  readonly here: number;
  readonly there: number;
  /** Images that get another class there. */
  readonly others: number;
  readonly largestDifference: number;
  /** Of the answers there from those here, in nats. */
  readonly divergence: number;
  readonly judged: Judged;
  readonly network: Network;
}

/** The network, cut and repaired where none is given. */
async function repaired(given: string | undefined): Promise<Network> {
  if (given !== undefined) return readNetwork(await readFiles([given], 'network'));
  const folder = mkdtempSync(join(tmpdir(), 'enc-quantise-'));
  try {
    const out = join(folder, 'repaired.onnx');
    const pixels = ['--mean', '128,128,128', '--scale', '0.0078125'];
    const calibration = ['--calibration', referencePath('cifar10/train_2000.bin')!];
    await encJson(
      ...['compress', referencePath('res56/res56.onnx')!, '--target', '0.4', '--method', 'map', '--out', out],
      ...['--repair', ...calibration, '--calibration-images', String(calibrationImages), ...pixels],
    );
    return await readNetwork(await readFiles([out], 'network'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function imagesAt(name: string): Promise<ImageSet> {
  return readImages(await readFiles([referencePath(name)!], 'validation'));
}

async function answersHere(network: Network, images: ImageSet): Promise<Scores> {
  const executor = createExecutor(network);
  const scores = await evaluate(executor, images, preprocessing);
  executor.dispose();
  return scores;
}

async function answersThere({ run }: Judged, network: Network, images: ImageSet): Promise<Scores> {
  const parts: number[] = [];
  const size = 50;
  for (let from = 0; from < images.count; from += size) {
    const indices = Uint32Array.from({ length: size }, (_, index) => from + index);
    parts.push(...(await run(preprocess(images, indices, preprocessing), size)));
  }
  return classScores(network, Float32Array.from(parts), images.count);
}

function rightOf(scores: Scores, labels: ArrayLike<number>): number {
  return topClass(scores).reduce((sum, top, image) => sum + Number(top === labels[image]), 0);
}

async function rowOf(
  plain: Network,
  [format, storage]: (typeof rows)[number],
  calibration: ImageSet,
  images: ImageSet,
): Promise<Row> {
  const indices = Uint32Array.from({ length: calibrationImages }, (_, index) => index);
  const request = { network: plain, ...storage, seed: 0, pause: () => undefined };
  const { patch, report } = await quantiseNetwork({
    ...request,
    calibration: { images: calibration, preprocessing, indices },
  });
  console.error(format, JSON.stringify(storage), JSON.stringify(report));
  const network = applyPatch(plain, patch);
  const files = await writeNetwork(network, format);
  const judged = await judges[format]!(files, network.input.shape);
  const [here, there] = [await answersHere(network, images), await answersThere(judged, network, images)];
  const [ours, theirs] = [topClass(here), topClass(there)];
  return {
    ...{
      format,
      storage: storage.activations === 'int8' ? 'int8, and activations' : storage.weights,
      judged,
      network,
    },
    bytes: files.reduce((sum, { bytes }) => sum + bytes.length, 0),
    runtime: judged.runtime,
    images: imageCount(here),
    here: rightOf(here, images.labels!),
    there: rightOf(there, images.labels!),
    others: ours.reduce((sum, top, image) => sum + Number(top !== theirs[image]), 0),
    largestDifference: here.scores.reduce(
      (most, score, at) => Math.max(most, Math.abs(score - there.scores[at]!)),
      0,
    ),
    divergence: meanDivergence(here, there),
  };
}

/** Processor time of a batch, there and here, everything in turns. */
async function timesOf(
  found: readonly Row[],
  images: ImageSet,
): Promise<readonly { there: number; here: number }[]> {
  const indices = Uint32Array.from({ length: batch }, (_, index) => index);
  const values = preprocess(images, indices, preprocessing);
  const executors = found.map(({ network }) => createExecutor(network));
  const input = tf.tensor(values, [batch, ...found[0]!.network.input.shape]);
  const there = found.map(
    ({ judged }) =>
      async () =>
        void (await judged.run(values, batch)),
  );
  const here = executors.map((executor) => () => tf.tidy(() => void executor.run(input).dataSync()));
  const timings = await inTurns([...there, ...here], rounds);
  return found.map((_, at) => ({ there: timings[at]!.least, here: timings[found.length + at]!.least }));
}

const share = (right: number, images: number) => `${((100 * right) / images).toFixed(1)} %`;

async function main([given]: readonly string[]): Promise<void> {
  await startNodeBackend('wasm');
  const images = await imagesAt('cifar10/test_1000.bin');
  const calibration = await imagesAt('cifar10/train_2000.bin');
  const plain = await repaired(given);
  const found: Row[] = [];
  for (const row of rows) found.push(await rowOf(plain, row, calibration, images));
  const times = await timesOf(found, images);
  const table = found.map((row, at) => {
    const { format, storage, bytes, runtime, here, there, others, largestDifference, divergence } = row;
    const { there: away, here: own } = times[at]!;
    return {
      format,
      storage,
      bytes,
      runtime,
      images: row.images,
      here,
      there,
      others,
      largestDifference,
      divergence,
      away,
      own,
    };
  });
  console.log(
    '| format | storage | kB | top-1 here | in the runtime | other class | largest difference | divergence | runtime, ms | here, ms |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const row of table)
    console.log(
      `| ${row.format} (${row.runtime}) | ${row.storage} | ${(row.bytes / 1000).toFixed(0)} | ${share(row.here, row.images)} | ${share(row.there, row.images)} | ${row.others} | ${row.largestDifference.toExponential(1)} | ${row.divergence.toExponential(1)} | ${row.away.toFixed(1)} | ${row.own.toFixed(1)} |`,
    );
  writeResult('quantise', { batch, rounds, calibrationImages, rows: table });
}

await main(process.argv.slice(2));
