import { expect, type Browser, type Page } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import {
  activation,
  chainOf,
  evenPadding,
  randomConvolution,
  randomDense,
  seededNumbers,
  square,
} from '../src/network/testing/builders';
import { StudioPage } from './studioPage';
import { writeIdxFiles, writeOnnxFile } from './tinyFiles';

/** Five layers that can be cut, and images of 8×8: their curves take some seconds to measure. */
export async function fewLayers(folder: string): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const numbers = seededNumbers(5);
  const convolution = (inputs: number) =>
    randomConvolution(numbers, { kernel: square(3), padding: evenPadding(1), inputs, outputs: 12 });
  const hidden = Array.from({ length: 5 }, () => [convolution(12), activation('relu')]).flat();
  const network = chainOf(
    [8, 8, 1],
    [
      convolution(1),
      activation('relu'),
      ...hidden,
      { kind: 'globalPool', reduce: 'average', keepDimensions: false },
      randomDense(numbers, 12, 4),
    ],
  );
  return [await writeOnnxFile(folder, 'few.onnx', network), ...writeIdxFiles(folder, 160, 8, 4)];
}

/** Measured curves on WebAssembly, with nothing else to do; every result follows from it alone. */
export const measuring = '?sample=none&backend=wasm&repair=off&split=48,64&candidates=4&metric=divergence';

/** Opens the page and the files; the preset is chosen, so that none is looked for. */
export async function beginMeasuring(page: Page, files: readonly string[]): Promise<StudioPage> {
  const studio = new StudioPage(page);
  await studio.open(measuring);
  await dropFiles(studio, files);
  return studio;
}

export async function dropFiles(studio: StudioPage, files: readonly string[]): Promise<void> {
  await studio.choosePreset('0 to 1');
  await studio.drop(...files);
}

/** Waits until the curves are measured to their end and every race is over. */
export async function measuredToEnd(studio: StudioPage): Promise<void> {
  await studio.measured('ENC-Inf');
  await studio.waitForRest();
}

/** What the browser keeps of the curves, one text per piece, in order. */
export const storedPoints = (page: Page) => stored(page, 'points');

/** What it keeps of races: which images each candidate answered rightly. */
export const storedAnswers = (page: Page) => stored(page, 'correct');

/** Records of one of the studio's databases; opens none that is not there yet. */
function stored(page: Page, store: string): Promise<readonly string[]> {
  return page.evaluate(async (own) => {
    const wait = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('no reason'));
      });
    const there = await indexedDB.databases();
    if (!there.some(({ name }) => name === `enc-studio-${own}`)) return [];
    const database = await wait(indexedDB.open(`enc-studio-${own}`));
    try {
      if (!database.objectStoreNames.contains(own)) return [];
      const records: unknown[] = await wait(database.transaction(own).objectStore(own).getAll());
      const inOrder = (_: string, value: unknown) =>
        value && typeof value === 'object' && !Array.isArray(value)
          ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
          : value;
      return records.map((record) => JSON.stringify(record, inOrder)).sort();
    } finally {
      database.close();
    }
  }, store);
}

/** How many points the page says that its curves are drawn through. */
export async function shownPoints({ page }: StudioPage): Promise<number> {
  await page.getByRole('button', { name: 'Points', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Points of the curves' });
  await expect(dialog).toContainText(/\d+ points are measured/);
  const [, count] = /([\d,]+) points are measured/.exec(await dialog.innerText())!;
  await page.keyboard.press('Escape');
  return Number(count!.replaceAll(',', ''));
}

let known: readonly string[] | null = null;

/** What an undisturbed page measures on {@link fewLayers}, in a browser that knows nothing yet. */
export async function undisturbed(browser: Browser, files: readonly string[]): Promise<readonly string[]> {
  return (known ??= await measureUndisturbed(browser, files));
}

async function measureUndisturbed(browser: Browser, files: readonly string[]): Promise<readonly string[]> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await measuredToEnd(await beginMeasuring(page, files));
  const points = await storedPoints(page);
  expect(points.length).toBeGreaterThan(20);
  await context.close();
  return points;
}
