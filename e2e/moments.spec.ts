import type { Browser, Page } from '@playwright/test';
import { expect, test } from './test';
import { mkdirSync } from 'node:fs';
import { ofToday } from '../scripts/ofToday';
import {
  beginMeasuring,
  dropFiles,
  fewLayers,
  measuredToEnd,
  measuring,
  storedAnswers,
  storedPoints,
  undisturbed,
} from './storedPoints';
import { StudioPage } from './studioPage';
import { tinyNetwork, writeIdxFiles, writeOnnxFile } from './tinyFiles';

/*
 * Whatever happens to a page while it measures, in the end it knows what an undisturbed one does: no point is lost,
 * doubled or different.
 */

/** Waits until the page keeps at least so many pieces of the curves. */
async function pointsKept(page: Page, count: number): Promise<void> {
  await expect.poll(async () => (await storedPoints(page)).length).toBeGreaterThanOrEqual(count);
}

/** Shares of the curves that are kept when the page is loaded again; the last one is when the race has begun. */
const moments = [0.01, 0.1, 0.2, 0.3, 0.45, 0.6, 0.7, 0.8, 0.9, 'race'] as const;

async function loadedAgain(page: Page, browser: Browser, folder: string): Promise<void> {
  const few = await fewLayers(folder);
  const expected = await undisturbed(browser, few);
  const studio = await beginMeasuring(page, few);
  for (const moment of ofToday(moments, 4)) {
    if (moment === 'race')
      await expect.poll(async () => (await storedAnswers(page)).length).toBeGreaterThan(0);
    else await pointsKept(page, Math.ceil(moment * expected.length));
    await studio.reload();
    await dropFiles(studio, few);
  }
  await measuredToEnd(studio);
  expect(await storedPoints(page)).toEqual(expected);
  await expect(page.getByRole('alert')).toHaveCount(0);
}

async function heldStill(page: Page, browser: Browser, folder: string): Promise<void> {
  const few = await fewLayers(folder);
  const expected = await undisturbed(browser, few);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  const studio = await beginMeasuring(page, few);
  await pointsKept(page, Math.ceil(0.2 * expected.length));
  // The page's own thread is stopped by the debugger.
  const held = new Promise((resolve) => devtools.once('Debugger.paused', resolve));
  await devtools.send('Debugger.enable');
  await devtools.send('Debugger.pause');
  await held;
  // Its threads go on meanwhile, for as long as another page takes to open.
  const context = await browser.newContext();
  await new StudioPage(await context.newPage()).open();
  await context.close();
  await devtools.send('Debugger.resume');
  await devtools.send('Debugger.disable');
  await studio.stepTo(40);
  await measuredToEnd(studio);
  expect(await storedPoints(page)).toEqual(expected);
  await expect(page.getByRole('alert')).toHaveCount(0);
}

interface Renderer {
  readonly id: number;
  /** Processor seconds since it began. */
  readonly cpuTime: number;
}

async function renderers(browser: Browser): Promise<readonly Renderer[]> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer');
}

/** The process that a page and its workers run in: the one that spends what the page is made to spend. */
async function processOf(page: Page, browser: Browser): Promise<number> {
  const before = new Map((await renderers(browser)).map(({ id, cpuTime }) => [id, cpuTime]));
  await page.evaluate(() => {
    let sum = 0;
    for (let step = 0; step < 3e8; step++) sum += step % 7;
    return sum;
  });
  const spent = (await renderers(browser)).map(({ id, cpuTime }) => ({
    id,
    cpuTime: cpuTime - (before.get(id) ?? 0),
  }));
  return spent.reduce((most, one) => (one.cpuTime > most.cpuTime ? one : most)).id;
}

/** Notes in a page when its workers answer, and calls `freeze` at one of these answers. */
function noteAnswers(chosen: number): void {
  const answers: number[] = [];
  Object.assign(window, { answers });
  const listen = Worker.prototype.addEventListener as (...all: unknown[]) => void;
  const known = new WeakSet<Worker>();
  Worker.prototype.addEventListener = function (this: Worker, ...all: unknown[]) {
    listen.apply(this, all);
    if (known.has(this)) return;
    known.add(this);
    listen.call(this, 'message', () => {
      if (answers.push(performance.now()) === chosen) (window as unknown as { freeze(): void }).freeze();
    });
  } as typeof Worker.prototype.addEventListener;
}

/** At which answer of the page's workers it is frozen: while its curves are measured. */
const moment = 45;

async function frozen(page: Page, browser: Browser, folder: string): Promise<void> {
  const few = await fewLayers(folder);
  const expected = await undisturbed(browser, few);
  let id = 0;
  // What becomes of a frozen tab, and of a machine that is put to sleep: page and threads stand still.
  const stopped = new Promise<number>((resolve) => {
    void page.exposeFunction('freeze', () => {
      process.kill(id, 'SIGSTOP');
      resolve(performance.now());
    });
  });
  await page.addInitScript(noteAnswers, moment);
  const studio = new StudioPage(page);
  await studio.open(measuring);
  id = await processOf(page, browser);
  const dropping = dropFiles(studio, few);
  const since = await stopped;
  let heldMs: number;
  try {
    const spent = async () => (await renderers(browser)).find((renderer) => renderer.id === id)?.cpuTime;
    const atRest = await spent();
    expect(atRest).toBeGreaterThan(0);
    const context = await browser.newContext();
    await new StudioPage(await context.newPage()).open();
    await context.close();
    expect(await spent()).toBe(atRest);
  } finally {
    heldMs = performance.now() - since;
    process.kill(id, 'SIGCONT');
  }
  await dropping;
  await measuredToEnd(studio);
  expect(await storedPoints(page)).toEqual(expected);
  await expect(page.getByRole('alert')).toHaveCount(0);
  // It was in the midst of it: nothing came for as long as it stood still, and many answers behind that.
  const answers = await page.evaluate(() => (window as unknown as { answers: number[] }).answers);
  const still = answers.findIndex((time, index) => index > 0 && time - answers[index - 1]! > 0.9 * heldMs);
  expect(still).toBeGreaterThanOrEqual(moment);
  expect(answers.length - still).toBeGreaterThan(20);
}

const repairing = '?sample=none&backend=wasm&split=48,64&candidates=4&metric=energy&target=0.4';

/** Layers that are repaired when the page is loaded again. */
const steps = [1, 2, 3, 4, 5] as const;

async function loadedInRepair(page: Page, browser: Browser, folder: string): Promise<void> {
  const few = await fewLayers(folder);
  const begin = async (own: Page) => {
    const studio = new StudioPage(own);
    await studio.open(repairing);
    await dropFiles(studio, few);
    return studio;
  };
  const context = await browser.newContext();
  const expected = await (await begin(await context.newPage())).measured('ENC-Map', undefined, 'Repaired');
  await context.close();
  const studio = await begin(page);
  for (const step of ofToday(steps, 5)) {
    const repaired = studio.method('ENC-Map').getByRole('group', { name: 'Repaired' });
    const bar = page.getByRole('progressbar', { name: /^Repairing ENC-Map/ });
    // Short as it is, it may be over before anybody looks.
    const isThere = async () => {
      if ((await repaired.getByText(/ of \d+ images/).count()) > 0) return true;
      const done = await bar.getAttribute('aria-valuenow', { timeout: 100 }).catch(() => null);
      return done !== null && Number(done) >= step;
    };
    await expect.poll(isThere).toBe(true);
    await studio.reload();
    await dropFiles(studio, few);
  }
  expect(await studio.measured('ENC-Map', undefined, 'Repaired')).toBe(expected);
  await expect(page.getByRole('alert')).toHaveCount(0);
}

const distilling =
  '?sample=none&metric=energy&backend=wasm&target=0.2&split=60,6&method=map&pair=map,map&candidates=2';
const epochs = 300;

/** Epochs behind which the page is loaded again while it distils. */
const ends = [1, 25, 50, 75, 100, 125, 150, 175, 200, 225] as const;

async function loadedInDistillation(page: Page, browser: Browser, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const network = await writeOnnxFile(folder, 'mine.onnx', tinyNetwork());
  const images = writeIdxFiles(folder, 120, 8, 4);
  const title = 'Distil: train towards the original’s answers';
  const begin = async (own: Page) => {
    const studio = new StudioPage(own);
    await studio.open(distilling);
    await studio.choosePreset('0 to 1');
    await studio.drop(network, ...images);
    await own.getByRole('button', { name: 'Keep', exact: true }).click();
    await studio.measured('ENC-Map', 54, 'Repaired');
    await own.getByTitle(title).click();
    const panel = own.getByRole('dialog', { name: title });
    await panel.getByLabel('Epochs').fill(String(epochs));
    await panel.getByLabel('Epochs').press('Enter');
    await panel.getByRole('button', { name: /^Begin \(about / }).click();
    return studio;
  };
  const distilled = async (studio: StudioPage) => {
    const line = studio.method('ENC-Map').getByRole('group', { name: 'Distilled' });
    await expect(line).toContainText(' of 54 images');
    return line.innerText();
  };
  const context = await browser.newContext();
  const expected = await distilled(await begin(await context.newPage()));
  await context.close();
  const studio = await begin(page);
  const said = page.getByRole('dialog', { name: title }).getByRole('status');
  for (const end of ofToday(ends, 5)) {
    const done = async () => {
      const text = await said.innerText();
      return Number(new RegExp(`epoch (\\d+) of ${epochs} is done`).exec(text)?.[1] ?? 0);
    };
    await expect.poll(done).toBeGreaterThanOrEqual(end);
    await studio.reload();
    await page.getByTitle(title).click();
  }
  expect(await distilled(studio)).toBe(expected);
  await expect(page.getByRole('alert')).toHaveCount(0);
}

const journeys = [
  ['loaded again in the midst of curves and races, it loses, doubles and changes no point', loadedAgain],
  ['its own thread held still, and on a slow processor, it measures the same', heldStill],
  ['frozen with all its threads and resumed, it loses, doubles and changes no point', frozen],
  ['loaded again in the midst of a repair, it repairs to the same accuracy', loadedInRepair],
  ['loaded again in the midst of a distillation, it distils to the same accuracy', loadedInDistillation],
] as const;
for (const [title, journey] of ofToday(journeys, 5))
  test(title, ({ page, browser }, info) => journey(page, browser, info.outputDir));
