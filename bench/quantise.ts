/**
 * ResNet-56 at 0.4 of its MACs, repaired, in every storage that a format holds: bytes, accuracy here and in a runtime
 * that is not ours, images that the two give another class, how far their probabilities are apart at most, and the
 * processor time of eight images there and here, in turns on one thread. Prints a table of Markdown; writes
 * `bench/results/quantise.json`. Run: npx tsx bench/quantise.ts [MODEL [ROWS]], a network that is cut and
 * repaired already, and a pattern of the rows to be measured: "^tflite float32".
 */
import { readFiles } from '../cli/inputs';
import { meanDivergence } from '../src/answers/divergence';
import { imageCount } from '../src/answers/scores';
import { topClass } from '../src/answers/topClasses';
import type { Storage } from '../src/compression/steps/quantise';
import { createExecutor } from '../src/engine/executor';
import { preprocess } from '../src/engine/preprocess';
import { startNodeBackend } from '../src/engine/testing/nodeBackend';
import { readNetwork, writeNetwork } from '../src/formats/models';
import type { Network } from '../src/network/graph';
import type { ImageSet } from '../src/network/images';
import { storageText } from '../src/project/storageForms';
import { writeResult } from './harness';
import { judges, type Judged } from './quantise/judges';
import {
  answersHere,
  answersThere,
  calibrationImages,
  imagesAt,
  preprocessing,
  repairedAt,
  rightOf,
  share,
  stored,
} from './quantise/networks';
import { inTurns } from './turns';
import * as tf from '@tensorflow/tfjs-core';

const batch = 8;
const rounds = 9;

const float = { activations: 'float32' } as const;
const rows: readonly (readonly [string, Storage])[] = [
  ['onnx', { weights: 'float32', ...float }],
  ['onnx', { weights: 'float16', ...float }],
  ['onnx', { weights: 'int8', ...float }],
  ['onnx', { weights: 'uint8', ...float }],
  ['onnx', { weights: 'int8', activations: 'int8' }],
  ['tfjs', { weights: 'float32', ...float }],
  ['tfjs', { weights: 'float16', ...float }],
  ['tfjs', { weights: 'uint16', ...float }],
  ['tfjs', { weights: 'uint8', ...float }],
  ['h5', { weights: 'float32', ...float }],
  ['h5', { weights: 'float16', ...float }],
  ['keras', { weights: 'float32', ...float }],
  ['keras', { weights: 'float16', ...float }],
  ['caffe', { weights: 'float32', ...float }],
  ['tflite', { weights: 'float32', ...float }],
  ['tflite', { weights: 'float16', ...float }],
  ['tflite', { weights: 'int8', ...float }],
  ['tflite', { weights: 'int8', activations: 'dynamic' }],
  ['tflite', { weights: 'int8', activations: 'int8' }],
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

async function rowOf(
  plain: Network,
  [format, storage]: (typeof rows)[number],
  calibration: ImageSet,
  images: ImageSet,
): Promise<Row> {
  const { network, report } = await stored(plain, storage, calibration);
  console.error(format, JSON.stringify(storage), JSON.stringify(report));
  const files = await writeNetwork(network, format);
  const judged = await judges[format]!(files, network.input.shape);
  const [here, there] = [await answersHere(network, images), await answersThere(judged, network, images)];
  const [ours, theirs] = [topClass(here), topClass(there)];
  return {
    ...{
      format,
      storage: storageText(storage),
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

async function main([given, wanted = '']: readonly string[]): Promise<void> {
  await startNodeBackend('wasm');
  const images = await imagesAt('cifar10/test_1000.bin');
  const calibration = await imagesAt('cifar10/train_2000.bin');
  const plain =
    given === undefined ? await repairedAt(0.4) : await readNetwork(await readFiles([given], 'network'));
  const found: Row[] = [];
  const some = rows.filter(([format, storage]) =>
    new RegExp(wanted).test(`${format} ${storageText(storage)}`),
  );
  for (const row of some) found.push(await rowOf(plain, row, calibration, images));
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
