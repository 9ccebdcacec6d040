import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JSHandle, Page } from 'playwright-core';
import { noiseImages } from '../../src/engine/testing/images';
import { readNetwork } from '../../src/formats/models';
import type { Network } from '../../src/network/graph';
import { describeLayers } from '../../src/network/describe';
import { factoriseLayer, type LayerFactors } from '../../src/network/factors';
import type { Ranks } from '../../src/network/layers';
import { rewriteNetwork } from '../../src/network/rewrite';
import type { BrowserBenchmark, BrowserSetting, Variant } from './page';
import { timedNetworks, type TimedNetwork } from './networks';
import { graphicsFlags, median, quantile, withStudio, writeResult } from '../harness';
import { writeTorchNetworks } from '../torch/input';
import { TorchProcess } from '../torch/process';

/** Where the studio and ONNX Runtime compute. */
export type Backend = 'wasm' | 'webgpu';
type Runner = 'own' | 'runtime' | 'torch';

/** Seconds of every round, by runner; empty where there is none. */
type Seconds = Readonly<Record<Runner, number[]>>;

interface Row {
  readonly network: string;
  readonly variant: Variant;
  readonly images: number;
  /** Largest difference of the studio's answers from ONNX Runtime's, over the largest answer. */
  readonly difference: number;
  readonly seconds: Seconds;
}

const threads = 2;
const targets = [0.6, 0.5, 0.3];
const outDir = fileURLToPath(new URL('../../.cache/bench-browser', import.meta.url));

/** Writes a network and noise to run it on where the page fetches them. */
function place(given: TimedNetwork, file: Uint8Array): void {
  const { size, images } = given;
  const noise = noiseImages(images, size, size);
  mkdirSync(`${outDir}/bench/browser/data`, { recursive: true });
  writeFileSync(`${outDir}/bench/browser/data/${given.name}.onnx`, file);
  writeFileSync(
    `${outDir}/bench/browser/data/${given.name}.npy`,
    npyFile([images, size, size, 3], noise.pixels as Uint8Array),
  );
}

/** A NumPy array of bytes, format version 1. */
function npyFile(shape: readonly number[], pixels: Uint8Array): Uint8Array {
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const header = `${text.padEnd(117)}\n`;
  const start = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0);
  return Buffer.concat([start, Buffer.from(header), pixels]);
}

/** The networks with their layers cut; each layer is factorised once, at the largest of its ranks. */
function cutAll(network: Network, all: readonly Ranks[]): readonly Network[] {
  const nodes = new Map(network.nodes.map((node) => [node.name, node]));
  const kinds = new Map(describeLayers(network).map((layer) => [layer.name, layer.factorisation]));
  const known = new Map<string, LayerFactors>();
  const factorsOf = (layer: string) => {
    const most = Math.max(...all.map((ranks) => ranks[layer] ?? 0));
    const factors = known.get(layer) ?? factoriseLayer(nodes.get(layer)!, kinds.get(layer)!, most);
    known.set(layer, factors);
    return factors;
  };
  return all.map((ranks) => rewriteNetwork(network, ranks, factorsOf));
}

/** PyTorch on the same networks; null where it is missing. */
async function torchOn(given: TimedNetwork, file: Uint8Array, variants: readonly Variant[]) {
  const network = await readNetwork([{ name: `${given.name}.onnx`, bytes: file }]);
  const { pixels } = noiseImages(given.images, given.size, given.size);
  const values = Float32Array.from(pixels, (value) => (value - 128) / 128);
  const started = await TorchProcess.start('speed.py', threads, (folder) => {
    const networks = cutAll(
      network,
      variants.map(({ ranks }) => ranks),
    );
    writeTorchNetworks(folder, networks, values, given.images);
  });
  return started && started.process;
}

async function timed(
  page: JSHandle<BrowserBenchmark>,
  given: TimedNetwork,
  file: Uint8Array,
  rounds: number,
  isBesideTorch: boolean,
): Promise<readonly Row[]> {
  place(given, file);
  const variants = await page.evaluate((run, [name, images, shares]) => run.open(name, images, shares), [
    given.name,
    given.images,
    targets,
  ] as const);
  const torch = isBesideTorch ? await torchOn(given, file, variants) : null;
  const rows: Row[] = [];
  for (const [index, variant] of variants.entries())
    rows.push({
      network: given.name,
      variant,
      images: given.images,
      difference: await page.evaluate((run, position) => run.difference(position), index),
      seconds: { own: [], runtime: [], torch: [] },
    });
  // All take turns, so that other load on the machine hits all alike.
  for (let round = 0; round < rounds; round++)
    for (const [index, { seconds }] of rows.entries()) {
      seconds.own.push(await page.evaluate((run, position) => run.own(position), index));
      const theirs = await page.evaluate((run, position) => run.runtime(position), index);
      if (theirs !== null) seconds.runtime.push(theirs);
      if (torch) seconds.torch.push((await torch.ask<{ seconds: number }>(String(index))).seconds);
    }
  torch?.close();
  await page.evaluate((run) => run.close());
  return rows;
}

const speed = (images: number, seconds: readonly number[], share = 0.5) =>
  seconds.length === 0 ? null : images / quantile(seconds, share);

/** Median images per second with their quartiles. */
function speedText(images: number, seconds: readonly number[]): string {
  if (seconds.length === 0) return '–';
  const [low, high] = [speed(images, seconds, 0.75)!, speed(images, seconds, 0.25)!];
  return `${(images / median(seconds)).toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`;
}

function print(rows: readonly Row[], { backend, adapter, threads: own, runtime }: BrowserSetting): void {
  const where = adapter && backend === 'webgpu' ? `${backend} (${adapter})` : `${backend}, ${own} threads`;
  console.log(`Images per second in Chromium on ${where}; ONNX Runtime Web ${runtime}`);
  const wholeOf = (row: Row) =>
    rows.find(({ network, variant }) => network === row.network && variant.target === null)!;
  console.table(
    rows.map((row) => ({
      network: row.network,
      'share of MACs': row.variant.macs.toFixed(3),
      studio: speedText(row.images, row.seconds.own),
      'ONNX Runtime': speedText(row.images, row.seconds.runtime),
      PyTorch: speedText(row.images, row.seconds.torch),
      'time / whole': (median(row.seconds.own) / median(wholeOf(row).seconds.own)).toFixed(2),
      'difference from ONNX Runtime': row.difference.toExponential(1),
    })),
  );
}

async function benchmark(page: Page, backend: Backend, rounds: number, wanted: readonly string[]) {
  const inPage = () => (globalThis as unknown as { browserBenchmark: BrowserBenchmark }).browserBenchmark;
  const handle = await page.evaluateHandle(inPage);
  const setting = await handle.evaluate((run, [name, count]) => run.start(name, count), [
    backend,
    threads,
  ] as const);
  const rows: Row[] = [];
  for (const given of timedNetworks) {
    if (wanted.length > 0 && !wanted.includes(given.name)) continue;
    const file = given.file();
    console.error(given.name);
    if (file) rows.push(...(await timed(handle, given, file, rounds, backend === 'wasm')));
    else console.log(`${given.name}: skipped, needs ../shared/reference.`);
  }
  print(rows, setting);
  writeResult(backend === 'wasm' ? 'browser' : 'gpu', { ...setting, rounds, rows });
}

/** Whether the browser has a graphics card; says so where it has not. */
async function hasGraphicsCard(page: Page): Promise<boolean> {
  const inPage = () => (globalThis as unknown as { browserBenchmark: BrowserBenchmark }).browserBenchmark;
  const handle = await page.evaluateHandle(inPage);
  const reason = await handle.evaluate((run) => run.withoutGraphicsCard());
  if (reason !== null) console.log(`bench/gpu: skipped, ${reason}.`);
  return reason === null;
}

/**
 * Times networks in headless Chromium: the studio, ONNX Runtime Web on the file that the studio hands out, and on the
 * processor PyTorch where it is installed, in turns. Prints a table and writes it down. Skips the graphics card where
 * the browser has none but a software one.
 *
 * @param rounds runs of each
 * @param wanted names of networks; none for all
 */
export function timeInBrowser(backend: Backend, rounds: number, wanted: readonly string[]): Promise<void> {
  const input = fileURLToPath(new URL('./index.html', import.meta.url));
  return withStudio(
    async (browser, address) => {
      const page = await browser.newPage();
      page.on('console', (message) => {
        if (message.type() === 'warning' || message.type() === 'error') console.error(message.text());
      });
      await page.goto(`${address}bench/browser/index.html`);
      if (backend === 'webgpu' && !(await hasGraphicsCard(page))) return;
      await benchmark(page, backend, rounds, wanted);
    },
    { outDir, emptyOutDir: true, rolldownOptions: { input } },
    backend === 'webgpu' ? graphicsFlags : [],
  );
}
