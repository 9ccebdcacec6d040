import type { Locator, Page } from '@playwright/test';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isToday } from '../scripts/ofToday';
import { writeFile } from './tinyFiles';
import { readNetwork } from '../src/formats/models';
import { networkCost } from '../src/network/cost';
import { StudioPage } from './studioPage';
import { expect, test } from './test';

/*
 * From files of one's own to a smaller network that is opened again, in three ways: by keyboard alone, by touch on a
 * phone, and by mouse on a small laptop.
 */

const fileOf = (name: string) => fileURLToPath(new URL(`../public/samples/${name}`, import.meta.url));
const network = fileOf('residual.onnx');
const images = fileOf('validation.bin.gz');
/** Names of the classes, one a line. */
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('').join('\n');
/** Few images, so that repair and race take a moment. */
const quickly = '?sample=none&backend=wasm&metric=energy&split=24,48,60&candidates=4';
const reported = 60;

test.skip(!existsSync(network) || !existsSync(images), 'needs public/samples (npm run samples)');

function listOfClasses(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return writeFile(folder, 'classes.txt', letters);
}

/** Presses Tab until a control has the focus, as somebody does who has no mouse. */
async function tabTo(page: Page, control: Locator): Promise<void> {
  await expect(control).toBeEnabled();
  for (let presses = 0; presses < 400; presses++) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`expected Tab to come to ${String(control)}, found that it never does`);
}

/** What press gives: a download, kept under a name. */
async function downloaded(page: Page, to: string, press: () => Promise<void>): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), press()]);
  await download.saveAs(to);
  return download.suggestedFilename();
}

/** Chooses files in the browser's chooser, which a press opens. */
async function chosen(page: Page, files: string | string[], press: () => Promise<void>): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press()]);
  await chooser.setFiles(files);
}

/** The written network has about half the MACs of the sample, and was repaired. */
async function expectHalf(path: string, macs: number): Promise<void> {
  const written = await readNetwork([{ name: path, bytes: new Uint8Array(readFileSync(path)) }]);
  expect(Math.abs(networkCost(written).macs / macs - 0.5)).toBeLessThan(0.03);
  expect(written.metadata['enc.repaired']).toBe('true');
}

async function macsOfSample(): Promise<number> {
  const whole = await readNetwork([{ name: network, bytes: new Uint8Array(readFileSync(network)) }]);
  return networkCost(whole).macs;
}

/** Nothing reaches further to the side than the window. */
async function expectNoScrolling(page: Page): Promise<void> {
  const [inner, outer] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(inner).toBeLessThanOrEqual(outer!);
}

test('a whole journey by keyboard alone', async ({ page }, info) => {
  test.skip(!isToday(0, 3), 'tried on one day in three; EVERY_CASE=1 tries it');
  const studio = new StudioPage(page);
  const names = listOfClasses(info.outputDir);
  const { keyboard } = page;
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  const press = async (control: Locator) => {
    await tabTo(page, control);
    await keyboard.press('Enter');
  };
  await studio.open(quickly);
  await chosen(page, network, () => press(button('Open network…')));
  await expect(studio.network).toContainText('residual');
  await chosen(page, [images, names], () => press(button('Open images…')));
  await studio.waitForPlan('ENC-Map');

  await tabTo(page, studio.slider);
  await keyboard.press('Home');
  while ((await studio.target()) < 50) await keyboard.press('PageUp');
  await studio.waitForTarget();
  const repaired = await studio.measured('ENC-Map', reported, 'Repaired');

  await press(button('Compare…'));
  const dialog = page.getByRole('dialog', { name: /^Compare at 50/ });
  await expect(dialog).toBeVisible();
  await keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(button('Compare…')).toBeFocused();

  await press(button('Formats for ENC-Map'));
  const table = join(info.outputDir, 'plan.csv');
  expect(await downloaded(page, table, () => press(button('Plan as CSV')))).toMatch(/\.csv$/);
  expect(readFileSync(table, 'utf8')).toContain('conv');
  await keyboard.press('Escape');
  const file = join(info.outputDir, 'smaller.onnx');
  expect(await downloaded(page, file, () => press(button('Download ENC-Map')))).toMatch(/map-0\.5\.onnx$/);
  await expectHalf(file, await macsOfSample());

  await chosen(page, file, () => press(button('Open network…')));
  await expect(studio.network).toContainText('smaller');
  expect(await studio.measured('Original', reported)).toBe(repaired);
});

test('a whole journey on a phone, by touch', async ({ browser }, info) => {
  test.skip(!isToday(1, 3), 'tried on one day in three; EVERY_CASE=1 tries it');
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const page = await context.newPage();
  const studio = new StudioPage(page);
  const names = listOfClasses(info.outputDir);
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  await studio.open(quickly);
  await chosen(page, network, () => button('Open network…').tap());
  await expect(studio.network).toContainText('residual');
  await chosen(page, [images, names], () => button('Open images…').tap());
  await studio.waitForPlan('ENC-Map');
  await expectNoScrolling(page);

  await studio.slider.scrollIntoViewIfNeeded();
  const { width, height } = (await studio.slider.boundingBox())!;
  await studio.slider.tap({ position: { x: ((50 - 5) / 95) * width, y: height / 2 } });
  await studio.waitForTarget();
  expect(Math.abs((await studio.target()) - 50)).toBeLessThanOrEqual(3);
  const repaired = await studio.measured('ENC-Map', reported, 'Repaired');

  await button('Compare…').tap();
  const dialog = page.getByRole('dialog', { name: /^Compare at/ });
  await expect(dialog).toBeVisible();
  const box = (await dialog.boundingBox())!;
  expect(box.x).toBeGreaterThanOrEqual(0);
  expect(box.x + box.width).toBeLessThanOrEqual(390);
  await dialog.getByRole('button', { name: 'Close' }).tap();
  await expect(dialog).toBeHidden();

  await button('Formats for ENC-Map').tap();
  const plan = join(info.outputDir, 'plan.json');
  expect(await downloaded(page, plan, () => button('Plan as JSON').tap())).toMatch(/\.json$/);
  await page.keyboard.press('Escape');
  const file = join(info.outputDir, 'smaller.onnx');
  expect(await downloaded(page, file, () => button('Download ENC-Map').tap())).toMatch(/map.*\.onnx$/);
  await expectHalf(file, await macsOfSample());
  await expectNoScrolling(page);

  await chosen(page, file, () => button('Open network…').tap());
  await expect(studio.network).toContainText('smaller');
  expect(await studio.measured('Original', reported)).toBe(repaired);
  await context.close();
});

test('a whole journey on a small laptop, by mouse', async ({ page }, info) => {
  test.skip(!isToday(2, 3), 'tried on one day in three; EVERY_CASE=1 tries it');
  await page.setViewportSize({ width: 1280, height: 720 });
  const studio = new StudioPage(page);
  const names = listOfClasses(info.outputDir);
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  await studio.open(quickly);
  await studio.drop(network, images, names);
  await studio.waitForPlan('ENC-Map');
  await expectNoScrolling(page);

  await studio.dragTo(50);
  expect(Math.abs((await studio.target()) - 50)).toBeLessThanOrEqual(2);
  const repaired = await studio.measured('ENC-Map', reported, 'Repaired');
  // A layer is kept whole and its rank comes back with one step undone.
  const row = studio.layers.getByRole('row', { name: /stage2\S*conv1/ }).first();
  await row.click();
  const rank = await row.locator('[data-rank]').innerText();
  const cut = row.getByRole('switch');
  await cut.click();
  await expect(cut).not.toBeChecked();
  await expect(row.locator('[data-rank]')).not.toHaveText(rank);
  await button('Undo').click();
  await expect(row.locator('[data-rank]')).toHaveText(rank);

  await button('Compare…').click();
  const dialog = page.getByRole('dialog', { name: /^Compare at/ });
  await expect(dialog).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(dialog).toBeHidden();

  const file = join(info.outputDir, 'smaller.onnx');
  expect(await downloaded(page, file, () => button('Download ENC-Map').click())).toMatch(/map.*\.onnx$/);
  await expectHalf(file, await macsOfSample());
  await studio.drop(file);
  await expect(studio.network).toContainText('smaller');
  expect(await studio.measured('Original', reported)).toBe(repaired);
});
