/**
 * Convolutions of ResNet-50, Inception-v3, MobileNetV2 and VGG-16, one image of the published size, each by itself
 * on WebAssembly in Node on one thread: by the studio's engine and by ONNX Runtime Web, in turns. Prints processor
 * time and ratios; writes `bench/results/layers.json`. Run: npx tsx bench/layers.ts [ROUNDS]
 */
import * as tf from '@tensorflow/tfjs-core';
import { env, InferenceSession, Tensor } from 'onnxruntime-web';
import { createExecutor } from '../src/engine/executor';
import { startNodeBackend } from '../src/engine/testing/nodeBackend';
import { writeNetwork } from '../src/formats/models';
import type { Extent, Network } from '../src/network/graph';
import { chainOf, randomConvolution, seededNumbers } from '../src/network/testing/builders';
import { writeResult } from './harness';
import { inTurns, ratios, scaled, type Timing } from './turns';

const rounds = Number(process.argv[2] ?? 9);

interface LayerCase {
  readonly of: string;
  readonly extent: number;
  readonly kernel: readonly [number, number];
  readonly inputs: number;
  readonly outputs: number;
  readonly stride: number;
  readonly groups: number;
}

const layer = (
  of: string,
  extent: number,
  kernel: readonly [number, number],
  inputs: number,
  outputs: number,
  stride = 1,
  groups = 1,
): LayerCase => ({ of, extent, kernel, inputs, outputs, stride, groups });

const depthwise = (of: string, extent: number, size: number, channels: number, stride = 1) =>
  layer(of, extent, [size, size], channels, channels, stride, channels);

const cases: readonly LayerCase[] = [
  layer('ResNet-50', 224, [7, 7], 3, 64, 2),
  layer('ResNet-50', 56, [1, 1], 64, 256),
  layer('ResNet-50', 56, [1, 1], 256, 64),
  layer('ResNet-50', 56, [3, 3], 128, 128, 2),
  layer('ResNet-50', 28, [3, 3], 128, 128),
  layer('ResNet-50', 14, [1, 1], 256, 1024),
  layer('ResNet-50', 14, [3, 3], 512, 512, 2),
  layer('ResNet-50', 7, [3, 3], 512, 512),
  layer('ResNet-50', 7, [1, 1], 512, 2048),
  layer('ResNet-50', 56, [1, 1], 256, 512, 2),
  layer('Inception-v3', 35, [5, 5], 48, 64),
  layer('Inception-v3', 17, [1, 7], 128, 128),
  layer('Inception-v3', 17, [7, 1], 192, 192),
  layer('Inception-v3', 35, [3, 3], 288, 384, 2),
  layer('Inception-v3', 8, [1, 3], 384, 384),
  layer('MobileNetV2', 224, [3, 3], 3, 32, 2),
  depthwise('MobileNetV2', 112, 3, 32),
  depthwise('MobileNetV2', 112, 3, 96, 2),
  depthwise('MobileNetV2', 56, 3, 144),
  depthwise('MobileNetV2', 28, 3, 192, 2),
  depthwise('MobileNetV2', 14, 3, 384),
  depthwise('MobileNetV2', 7, 3, 960),
  depthwise('EfficientNet', 28, 5, 240),
  layer('MobileNetV2', 14, [1, 1], 64, 384),
  layer('MobileNetV2', 7, [1, 1], 320, 1280),
  layer('VGG-16', 224, [3, 3], 3, 64),
  layer('VGG-16', 224, [3, 3], 64, 64),
  layer('VGG-16', 28, [3, 3], 512, 512),
];

const nameOf = ({ of, extent, kernel, inputs, outputs, stride, groups }: LayerCase) =>
  `${of} ${extent}² ${kernel.join('×')} ${groups > 1 ? `depthwise ${outputs}` : `${inputs} → ${outputs}`}${stride > 1 ? ` / ${stride}` : ''}`;

function networkOf({ extent, kernel: [height, width], inputs, outputs, stride, groups }: LayerCase): Network {
  const side = (size: number) => (size - 1) / 2;
  const padding = { top: side(height), bottom: side(height), left: side(width), right: side(width) };
  const step: Extent = { height: stride, width: stride };
  const options = { kernel: { height, width }, padding, stride: step, inputs, outputs, groups };
  return chainOf([extent, extent, inputs], [randomConvolution(seededNumbers(1), options)]);
}

function macsOf({ extent, kernel, inputs, outputs, stride, groups }: LayerCase): number {
  return (Math.ceil(extent / stride) ** 2 * kernel[0] * kernel[1] * inputs * outputs) / groups;
}

/** Both runs of a layer, and how often each repeats it to take some milliseconds. */
async function runsOf(own: LayerCase): Promise<{ runs: (() => void | Promise<void>)[]; repeats: number }> {
  const network = networkOf(own);
  const repeats = Math.max(1, Math.round(2e8 / (macsOf(own) + 20 * own.extent ** 2 * own.inputs)));
  const executor = createExecutor(network);
  const batch = tf.ones([1, ...network.input.shape]);
  const [file] = await writeNetwork(network, 'onnx');
  const session = await InferenceSession.create(file!.bytes, { logSeverityLevel: 3 });
  const values = new Float32Array(own.inputs * own.extent ** 2).fill(1);
  const input = new Tensor('float32', values, [1, own.inputs, own.extent, own.extent]);
  const ours = () => {
    for (let repeat = 0; repeat < repeats; repeat++) executor.run(batch).dispose();
  };
  const theirs = async () => {
    for (let repeat = 0; repeat < repeats; repeat++) {
      await session.run({ [session.inputNames[0]!]: input });
    }
  };
  return { runs: [ours, theirs], repeats };
}

env.wasm.numThreads = 1;
const report = await startNodeBackend('wasm');
const rows: { name: string; macs: number; own: Timing; runtime: Timing; least: number; median: number }[] =
  [];
for (const own of cases) {
  const { runs, repeats } = await runsOf(own);
  const [ours, theirs] = await inTurns(runs, rounds);
  const [, ratio] = ratios([theirs!, ours!]);
  const once = (timing: Timing) => scaled(timing, 1 / repeats);
  rows.push({ name: nameOf(own), macs: macsOf(own), own: once(ours!), runtime: once(theirs!), ...ratio! });
}
console.log(`One image, one thread, processor time in ms, ${report.backend}; ratios under 1: ours is faster`);
console.table(
  rows.map(({ name, macs, own, runtime, least, median }) => ({
    layer: name,
    'million MACs': (macs / 1e6).toFixed(1),
    'ours, least': own.least.toFixed(3),
    'ours, median (quartiles)': `${own.median.toFixed(3)} (${own.lowerQuartile.toFixed(3)} to ${own.upperQuartile.toFixed(3)})`,
    'ONNX Runtime, least': runtime.least.toFixed(3),
    'ratio of least': least.toFixed(2),
    'ratio of medians': median.toFixed(2),
  })),
);
writeResult('layers', { backend: report.backend, rounds, rows });
process.exit();
