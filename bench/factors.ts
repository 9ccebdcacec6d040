/**
 * What a cut layer costs beside the whole one on WebAssembly, one thread, in Node: 3×3 convolutions of ResNet-56's
 * and ResNet-50's sizes, whole and as their two factors of either kind at shares of the layer's multiply-accumulates,
 * all in turns. Prints a table of ratios and writes `bench/results/factors.json`. Run: npx tsx bench/factors.ts
 */
import * as tf from '@tensorflow/tfjs-core';
import { groupNodes } from '../src/engine/fusion';
import { compileGroup } from '../src/engine/operators';
import { startNodeBackend } from '../src/engine/testing/nodeBackend';
import { factorNodes, factoriseLayer } from '../src/network/factors';
import type { Network } from '../src/network/graph';
import { describeLayers } from '../src/network/describe';
import {
  chainOf,
  evenPadding,
  randomConvolution,
  seededNumbers,
  square,
} from '../src/network/testing/builders';
import { writeResult } from './harness';
import { inTurns, ratios, scaled, type Timing } from './turns';

const rounds = 25;
const shares = [0.6, 0.5, 0.3];
const kinds = ['spatial', 'channel'] as const;

/** Square images of one size. */
interface Size {
  readonly images: number;
  readonly extent: number;
  readonly channels: number;
  readonly stride: number;
}

const sizes: readonly Size[] = [
  { images: 8, extent: 32, channels: 16, stride: 1 },
  { images: 8, extent: 16, channels: 32, stride: 1 },
  { images: 8, extent: 8, channels: 64, stride: 1 },
  { images: 8, extent: 32, channels: 16, stride: 2 },
  { images: 1, extent: 56, channels: 64, stride: 1 },
  { images: 1, extent: 28, channels: 128, stride: 1 },
  { images: 1, extent: 14, channels: 256, stride: 1 },
  { images: 1, extent: 7, channels: 512, stride: 1 },
  { images: 1, extent: 28, channels: 256, stride: 2 },
];

function layerOf({ extent, channels, stride }: Size): Network {
  const options = { kernel: square(3), padding: evenPadding(1), stride: square(stride) };
  const convolution = randomConvolution(seededNumbers(1), {
    ...options,
    inputs: channels,
    outputs: channels,
  });
  return chainOf([extent, extent, channels], [convolution]);
}

interface Variant {
  readonly name: string;
  readonly rank: number | null;
  readonly network: Network;
}

/** The layer whole, and cut to every share by every kind. */
function variantsOf(network: Network): readonly Variant[] {
  const [node] = network.nodes;
  const cut = kinds.flatMap((kind) => {
    const { macs, macsPerRank } = describeLayers(network, { [node!.name]: kind })[0]!;
    return shares.map((share): Variant => {
      const rank = Math.max(1, Math.round((share * macs) / macsPerRank));
      const nodes = factorNodes(node!, factoriseLayer(node!, kind, rank), rank);
      return { name: `${kind} ${share}`, rank, network: { ...network, nodes } };
    });
  });
  return [{ name: 'whole', rank: null, network }, ...cut];
}

/** Enough repetitions for a run to take some milliseconds. */
const work = 4e7;

async function measure(size: Size, variants: readonly Variant[]): Promise<readonly Timing[]> {
  const { images, extent, channels, stride } = size;
  const batch = tf.randomNormal([images, extent, extent, channels]);
  const steps = variants.map(({ network }) => groupNodes(network).map((group) => compileGroup(group)));
  const macs = (images * 9 * (extent * channels) ** 2) / stride ** 2;
  const repeats = Math.max(1, Math.round(work / macs));
  const runs = steps.map((kernels) => () => {
    for (let repeat = 0; repeat < repeats; repeat++) {
      tf.tidy(() => {
        kernels.reduce<tf.Tensor>((x, kernel) => kernel.run([x]), batch);
      });
    }
  });
  const timings = await inTurns(runs, rounds);
  steps.flat().forEach((kernel) => kernel.dispose());
  batch.dispose();
  return timings.map((timing) => scaled(timing, 1 / repeats));
}

const report = await startNodeBackend('wasm');
const rows: object[] = [];
for (const size of sizes) {
  const variants = variantsOf(layerOf(size));
  const timings = await measure(size, variants);
  const share = ratios(timings);
  const { images, extent, channels, stride } = size;
  const name = `${extent}² × ${channels}${stride > 1 ? `, stride ${stride}` : ''}, ${images} image(s)`;
  const results = variants.map(({ name: variant, rank }, index) => ({
    variant,
    rank,
    ...timings[index]!,
    ratioOfLeast: share[index]!.least,
    ratioOfMedians: share[index]!.median,
  }));
  rows.push({ name, ...size, results });
  console.log(`\n3×3, ${name}: processor time beside the whole layer's`);
  console.table(
    results.map(
      ({ variant, rank, least, lowerQuartile, median, upperQuartile, ratioOfLeast, ratioOfMedians }) => ({
        variant,
        rank,
        'least ms': least.toFixed(3),
        'median ms (quartiles)': `${median.toFixed(3)} (${lowerQuartile.toFixed(3)} to ${upperQuartile.toFixed(3)})`,
        'ratio of least': ratioOfLeast.toFixed(2),
        'ratio of medians': ratioOfMedians.toFixed(2),
      }),
    ),
  );
}
writeResult('factors', { backend: report.backend, rounds, rows });
