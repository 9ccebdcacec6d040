/**
 * Curves of ResNet-56 measured in headless Chromium on WebAssembly, one worker per core, against a plain
 * PyTorch loop on the same cores that runs every cut network in full. Prints a table and writes
 * `bench/results/sweep.json`. Run: npx tsx bench/sweep.ts [layers [images]]
 *
 * Both take turns, eighteen layers at a time, so that other load on the machine hits both alike. Ours measures all
 * nine ranks of every layer on all images; PyTorch is timed on one of the nine (a different one from layer to
 * layer) and scaled.
 */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { referencePath } from '../scripts/reference';
import { rankGrid } from '../src/enc/sweep/grid';
import type { MeasuredPoint, SweepLayer } from '../src/enc/sweep/points';
import { withStudio, writeResult } from './harness';
import type { PageBenchmark, PageReport, SweepRun } from './sweep/page';
import type { Cut } from './torch/input';
import { TorchLoop, type TorchRun, type TorchSetting } from './sweep/torchLoop';

const model = referencePath('res56/res56.onnx');
const data = referencePath('cifar10/train_2000.bin');
const ranksPerLayer = 9;
/** Many cores share it evenly. */
const layersPerTurn = 18;

async function openPage(browser: Browser, address: string): Promise<PageBenchmark> {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error));
  await page.route('**/data/model.onnx', (route) => route.fulfill({ path: model! }));
  await page.route('**/data/images.bin', (route) => route.fulfill({ path: data! }));
  await page.goto(`${address}bench/sweep/index.html`);
  const inPage = () => (globalThis as unknown as { sweepBenchmark: PageBenchmark }).sweepBenchmark;
  const handle = await page.evaluateHandle(inPage);
  return {
    open: () => handle.evaluate((benchmark) => benchmark.open()),
    sweep: (...settings) => handle.evaluate((benchmark, given) => benchmark.sweep(...given), settings),
  };
}

/** One rank of every layer, each of the nine as often as the others. */
function torchShare(layers: readonly SweepLayer[]): Cut[] {
  return layers.map(({ name, factorisation, rankMax }, index) => {
    const ranks = rankGrid(rankMax, ranksPerLayer);
    return { layer: name, factorisation, rank: ranks[index % ranks.length]! };
  });
}

/** What both took, turn by turn. */
interface Turns {
  readonly ours: readonly SweepRun[];
  readonly torch: readonly TorchRun[];
}

/** Runs the turns; who comes first alternates. */
async function takeTurns(
  page: PageBenchmark,
  loop: TorchLoop | null,
  layers: number,
  images: number,
): Promise<Turns> {
  const ours: SweepRun[] = [];
  const torch: TorchRun[] = [];
  for (let from = 0; from < layers; from += layersPerTurn) {
    const to = Math.min(layers, from + layersPerTurn);
    const turns = [
      async () => ours.push(await page.sweep(images, from, to, true)),
      async () => loop && torch.push(await loop.run(from, to)),
    ];
    if (ours.length % 2 === 1) turns.reverse();
    for (const turn of turns) await turn();
    const theirs = torch.length > 0 ? `, PyTorch ${torch.at(-1)!.seconds.toFixed(1)} s for 1 of 9` : '';
    console.log(`layers ${from + 1} to ${to}: ours ${ours.at(-1)!.seconds.toFixed(1)} s${theirs}`);
  }
  return { ours, torch };
}

/** How far our points are from PyTorch's on the networks that both ran. */
function compare(points: readonly MeasuredPoint[], torch: TorchRun['points']) {
  const pairs = torch.map((theirs) => ({
    theirs,
    ours: points.find(({ layer, rank }) => layer === theirs.layer && rank === theirs.rank)!,
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

function rowOf(way: string, { points, seconds }: SweepRun, torchSeconds: number | null): Row {
  const imageRuns = points.reduce((sum, point) => sum + point.images, 0);
  return {
    way,
    points: points.length,
    imageRuns,
    seconds,
    timesFaster: torchSeconds && torchSeconds / seconds,
  };
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

const sum = (runs: readonly { readonly seconds: number }[]) =>
  runs.reduce((all, { seconds }) => all + seconds, 0);

/** The whole of a sweep that was run in turns. */
function joined(runs: readonly SweepRun[]): SweepRun {
  return { seconds: sum(runs), points: runs.flatMap(({ points }) => points) };
}

function report(
  page: PageReport,
  { ours, torch }: Turns,
  adaptive: SweepRun,
  setting: TorchSetting | null,
  images: number,
): void {
  const every = joined(ours);
  const timed = torch.flatMap(({ points }) => points);
  const torchSeconds = timed.length > 0 ? (sum(torch) / timed.length) * every.points.length : null;
  const rows = [
    rowOf('ours, every rank on every image', every, torchSeconds),
    rowOf('ours, as the studio does it', adaptive, torchSeconds),
  ];
  if (torchSeconds !== null) {
    const asMuch = { points: every.points, seconds: torchSeconds };
    rows.unshift(rowOf('PyTorch, every network in full', asMuch, torchSeconds));
  }
  const { backend, threads, factoriseSeconds } = page;
  console.log(
    `ResNet-56, up to ${ranksPerLayer} ranks, ${images} images; ${backend} on ${threads} threads in Chromium`,
  );
  printRows(rows);
  const agreement = timed.length > 0 ? compare(every.points, timed) : null;
  if (setting && agreement) {
    console.log(
      `PyTorch ${setting.torch}, ${setting.threads} threads, batch ${setting.batchSize}: ${timed.length} of ${every.points.length} networks timed (${sum(torch).toFixed(1)} s) and scaled.`,
    );
    console.log(
      `Same counts as PyTorch on ${agreement.sameCounts} of ${agreement.networks} networks; divergences differ by at most ${agreement.largestDivergenceDifference.toExponential(1)} nats.`,
    );
  } else console.log('PyTorch: skipped, /usr/bin/python3 has no torch.');
  const turns = ours.map(({ seconds }, index) => ({ ours: seconds, torch: torch[index]?.seconds ?? null }));
  const where = { images, ranksPerLayer, backend, threads, factoriseSeconds };
  writeResult('sweep', { ...where, rows, turns, torchSeconds, torch: setting, agreement });
}

async function benchmark(browser: Browser, address: string, max: number, images: number): Promise<void> {
  const page = await openPage(browser, address);
  const opened = await page.open();
  const layers = opened.layers.slice(0, max);
  const files = { model: model!, data: data! };
  const torch = await TorchLoop.start(files, torchShare(layers), images, availableParallelism());
  try {
    const turns = await takeTurns(page, torch?.loop ?? null, layers.length, images);
    const adaptive = await page.sweep(images, 0, layers.length, false);
    report(opened, turns, adaptive, torch?.setting ?? null, images);
  } finally {
    torch?.loop.close();
  }
}

const [layers = Infinity, images = 256] = process.argv.slice(2).map(Number);
if (model && data) {
  const input = fileURLToPath(new URL('./sweep/index.html', import.meta.url));
  const outDir = fileURLToPath(new URL('../.cache/bench-sweep', import.meta.url));
  await withStudio((browser, address) => benchmark(browser, address, layers, images), {
    outDir,
    emptyOutDir: true,
    rolldownOptions: { input },
  });
} else console.log('Skipped: needs ../shared/reference with res56 and cifar10.');
