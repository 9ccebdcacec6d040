/**
 * Repairs ResNet-56, cut by ENC-Map, in the compute threads of a page in headless Chromium on WebAssembly. Prints
 * the time, the tensors before and after, and how soon a cancellation takes effect; writes
 * `bench/results/repair.json`. Run: npx tsx bench/repair.ts [target [images]]
 */
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import type { PrintedPlan } from '../cli/planning';
import { encJson } from '../cli/testing';
import { referencePath } from '../scripts/reference';
import { withStudio, writeResult } from './harness';
import type { PageBenchmark } from './repair/page';

const model = referencePath('res56/res56.onnx');
const data = referencePath('cifar10/train_2000.bin');

async function openPage(browser: Browser, address: string): Promise<PageBenchmark> {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error));
  await page.route('**/data/model.onnx', (route) => route.fulfill({ path: model! }));
  await page.route('**/data/images.bin', (route) => route.fulfill({ path: data! }));
  await page.goto(`${address}bench/repair/index.html`);
  const inPage = () => (globalThis as unknown as { repairBenchmark: PageBenchmark }).repairBenchmark;
  const handle = await page.evaluateHandle(inPage);
  return {
    open: () => handle.evaluate((benchmark) => benchmark.open()),
    repair: (...given) => handle.evaluate((benchmark, settings) => benchmark.repair(...settings), given),
    cancel: (...given) => handle.evaluate((benchmark, settings) => benchmark.cancel(...settings), given),
  };
}

async function benchmark(browser: Browser, address: string, target: number, images: number): Promise<void> {
  const planned = await encJson<PrintedPlan>(
    ...['plan', model!, '--target', String(target), '--method', 'map'],
  );
  const ranks = Object.fromEntries(planned.layers.map(({ name, rank }) => [name, rank]));
  const page = await openPage(browser, address);
  const opened = await page.open();
  const cancelled = await page.cancel(ranks, images);
  const run = await page.repair(ranks, images);
  const load = loadavg()[0]!;
  console.log(`ResNet-56 at ${target}, ${images} images, ${opened.backend} in Chromium`);
  console.log(`repair: ${run.seconds.toFixed(1)} s, ${run.reports} reports of progress`);
  console.log(`load average of the machine: ${load.toFixed(1)}`);
  console.log(
    `divergence: ${run.divergence.truncated.toFixed(4)} → ${run.divergence.repaired.toFixed(4)} nats`,
  );
  console.log(`tensors of each thread: ${run.tensorsBefore.join(', ')} → ${run.tensorsAfter.join(', ')}`);
  console.log(
    `cancelling: answered after ${cancelled.answerMilliseconds.toFixed(0)} ms, thread free after ${cancelled.idleMilliseconds.toFixed(0)} ms`,
  );
  writeResult('repair', { target, images, ...opened, load, run, cancelled });
}

const [target = 0.4, images = 500] = process.argv.slice(2).map(Number);
if (model && data) {
  const input = fileURLToPath(new URL('./repair/index.html', import.meta.url));
  const outDir = fileURLToPath(new URL('../.cache/bench-repair', import.meta.url));
  await withStudio((browser, address) => benchmark(browser, address, target, images), {
    outDir,
    emptyOutDir: true,
    rolldownOptions: { input },
  });
} else console.log('Skipped: needs ../shared/reference with res56 and cifar10.');
