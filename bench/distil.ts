/**
 * Distils ResNet-56, cut by ENC-Map to 0.3, in the compute threads of a page in headless Chromium on WebAssembly, batches
 * of 50, in turns with PyTorch's own training loop on as many threads where it is installed. Prints images per second of
 * both, and what the threads hold after 10 steps and after 1,000; writes `bench/results/distil.json`.
 * Run: npx tsx bench/distil.ts [rounds [steps]]
 */
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { readFiles } from '../cli/inputs';
import type { PrintedPlan } from '../cli/planning';
import { encJson } from '../cli/testing';
import { referencePath } from '../scripts/reference';
import { preprocess } from '../src/engine/preprocess';
import { readImages } from '../src/formats/datasets';
import { readNetwork } from '../src/formats/models';
import { factoriseLayer } from '../src/network/factors';
import type { Ranks } from '../src/network/layers';
import { defaultFactorisation, layerNodes } from '../src/network/layerNodes';
import { rewriteNetwork } from '../src/network/rewrite';
import { logitsOf } from '../src/distil/logits';
import { median, withStudio, writeResult } from './harness';
import type { PageBenchmark } from './distil/page';
import { writeTorchNetworks } from './torch/input';
import { TorchProcess } from './torch/process';

const model = referencePath('res56/res56.onnx');
const data = referencePath('cifar10/train_2000.bin');
const batch = 50;
/** Of which four fifths are trained on: 20 batches. */
const images = 1250;
const [rounds = 3, manySteps = 1000] = process.argv.slice(2).map(Number);

async function openPage(browser: Browser, address: string): Promise<PageBenchmark> {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error));
  await page.route('**/data/model.onnx', (route) => route.fulfill({ path: model! }));
  await page.route('**/data/images.bin', (route) => route.fulfill({ path: data! }));
  await page.goto(`${address}bench/distil/index.html`);
  const inPage = () => (globalThis as unknown as { distilBenchmark: PageBenchmark }).distilBenchmark;
  const handle = await page.evaluateHandle(inPage);
  return {
    open: () => handle.evaluate((benchmark) => benchmark.open()),
    distil: (...given) => handle.evaluate((benchmark, settings) => benchmark.distil(...settings), given),
    memory: () => handle.evaluate((benchmark) => benchmark.memory()),
  };
}

/** PyTorch's loop on the same two networks; null where it is missing. */
async function torchLoop(ranks: Ranks, threads: number) {
  const teacher = await readNetwork(await readFiles([model!], 'network'));
  const nodes = new Map(layerNodes(teacher).map((node) => [node.name, node]));
  const student = rewriteNetwork(teacher, ranks, (name) => {
    const node = nodes.get(name)!;
    return factoriseLayer(node, defaultFactorisation(node.operator), ranks[name]!);
  });
  const set = readImages(await readFiles([data!], 'calibration'));
  const count = 1000;
  const indices = Uint32Array.from({ length: count }, (_, index) => index);
  const pixels = preprocess(set, indices, { channels: 'rgb', mean: [128], scale: [0.0078125] });
  const toLogits = (network: typeof teacher) => ({ ...network, outputs: [logitsOf(network)] });
  return TorchProcess.start<{ torch: string; threads: number }>('distil.py', threads, (folder) =>
    writeTorchNetworks(folder, [toLogits(teacher), toLogits(student)], pixels, count),
  );
}

async function benchmark(browser: Browser, address: string): Promise<void> {
  const planned = await encJson<PrintedPlan>('plan', model!, '--target', '0.3', '--method', 'map');
  const ranks = Object.fromEntries(planned.layers.map(({ name, rank }) => [name, rank]));
  const page = await openPage(browser, address);
  const opened = await page.open();
  const loop = await torchLoop(ranks, opened.threads);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const [times = []] = await page.distil(ranks, images, { epochs: 1, batch }, round);
    ours.push((1000 * batch) / median(times));
    if (!loop) continue;
    const steps = times.length;
    const { seconds } = await loop.process.ask<{ seconds: number }>(String(steps));
    theirs.push((steps * batch) / seconds);
  }
  loop?.process.close();
  const load = loadavg()[0]!;
  console.log(
    `ResNet-56 at 0.3, batches of ${batch}, ${opened.backend} in Chromium, ${opened.threads} threads`,
  );
  console.log(`images per second: ${ours.map((rate) => rate.toFixed(0)).join(', ')}`);
  console.log(
    loop
      ? `PyTorch ${loop.setting.torch} on ${loop.setting.threads} threads: ${theirs.map((rate) => rate.toFixed(0)).join(', ')}; ours / PyTorch, median: ${median(ours.map((rate, at) => rate / theirs[at]!)).toFixed(2)}`
      : 'PyTorch is not installed: ours alone.',
  );
  // Batches of 2, and images enough for 10 of them an epoch.
  const few = { batch: 2, shift: 4 };
  await page.distil(ranks, 25, { ...few, epochs: 1 }, 1);
  const after10 = await page.memory();
  await page.distil(ranks, 25, { ...few, epochs: Math.ceil(manySteps / 10) }, 1);
  const afterMany = await page.memory();
  const text = (held: typeof after10) =>
    held.map(({ tensors, heap }) => `${tensors} tensors, ${(heap / 2 ** 20).toFixed(0)} MiB`).join('; ');
  console.log(`each thread after 10 steps: ${text(after10)}; after ${manySteps}: ${text(afterMany)}`);
  console.log(`load average of the machine: ${load.toFixed(1)} on ${cpus().length} cores`);
  const setting = loop?.setting ?? null;
  writeResult('distil', { ...opened, batch, ours, theirs, setting, after10, afterMany, manySteps, load });
}

if (model && data) {
  const input = fileURLToPath(new URL('./distil/index.html', import.meta.url));
  const outDir = fileURLToPath(new URL('../.cache/bench-distil', import.meta.url));
  await withStudio((browser, address) => benchmark(browser, address), {
    outDir,
    emptyOutDir: true,
    rolldownOptions: { input },
  });
} else console.log('Skipped: needs ../shared/reference with res56 and cifar10.');
