/**
 * ResNet-56 and what ENC-Map makes of it at 0.5 and 0.3 of its MACs, and at budgets on time that keep as much accuracy,
 * in headless Chromium on WebAssembly: times of the studio and of ONNX Runtime Web, one image and 50 at a time, all
 * networks in turns in one thread, and how far the layers' times foretell them. Prints the table that the README shows
 * and writes `bench/results/times.json`. Run: npx tsx bench/times.ts [ROUNDS [CALIBRATION [IMAGES]]]
 */
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { referencePath } from '../scripts/reference';
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
/** Steps between shares of time that are tried, and how often more is given where repair makes too little of a plan. */
const [step, mostSteps] = [0.005, 4];

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
  /** Right answers as cut, and repaired. */
  readonly right: number;
  readonly repaired: number;
}

interface Sizes {
  readonly rounds: number;
  readonly calibration: number;
  readonly images: number;
}

/** The plan at a share of the MACs, and by each batch the plan of the least time that keeps as much accuracy. */
async function plansOf(page: PageBenchmark, target: number, sizes: Sizes): Promise<readonly Row[]> {
  const byMacs = await rowOf(page, `${target} by MACs`, await page.planByMacs(target), null, sizes);
  const rows = [byMacs];
  for (const batch of batches) rows.push(await asAccurate(page, byMacs, batch, sizes));
  return rows;
}

async function rowOf(
  page: PageBenchmark,
  name: string,
  plan: TimedPlan,
  batch: number | null,
  { images, calibration }: Sizes,
): Promise<Row> {
  const right = await page.right(plan.ranks, images);
  const repaired = await page.rightRepaired(plan.ranks, images, calibration);
  console.error(`${name}: ${right} of ${images} as cut, ${repaired} repaired`);
  return { name, plan, batch, right, repaired };
}

/** The plan by time that is, repaired, as accurate as one by MACs, at the least share of time that is found. */
async function asAccurate(page: PageBenchmark, byMacs: Row, batch: number, sizes: Sizes): Promise<Row> {
  let share = await shareAsCut(page, byMacs, batch, sizes.images);
  for (let steps = 0; ; steps++) {
    const name = `${share.toFixed(3)} by time, ${batch} at a time`;
    const byTime = await rowOf(page, name, await page.planByTime(share, batch), batch, sizes);
    if (byTime.repaired >= byMacs.repaired || steps === mostSteps) return byTime;
    share += 2 * step;
  }
}

/** The least share of time whose plan, as cut, answers as many images rightly, found by halving. */
async function shareAsCut(
  page: PageBenchmark,
  { plan, right }: Row,
  batch: number,
  images: number,
): Promise<number> {
  const foretold = plan!.foretold[batch]! / step;
  let [low, high] = [Math.floor(foretold) - 40, Math.ceil(foretold) + 20];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const { ranks } = await page.planByTime(middle * step, batch);
    if ((await page.right(ranks, images)) >= right) high = middle;
    else low = middle;
  }
  return high * step;
}

const milliseconds = ({ median, lowerQuartile, upperQuartile }: Spread) =>
  `${median.toPrecision(3)} (${lowerQuartile.toPrecision(3)} to ${upperQuartile.toPrecision(3)})`;
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** How much more time a plan took than its layers' times foretell, as a share. */
const missOf = ({ plan }: Row, { batchSize, timings }: BatchTimings, index: number) =>
  plan && 1 / timings[index]!.speedUp.median / plan.foretold[batchSize]! - 1;

function print(rows: readonly Row[], own: LatencyReport, ort: LatencyReport, { images }: Sizes): void {
  const head = [
    ...['share', 'of MACs', 'top-1 as cut', 'repaired'],
    ...[own, ort].flatMap(({ runtime }) => batches.map((batch) => `${runtime}, ${batch}`)),
    ...batches.map((batch) => `foretold, ${batch}`),
  ];
  const body = rows.map((row, index) => {
    const { name, plan, right, repaired } = row;
    const foretold = own.batches.map((timed) => {
      const miss = missOf(row, timed, index);
      if (miss === null) return '';
      const time = plan!.foretold[timed.batchSize]! * timed.timings[0]!.time.median;
      return `${time.toPrecision(3)} (${percent(miss)})`;
    });
    return [
      ...[
        name,
        (plan?.macs ?? 1).toFixed(3),
        percent(right / images),
        plan ? percent(repaired / images) : '',
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
    const more = repaired - rows[former]!.repaired;
    console.log(
      `${name}: ${ratio.toFixed(3)} of the time of ${rows[former]!.name}, ${more} more images right`,
    );
  });
}

async function benchmark(browser: Browser, address: string, sizes: Sizes): Promise<void> {
  const before = loadavg()[0]!;
  const page = await openPage(browser, address);
  const backend = await page.open();
  const totals: number[] = [];
  for (const batch of batches) {
    totals.push(await page.timeLayers(batch));
    console.error(
      `${backend}: layers are timed, the network takes ${totals.at(-1)!.toFixed(2)} ms for ${batch}`,
    );
  }
  const right = await page.right(null, sizes.images);
  const rows: Row[] = [{ name: 'original', plan: null, batch: null, right, repaired: right }];
  for (const target of targets) rows.push(...(await plansOf(page, target, sizes)));
  const ranks = rows.flatMap(({ plan }) => (plan ? [plan.ranks] : []));
  const own = await page.time(ranks, 'own', batches, sizes.rounds);
  const ort = await page.time(ranks, 'ort', batches, sizes.rounds);
  print(rows, own, ort, sizes);
  printPairs(rows, own);
  const load = [before, loadavg()[0]!];
  console.log(
    `ResNet-56, ${sizes.images} images, repaired on ${sizes.calibration}; ms a run, median and half of ${sizes.rounds} runs in turns; load ${load.map((one) => one.toFixed(1)).join(' → ')}`,
  );
  writeResult('times', { sizes, load, totals, rows, own, ort });
}

const [rounds = 5, calibration = 256, images = 1000] = process.argv.slice(2).map(Number);
if (Object.values(files).every((path) => path !== null)) {
  const input = fileURLToPath(new URL('./times/index.html', import.meta.url));
  const outDir = fileURLToPath(new URL('../.cache/bench-times', import.meta.url));
  await withStudio((browser, address) => benchmark(browser, address, { rounds, calibration, images }), {
    outDir,
    emptyOutDir: true,
    rolldownOptions: { input },
  });
} else console.log('Skipped: needs ../shared/reference with res56 and cifar10.');
