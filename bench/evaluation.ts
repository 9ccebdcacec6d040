/**
 * A network and what ENC-Map makes of it at several targets on WebAssembly in Node, in turns in one process: by the
 * studio's engine, one thread, and by ONNX Runtime Web, one thread or as many as asked for. Layers are cut by the
 * spatial kind, by the channel kind at equal multiply-accumulates, and by whichever of both was the faster one for
 * the layer's shape. Prints processor time and its ratio to the whole network's; writes
 * `bench/results/evaluation.json`. Run: npx tsx bench/evaluation.ts [MODEL [THREADS]]
 */
import * as tf from '@tensorflow/tfjs-core';
import { env, InferenceSession, Tensor } from 'onnxruntime-web';
import { readFiles } from '../cli/inputs';
import type { PrintedPlan } from '../cli/planning';
import { encJson } from '../cli/testing';
import { referencePath } from '../scripts/reference';
import { createExecutor, type Executor } from '../src/engine/executor';
import { startNodeBackend } from '../src/engine/testing/nodeBackend';
import { readNetwork, writeNetwork } from '../src/formats/models';
import { describeLayers } from '../src/network/describe';
import { factoriseLayer } from '../src/network/factors';
import type { Network } from '../src/network/graph';
import type { Factorisation, Ranks } from '../src/network/layers';
import { rewriteNetwork } from '../src/network/rewrite';
import { inferShapes } from '../src/network/shapes';
import { writeResult } from './harness';
import { inTurns, ratios } from './turns';

const images = 8;
const rounds = 15;
const targets = [0.6, 0.5, 0.3];
type Kinds = Readonly<Record<string, Factorisation>>;

interface Variant {
  readonly name: string;
  readonly macs: number;
  readonly network: Network;
}

async function ranksAt(model: string, target: number): Promise<Ranks> {
  const options = ['--target', String(target), '--method', 'map'];
  const { layers } = await encJson<PrintedPlan>('plan', model, ...options);
  return Object.fromEntries(layers.map(({ name, rank }) => [name, rank]));
}

/** Ranks of other kinds that cost as many multiply-accumulates as given ones of the default kinds. */
function equalRanks(network: Network, ranks: Ranks, kinds: Kinds): Ranks {
  const others = describeLayers(network, kinds);
  const equal = describeLayers(network).map(({ name, macsPerRank }, index) => {
    const rank = ranks[name] ?? null;
    return [name, rank && Math.max(1, Math.round((rank * macsPerRank) / others[index]!.macsPerRank))];
  });
  return Object.fromEntries(equal) as Ranks;
}

function cut(name: string, network: Network, spatial: Ranks, kinds: Kinds): Variant {
  const ranks = equalRanks(network, spatial, kinds);
  const nodes = new Map(network.nodes.map((node) => [node.name, node]));
  const described = new Map(describeLayers(network, kinds).map((layer) => [layer.name, layer]));
  const made = rewriteNetwork(network, ranks, (layer) =>
    factoriseLayer(nodes.get(layer)!, described.get(layer)!.factorisation, ranks[layer]!),
  );
  return { name, macs: macsOf(made) / macsOf(network), network: made };
}

const macsOf = (network: Network) => describeLayers(network).reduce((sum, { macs }) => sum + macs, 0);

/** The spatial layers, all by the channel kind. */
function channelKinds(network: Network): Kinds {
  const spatial = describeLayers(network).filter(({ factorisation }) => factorisation === 'spatial');
  return Object.fromEntries(spatial.map(({ name }) => [name, 'channel']));
}

/** The layers whose shape is faster by the channel kind, each shape measured by itself in a network of one layer. */
async function fasterKinds(network: Network, ranks: Ranks): Promise<Kinds> {
  const channel = channelKinds(network);
  const { shapes } = inferShapes(network);
  const known = new Map<string, boolean>();
  const chosen: Record<string, Factorisation> = {};
  for (const node of network.nodes) {
    if (!ranks[node.name] || !(node.name in channel)) continue;
    const shape = shapes.get(node.inputs[0]!)!;
    const input = { ...network.input, name: node.inputs[0]!, shape };
    const alone: Network = { ...network, input, nodes: [node], outputs: [node.output] };
    const own = { [node.name]: ranks[node.name]! };
    const key = JSON.stringify([shape, ranks[node.name], describeLayers(alone)[0]!.shape]);
    if (!known.has(key)) known.set(key, await isFasterByChannel(alone, own));
    if (known.get(key)) chosen[node.name] = 'channel';
  }
  return chosen;
}

async function isFasterByChannel(alone: Network, ranks: Ranks): Promise<boolean> {
  const both = [{}, channelKinds(alone)].map((kinds) => createExecutor(cut('', alone, ranks, kinds).network));
  const runs = both.map((executor) => runOf(executor, 20));
  const [spatial, channel] = await inTurns(runs, 8);
  both.forEach((executor) => executor.dispose());
  return channel!.least < spatial!.least;
}

function runOf(executor: Executor, repeats: number): () => void {
  const shape = [images, ...executor.network.input.shape];
  return () => {
    const batch = tf.ones(shape);
    for (let repeat = 0; repeat < repeats; repeat++) {
      const output = executor.run(batch);
      output.dataSync();
      output.dispose();
    }
    batch.dispose();
  };
}

async function runtimeRun(network: Network): Promise<() => Promise<void>> {
  const [file] = await writeNetwork(network, 'onnx');
  const session = await InferenceSession.create(file!.bytes, { logSeverityLevel: 3 });
  const [height = 1, width = 1, channels = 1] = network.input.shape;
  const values = new Float32Array(images * height * width * channels).fill(1);
  const input = new Tensor('float32', values, [images, channels, height, width]);
  return async () => {
    await session.run({ [session.inputNames[0]!]: input });
  };
}

async function variantsOf(model: string): Promise<readonly Variant[]> {
  const network = await readNetwork(await readFiles([model], 'network'));
  const variants: Variant[] = [{ name: 'whole', macs: 1, network }];
  for (const target of targets) {
    const ranks = await ranksAt(model, target);
    variants.push(cut(`${target} spatial`, network, ranks, {}));
    variants.push(cut(`${target} channel`, network, ranks, channelKinds(network)));
    variants.push(cut(`${target} the faster`, network, ranks, await fasterKinds(network, ranks)));
  }
  return variants;
}

const model = process.argv[2] ?? referencePath('res56/res56.onnx') ?? 'sample:residual';
const threads = Number(process.argv[3] ?? 1);
env.wasm.numThreads = threads;
const report = await startNodeBackend('wasm');
const variants = await variantsOf(model);
const executors = variants.map(({ network }) => createExecutor(network));
const own = await inTurns(
  executors.map((executor) => runOf(executor, 1)),
  rounds,
);
const runtime = await inTurns(await Promise.all(variants.map(({ network }) => runtimeRun(network))), rounds);
const [ownRatios, runtimeRatios] = [ratios(own), ratios(runtime)];
const rows = variants.map(({ name, macs }, index) => ({
  name,
  macs,
  own: { ...own[index]!, ratio: ownRatios[index]! },
  runtime: { ...runtime[index]!, ratio: runtimeRatios[index]! },
}));
console.log(
  `${model}, ${images} images: processor time in ms, ${report.backend}; ONNX Runtime Web on ${threads} thread(s)`,
);
console.table(
  rows.map(({ name, macs, own: ours, runtime: theirs }) => ({
    network: name,
    'share of MACs': macs.toFixed(3),
    least: ours.least.toFixed(2),
    'median (quartiles)': `${ours.median.toFixed(2)} (${ours.lowerQuartile.toFixed(2)} to ${ours.upperQuartile.toFixed(2)})`,
    'ratio of least': ours.ratio.least.toFixed(2),
    'ratio of medians': ours.ratio.median.toFixed(2),
    'ONNX Runtime, least': theirs.least.toFixed(2),
    'its ratio': theirs.ratio.least.toFixed(2),
  })),
);
writeResult('evaluation', { model, images, rounds, threads, backend: report.backend, rows });
process.exit();
