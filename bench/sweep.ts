/**
 * Curves of ResNet-56 measured in headless Chromium on WebAssembly, one worker per core, against a plain
 * PyTorch loop on the same cores that runs every cut network in full. Prints a table and writes
 * `bench/results/sweep.json`. Run: npx tsx bench/sweep.ts [layers [images]]
 *
 * PyTorch is timed on one of the nine ranks of every layer (a different one from layer to layer) and scaled.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { referencePath } from '../scripts/reference';
import { readImages } from '../src/formats/datasets';
import { readNetwork } from '../src/formats/models';
import { output, withStudio, writeResult } from './harness';
import type { PageReport, SweepRun } from './sweep/page';
import { writeTorchInput, type Cut } from './sweep/torchInput';

interface TorchReport {
  readonly torch: string;
  readonly threads: number;
  readonly batchSize: number;
  readonly uncutImagesPerSecond: Record<string, number>;
  readonly networks: number;
  readonly seconds: number;
  readonly points: readonly {
    readonly layer: string;
    readonly rank: number;
    readonly correct: number;
    readonly divergence: number;
  }[];
}

const model = referencePath('res56/res56.onnx');
const data = referencePath('cifar10/train_2000.bin');
const ranksPerLayer = 9;

function measureOurs(layers: number, images: number): Promise<PageReport> {
  const input = fileURLToPath(new URL('./sweep/index.html', import.meta.url));
  const outDir = fileURLToPath(new URL('../.cache/bench-sweep', import.meta.url));
  const benchmark = async (browser: Browser, address: string) => {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(error));
    await page.route('**/data/model.onnx', (route) => route.fulfill({ path: model! }));
    await page.route('**/data/images.bin', (route) => route.fulfill({ path: data! }));
    await page.goto(`${address}bench/sweep/index.html`);
    type Run = (images: number, layers: number) => Promise<PageReport>;
    return page.evaluate(
      ([imageCount, layerCount]) =>
        (globalThis as unknown as { runSweepBenchmark: Run }).runSweepBenchmark(imageCount!, layerCount!),
      // JSON knows no infinity.
      [images, Math.min(layers, 1e6)],
    );
  };
  return withStudio(benchmark, { outDir, emptyOutDir: true, rolldownOptions: { input } });
}

/** One rank of every layer, each of the nine as often as the others. */
function torchShare(report: PageReport): Cut[] {
  const exhaustive = report.runs.find((run) => run.exhaustive)!;
  return report.layers.flatMap(({ name }, index) => {
    const points = exhaustive.points.filter(({ layer }) => layer === name).sort((a, b) => a.rank - b.rank);
    const point = points[index % points.length];
    return point ? [point] : [];
  });
}

async function measureTorch(cuts: readonly Cut[], images: number): Promise<TorchReport | null> {
  const folder = mkdtempSync(join(tmpdir(), 'enc-sweep-'));
  try {
    const set = readImages([{ name: 'images.bin', bytes: new Uint8Array(readFileSync(data!)) }]);
    const network = await readNetwork([{ name: 'model.onnx', bytes: new Uint8Array(readFileSync(model!)) }]);
    const indices = Uint32Array.from({ length: images }, (_, index) => index);
    writeTorchInput(folder, network, cuts, set, indices, {
      channels: 'rgb',
      mean: [128],
      scale: [0.0078125],
    });
    const script = fileURLToPath(new URL('./sweep_torch.py', import.meta.url));
    const text = await output('/usr/bin/python3', [script, folder, String(availableParallelism())]);
    return text === null ? null : (JSON.parse(text) as TorchReport);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** How far our points are from PyTorch's on the networks that both ran. */
function compare(run: SweepRun, torch: TorchReport) {
  const pairs = torch.points.map((point) => ({
    theirs: point,
    ours: run.points.find(({ layer, rank }) => layer === point.layer && rank === point.rank)!,
  }));
  return {
    networks: pairs.length,
    sameCounts: pairs.filter(({ ours, theirs }) => ours.correct === theirs.correct).length,
    largestDivergenceDifference: Math.max(
      ...pairs.map(({ ours, theirs }) => Math.abs(ours.divergence - theirs.divergence)),
    ),
  };
}

interface Row {
  readonly way: string;
  readonly points: number;
  /** Sum over the points of the images each was measured on. */
  readonly imageRuns: number;
  readonly seconds: number;
  /** Time of PyTorch divided by this way's; null where there is no PyTorch. */
  readonly timesFaster: number | null;
}

function rowsOf(ours: PageReport, torchSeconds: number | null): Row[] {
  return ours.runs.map(({ exhaustive, points, seconds }) => ({
    way: exhaustive ? 'ours, every rank on every image' : 'ours, as the studio does it',
    points: points.length,
    imageRuns: points.reduce((sum, point) => sum + point.images, 0),
    seconds,
    timesFaster: torchSeconds && torchSeconds / seconds,
  }));
}

function printRows(rows: readonly Row[]): void {
  console.log('way                                points   images run   seconds   PyTorch / this');
  for (const { way, points, imageRuns, seconds, timesFaster } of rows) {
    const cells = [
      way.padEnd(34),
      String(points).padStart(6),
      String(imageRuns).padStart(12),
      seconds.toFixed(1).padStart(9),
      (timesFaster?.toFixed(2) ?? '').padStart(16),
    ];
    console.log(cells.join(' ').trimEnd());
  }
}

async function benchmark(layers: number, images: number): Promise<void> {
  const ours = await measureOurs(layers, images);
  const torch = await measureTorch(torchShare(ours), images);
  const networks = ours.layers.length * ranksPerLayer;
  const torchSeconds = torch && (torch.seconds / torch.networks) * networks;
  const rows = rowsOf(ours, torchSeconds);
  const { backend, threads, factoriseSeconds } = ours;
  console.log(
    `ResNet-56, ${ours.layers.length} layers, up to ${ranksPerLayer} ranks, ${images} images; ${backend} on ${threads} threads in Chromium`,
  );
  if (torch && torchSeconds !== null) {
    const way = 'PyTorch, every network in full';
    printRows([
      ...rows,
      { way, points: networks, imageRuns: networks * images, seconds: torchSeconds, timesFaster: 1 },
    ]);
    console.log(
      `PyTorch ${torch.torch}, ${torch.threads} threads, batch ${torch.batchSize}: ${torch.networks} of ${networks} networks timed (${torch.seconds.toFixed(1)} s) and scaled.`,
    );
  } else {
    printRows(rows);
    console.log('PyTorch: skipped, /usr/bin/python3 has no torch.');
  }
  const agreement =
    torch &&
    compare(
      ours.runs.find((run) => run.exhaustive)!,
      torch,
    );
  if (agreement) {
    console.log(
      `Same counts as PyTorch on ${agreement.sameCounts} of ${agreement.networks} networks; divergences differ by at most ${agreement.largestDivergenceDifference.toExponential(1)} nats.`,
    );
  }
  const torchTimes = torch && { ...torch, points: undefined };
  const setting = { images, layers: ours.layers.length, ranksPerLayer, backend, threads, factoriseSeconds };
  writeResult('sweep', { ...setting, rows, torchSeconds, torch: torchTimes, agreement });
}

const [layers = Infinity, images = 256] = process.argv.slice(2).map(Number);
if (model && data) await benchmark(layers, images);
else console.log('Skipped: needs ../shared/reference with res56 and cifar10.');
