/**
 * ResNet-56 and what ENC-Map and ENC-Model make of it at 0.5 and 0.3 of its MACs, and at budgets on time that keep
 * as much accuracy, in headless Chromium on WebAssembly: times of the studio and of ONNX
 * Runtime Web, one image and 50 at a time, all networks in turns in one thread, and how far the layers' times foretell
 * them. Plans go by curves of divergence, as the page's do. Prints the table that the README shows and writes `bench/results/times.json`. Run: npx tsx bench/times.ts [ROUNDS [CALIBRATION [IMAGES]]]
 */
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { referencePath } from '../scripts/reference';
import { methods } from '../src/compression/methods';
import { mcnemarFirstBetter } from '../src/linalg/intervals';
import type { Spread } from '../src/linalg/spread';
import type { BatchTimings, LatencyReport } from '../workers/protocol/latency';
import { withStudio, writeResult } from './harness';
import type { PageBenchmark, TimedPlan } from './times/page';

const files = {
  'model.onnx': referencePath('res56/res56.onnx'),
  'test.bin': referencePath('cifar10/test_1000.bin'),
  'train.bin': referencePath('cifar10/train_2000.bin'),
};
const targets = [0.5, 0.3];
const batches = [1, 50];
/** Methods whose plans by time are compared with their plans by MACs. */
const compared = ['map', 'model'] as const;
type Compared = (typeof compared)[number];
/** Steps between shares of time that are tried, and how often more is given where repair makes too little of a plan. */
const [step, mostSteps] = [0.005, 4];
/** Images that the layers' curves are measured on: the last ones for training, which repair does not see. */
const selectionImages = 500;
/** Level of the test that a repaired plan is no less accurate than another. */
const level = 0.05;

async function openPage(browser: Browser, address: string): Promise<PageBenchmark> {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error));
  for (const [name, path] of Object.entries(files))
    await page.route(`**/data/${name}`, (route) => route.fulfill({ path: path! }));
  await page.goto(`${address}bench/times/index.html`);
  const inPage = () => (globalThis as unknown as { timesBenchmark: PageBenchmark }).timesBenchmark;
  const handle = await page.evaluateHandle(inPage);
  const call = <Name extends keyof PageBenchmark>(name: Name) =>
    ((...given: unknown[]) =>
      handle.evaluate(
        (benchmark, [own, rest]) =>
          (benchmark[own as keyof PageBenchmark] as (...all: unknown[]) => unknown)(...rest),
        [name, given] as const,
      )) as (...given: Parameters<PageBenchmark[Name]>) => Promise<Awaited<ReturnType<PageBenchmark[Name]>>>;
  return {
    open: call('open'),
    measureCurves: call('measureCurves'),
    timeLayers: call('timeLayers'),
    planByMacs: call('planByMacs'),
    planByTime: call('planByTime'),
    right: call('right'),
    rightRepaired: call('rightRepaired'),
    time: call('time'),
  };
}

/** A network of the table. */
interface Row {
  readonly name: string;
  /** Null for the original. */
  readonly plan: TimedPlan | null;
  /** Images a run of which its time was held to a share; null for the original and plans by MACs. */
  readonly batch: number | null;
  /** Whether each image is answered rightly, as cut and repaired. */
  readonly right: readonly number[];
  readonly repaired: readonly number[];
}

interface Sizes {
  readonly rounds: number;
  readonly calibration: number;
  readonly images: number;
}

/** A plan at a share of the MACs, and by each batch the plan of the least time that keeps as much accuracy. */
async function plansOf(
  page: PageBenchmark,
  method: Compared,
  target: number,
  sizes: Sizes,
): Promise<readonly Row[]> {
  const name = `${target} by MACs, ${methods.get(method).label}`;
  const byMacs = await rowOf(page, name, await page.planByMacs(method, target), null, sizes);
  const rows = [byMacs];
  for (const batch of batches) rows.push(await asAccurate(page, method, byMacs, batch, sizes));
  return rows;
}

async function rowOf(
  page: PageBenchmark,
  name: string,
  plan: TimedPlan,
  batch: number | null,
  { images, calibration }: Sizes,
): Promise<Row> {
  const right = await page.right(plan.recipe, images);
  const repaired = await page.rightRepaired(plan.recipe, images, calibration);
  console.error(`${name}: ${countOf(right)} of ${images} as cut, ${countOf(repaired)} repaired`);
  return { name, plan, batch, right, repaired };
}

/**
 * The plan by time that is as accurate as one by MACs as cut, and as far as can be told repaired, too, at the least share
 * of time that is found. Repaired plans lose so little that the difference of two is chance for the most part.
 */
async function asAccurate(
  page: PageBenchmark,
  method: Compared,
  byMacs: Row,
  batch: number,
  sizes: Sizes,
): Promise<Row> {
  let share = await shareAsCut(page, method, byMacs, batch, sizes.images);
  for (let steps = 0; ; steps++) {
    const name = `${share.toFixed(3)} by time, ${batch} at a time, ${methods.get(method).label}`;
    const plan = await page.planByTime(method, share, batch);
    const byTime = await rowOf(page, name, plan, batch, sizes);
    if (!isWorse(byTime.repaired, byMacs.repaired) || steps === mostSteps) return byTime;
    share += 2 * step;
  }
}

const countOf = (right: readonly number[]) => right.reduce((sum, one) => sum + one, 0);

/** Whether the exact one-sided McNemar test finds that some answers are right less often than others. */
function isWorse(right: readonly number[], others: readonly number[]): boolean {
  const only = (own: readonly number[], other: readonly number[]) =>
    own.filter((one, image) => one > other[image]!).length;
  return mcnemarFirstBetter(only(others, right), only(right, others)) < level;
}

/** The least share of time whose plan, as cut, answers as many images rightly, found by halving. */
async function shareAsCut(
  page: PageBenchmark,
  method: Compared,
  { plan, right }: Row,
  batch: number,
  images: number,
): Promise<number> {
  const foretold = plan!.foretold[batch]! / step;
  let [low, high] = [Math.floor(foretold) - 60, Math.ceil(foretold) + 20];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const { recipe } = await page.planByTime(method, middle * step, batch);
    if (countOf(await page.right(recipe, images)) >= countOf(right)) high = middle;
    else low = middle;
  }
  return high * step;
}

const milliseconds = ({ median, lowerQuartile, upperQuartile }: Spread) =>
  `${median.toPrecision(3)} (${lowerQuartile.toPrecision(3)} to ${upperQuartile.toPrecision(3)})`;
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** What its layers' times foretell of a plan in milliseconds, and how much more it took, as a share. */
function foretoldOf({ plan }: Row, { batchSize, timings }: BatchTimings, index: number) {
  if (!plan) return null;
  const time = plan.foretold[batchSize]! * timings[0]!.time.median;
  return { time, miss: timings[index]!.time.median / time - 1 };
}

function print(rows: readonly Row[], own: LatencyReport, ort: LatencyReport, { images }: Sizes): void {
  const head = [
    ...['share', 'layers cut', 'of MACs', 'top-1 as cut', 'repaired'],
    ...[own, ort].flatMap(({ runtime }) => batches.map((batch) => `${runtime}, ${batch}`)),
    ...batches.map((batch) => `foretold, ${batch}`),
  ];
  const body = rows.map((row, index) => {
    const { name, plan, right, repaired } = row;
    const foretold = own.batches.map((timed) => {
      const found = foretoldOf(row, timed, index);
      return found ? `${found.time.toPrecision(3)} (${percent(found.miss)})` : '';
    });
    return [
      ...[
        name,
        plan?.cut ?? '',
        (plan?.macs ?? 1).toFixed(3),
        percent(countOf(right) / images),
        plan ? percent(countOf(repaired) / images) : '',
      ],
      ...[own, ort].flatMap((report) =>
        report.batches.map(({ timings }) => milliseconds(timings[index]!.time)),
      ),
      ...foretold,
    ];
  });
  for (const cells of [head, head.map(() => '---'), ...body]) console.log(`| ${cells.join(' | ')} |`);
}

/** Plans by time beside those by MACs, in the runs that they were made for. */
function printPairs(rows: readonly Row[], own: LatencyReport): void {
  let former = 0;
  rows.forEach(({ name, batch, repaired }, index) => {
    if (batch === null) former = index;
    const timed = own.batches.find(({ batchSize }) => batchSize === batch);
    if (!timed) return;
    const ratio = timed.timings[index]!.time.median / timed.timings[former]!.time.median;
    const more = countOf(repaired) - countOf(rows[former]!.repaired);
    console.log(
      `${name}: ${ratio.toFixed(3)} of the time of ${rows[former]!.name}, repaired ${more} more images right`,
    );
  });
}

async function benchmark(browser: Browser, address: string, sizes: Sizes): Promise<void> {
  const before = loadavg()[0]!;
  const page = await openPage(browser, address);
  const backend = await page.open();
  const points = await page.measureCurves(selectionImages);
  console.error(`${backend}: the layers' curves are measured, ${points} points`);
  const totals: number[] = [];
  for (const batch of batches) {
    totals.push(await page.timeLayers(batch));
    console.error(
      `${backend}: layers are timed, the network takes ${totals.at(-1)!.toFixed(2)} ms for ${batch}`,
    );
  }
  const right = await page.right(null, sizes.images);
  const rows: Row[] = [{ name: 'original', plan: null, batch: null, right, repaired: right }];
  for (const target of targets)
    for (const method of compared) rows.push(...(await plansOf(page, method, target, sizes)));
  const recipes = rows.flatMap(({ plan }) => (plan ? [plan.recipe] : []));
  const own = await page.time(recipes, 'own', batches, sizes.rounds);
  const ort = await page.time(recipes, 'ort', batches, sizes.rounds);
  print(rows, own, ort, sizes);
  printPairs(rows, own);
  const load = [before, loadavg()[0]!];
  console.log(
    `ResNet-56, ${sizes.images} images, repaired on ${sizes.calibration}; ms a run, median and half of ${sizes.rounds} runs in turns; load ${load.map((one) => one.toFixed(1)).join(' → ')}`,
  );
  const counted = rows.map((row) => ({
    ...{ ...row, right: countOf(row.right), repaired: countOf(row.repaired) },
  }));
  writeResult('times', { sizes, load, totals, rows: counted, own, ort });
}

const [rounds = 15, calibration = 256, images = 1000] = process.argv.slice(2).map(Number);
if (Object.values(files).every((path) => path !== null)) {
  const input = fileURLToPath(new URL('./times/index.html', import.meta.url));
  const outDir = fileURLToPath(new URL('../.cache/bench-times', import.meta.url));
  await withStudio((browser, address) => benchmark(browser, address, { rounds, calibration, images }), {
    outDir,
    emptyOutDir: true,
    rolldownOptions: { input },
  });
} else console.log('Skipped: needs ../shared/reference with res56 and cifar10.');
