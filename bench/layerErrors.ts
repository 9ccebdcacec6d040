/**
 * Errors of a cut network's layer outputs, without and with repair, for the picture in the page's help: mean squared
 * difference from the original network's output as a share of that output's variance, on validation images that
 * repair has not seen. Run: npx tsx bench/layerErrors.ts [residual|vgg [target]]
 */
import * as tf from '@tensorflow/tfjs-core';
import type { PrintedPlan } from '../cli/planning';
import { readSample } from '../cli/samples';
import { encJson } from '../cli/testing';
import { createExecutor } from '../src/engine/executor';
import { inputTensor } from '../src/engine/preprocess';
import { repairNetwork } from '../src/repair/repairNetwork';
import { startNodeBackend } from '../src/engine/testing/nodeBackend';
import { readImages } from '../src/formats/datasets';
import { readNetwork } from '../src/formats/models';
import { factoriseLayer } from '../src/network/factors';
import type { Network } from '../src/network/graph';
import type { ImageSet, Preprocessing } from '../src/network/images';
import { defaultFactorisation, requireLayer } from '../src/network/layerNodes';
import { rewriteNetwork } from '../src/network/rewrite';
import { writeResult } from './harness';

const preprocessing: Preprocessing = { channels: 'rgb', mean: [128, 128, 128], scale: [1 / 64] };
const first = (count: number) => Uint32Array.from({ length: count }, (_, index) => index);
const calibrationImages = 500;
const reportImages = 200;

/** Values by name, on the report images. */
function outputsOf(network: Network, names: readonly string[], images: ImageSet): Map<string, Float32Array> {
  const input = inputTensor(network.input.shape, images, first(reportImages), preprocessing);
  const executor = createExecutor(network, { keep: names });
  const values = executor.compute(new Map([[network.input.name, input]]), names);
  const read = new Map([...values].map(([name, value]) => [name, value.dataSync<'float32'>()]));
  tf.dispose([input, ...values.values()]);
  executor.dispose();
  return read;
}

function relativeError(found: Float32Array, wanted: Float32Array): number {
  const mean = wanted.reduce((sum, value) => sum + value, 0) / wanted.length;
  const sum = (term: (index: number) => number) =>
    wanted.reduce((total, _, index) => total + term(index) ** 2, 0);
  return sum((index) => found[index]! - wanted[index]!) / sum((index) => wanted[index]! - mean);
}

const [name = 'residual', target = '0.3'] = process.argv.slice(2);
const sample = `sample:${name}`;
const { layers } = await encJson<PrintedPlan>('plan', sample, '--target', target, '--method', 'map');
await startNodeBackend('wasm');
const network = await readNetwork(await readSample(sample, 'network'));
const nodeOf = (layer: string) => requireLayer(network.nodes.find((node) => node.name === layer)!);
const factorsOf = (layer: string) =>
  factoriseLayer(nodeOf(layer), defaultFactorisation(nodeOf(layer).operator));
const ranks = Object.fromEntries(layers.map((layer) => [layer.name, layer.rank]));
const repaired = await repairNetwork({
  network,
  ranks,
  factorsOf,
  images: readImages(await readSample(sample, 'calibration')),
  preprocessing,
  indices: first(calibrationImages),
  seed: 0,
});
const images = readImages(await readSample(sample, 'validation'));
const truncated = rewriteNetwork(network, ranks, factorsOf);
const names = layers.map((layer) => nodeOf(layer.name).output);
const [wanted, without, withRepair] = [network, truncated, repaired.network].map((of) =>
  outputsOf(of, names, images),
);
const rows = layers.map((layer, index) => ({
  layer: layer.name,
  without: relativeError(without!.get(names[index]!)!, wanted!.get(names[index]!)!),
  repaired: relativeError(withRepair!.get(names[index]!)!, wanted!.get(names[index]!)!),
}));
for (const { layer, without: before, repaired: after } of rows)
  console.log(`${layer.padEnd(32)} ${before.toFixed(4)} ${after.toFixed(4)}`);
writeResult(`layerErrors-${name}`, {
  sample: name,
  target: Number(target),
  calibrationImages,
  reportImages,
  rows,
});
