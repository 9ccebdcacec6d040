import type { Page } from '@playwright/test';
import { expect, test } from './test';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Manifest } from '../samples/manifest';
import { readNetwork } from '../src/formats/models';
import { networkCost } from '../src/network/cost';
import { StudioPage } from './studioPage';
import { tinyNetwork, writeOnnxFile } from './tinyFiles';
import { coloursOf, drawn, holdBack } from './watching';

const manifestPath = fileURLToPath(new URL('../public/samples/manifest.json', import.meta.url));
const manifest = existsSync(manifestPath)
  ? (JSON.parse(readFileSync(manifestPath, 'utf8')) as Manifest)
  : null;

test.skip(manifest === null, 'needs public/samples/manifest.json (npm run samples)');

/** What the manifest says of a network. */
function entryOf(name: string) {
  return manifest!.networks.find((network) => network.name === name)!;
}

/** "1,471 of 1,560 images" */
function accuracyText(name: string): string {
  const { correct, count } = entryOf(name).accuracy;
  return `${correct.toLocaleString('en-US')} of ${count.toLocaleString('en-US')} images`;
}

/** Notes every shift of what is on the page from now on, so that a page that jumps is found out. */
async function noteShifts(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) {
        shifts.push(entry.value);
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return () =>
    page.evaluate(() => (window as unknown as { shifts: number[] }).shifts.reduce((a, b) => a + b, 0));
}

test('first visit: a sample with its images, measured as the manifest says, and nothing jumps', async ({
  page,
}) => {
  const shiftsOf = await noteShifts(page);
  const studio = new StudioPage(page);
  await studio.open('');
  await expect(studio.network).toContainText('vgg');
  await studio.waitForPlan('ENC-Map');
  const curves = page.getByRole('figure', { name: 'Layers’ curves' });
  await expect(curves).toContainText(/one curve per layer, \d+ layers/);
  await expect(curves).not.toContainText(/, 0 layers/);
  await expect(studio.images).toContainText(/1.560 images/);
  await expect(studio.method('Original')).toContainText(accuracyText('vgg'));
  // A tenth is what counts as bad; the page should be far from it.
  expect(await shiftsOf()).toBeLessThan(0.02);
});

test('switching samples, and from a sample to a network of one’s own', async ({ page }, info) => {
  const studio = new StudioPage(page);
  await studio.open();
  // The way to one's own network stands beside the samples.
  const start = page.getByRole('main', { name: 'Start' });
  await expect(start.getByRole('button', { name: 'Use your own network…' })).toBeVisible();
  await start.getByRole('button', { name: `Open the sample ${entryOf('vgg').title}` }).click();
  await expect(studio.network).toContainText('vgg');
  await studio.waitForPlan('ENC-Map');

  await page.getByRole('button', { name: 'Samples…' }).click();
  const gallery = page.getByRole('dialog', { name: 'Samples' });
  const cards = gallery.getByRole('list', { name: 'Samples' }).getByRole('listitem');
  await expect(cards).toHaveCount(manifest!.networks.length);
  await expect(gallery.getByRole('button', { name: 'Use your own network…' })).toBeVisible();
  const residual = gallery.getByRole('button', { name: `Open the sample ${entryOf('residual').title}` });
  await residual.click();
  await expect(gallery).toBeHidden();
  await expect(studio.network).toContainText('residual');
  await expect(studio.method('Original')).toContainText(accuracyText('residual'));

  mkdirSync(info.outputDir, { recursive: true });
  await studio.chooseNetwork(await writeOnnxFile(info.outputDir, 'tiny.onnx', tinyNetwork()));
  await expect(studio.network).toContainText('tiny');
  // The letters say nothing about this network: they go, without a complaint.
  await expect(studio.images).toContainText('none yet');
  await expect(studio.images.getByRole('alert')).toHaveCount(0);
});

test('files that are dropped while a sample loads take its place', async ({ page }, info) => {
  mkdirSync(info.outputDir, { recursive: true });
  const studio = new StudioPage(page);
  const files = await holdBack(page, /samples\/.*\.(onnx|gz)$/);
  await studio.open('');
  await files.asked();
  await expect(studio.progress).toContainText('Loading the sample');
  await studio.drop(await writeOnnxFile(info.outputDir, 'tiny.onnx', tinyNetwork()));
  await expect(studio.network).toContainText('tiny');
  await studio.waitForPlan('ENC-Map');
  // Whatever comes of the sample now comes too late.
  await files.release();
  await drawn(page);
  await studio.waitForRest();
  await expect(studio.network).toContainText('tiny');
  await expect(studio.images).toContainText('none yet');
});

test('the images: label and answers, the changed first, filtered, by keyboard', async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.open('?sample=vgg&target=0.3&metric=energy&repair=off&split=24,48,520');
  await studio.measured('Original', 520);
  await studio.measured('ENC-Map', 520);
  const same = studio.method('ENC-Map').getByRole('button', { name: /same answers/ });
  await same.click();
  const dialog = page.getByRole('dialog', { name: 'Images' });
  const items = dialog.getByRole('list', { name: 'Images and answers' }).getByRole('listitem');
  await expect(items).toHaveCount(120);

  // Every name says its label and both answers; those that changed come first.
  const names = await items.evaluateAll((all) => all.map((item) => item.getAttribute('aria-label') ?? ''));
  const answers = names.map((name) => /^image \d+: ([A-Z]), original ([A-Z]), ENC-Map ([A-Z])$/.exec(name));
  expect(answers.filter((match) => match === null)).toEqual([]);
  const isChanged = answers.map((match) => match![2] !== match![3]);
  expect(isChanged[0]).toBe(true);
  expect(isChanged.lastIndexOf(true)).toBeLessThanOrEqual(isChanged.filter(Boolean).length - 1);
  // Right answers that became wrong come before all others.
  expect(answers[0]![1]).toBe(answers[0]![2]);

  // Pixels were drawn: a canvas of one colour would be empty.
  await expect.poll(() => coloursOf(items.first().locator('canvas'))).toBeGreaterThan(8);

  const share = parseFloat(await same.innerText());
  const changed = dialog.getByRole('radio', { name: /^Changed/ });
  await dialog.getByRole('radio', { name: /^All/ }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(changed).toBeChecked();
  const count = Number(
    /of ([\d,]+)/.exec(await dialog.getByRole('navigation').innerText())![1]!.replace(',', ''),
  );
  expect(((520 - count) / 520) * 100).toBeCloseTo(share, 0);

  await dialog.getByRole('radio', { name: /^All/ }).check();
  await dialog.getByRole('button', { name: 'Next images' }).click();
  await expect(dialog).toContainText('121–240 of 520');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('the main journey on a built-in sample', async ({ page }, info) => {
  const studio = new StudioPage(page);
  await studio.open('?sample=vgg&backend=wasm&metric=energy&repair=off');
  await studio.waitForPlan('ENC-Map');

  // By mouse, then by keyboard to exactly 50 %.
  await studio.dragTo(70);
  expect(Math.abs((await studio.target()) - 70)).toBeLessThanOrEqual(2);
  await studio.stepTo(50);
  await expect(studio.slider).toHaveAttribute('aria-valuetext', /50 % of MACs, achieved (49\.\d|50\.0) %/);
  const row = studio.layers.getByRole('row').filter({ hasText: 'stage2/conv1' });
  await expect(row).toContainText(/\d+\s*\/\s*64/);

  const { fraction, count } = entryOf('vgg').accuracy;
  const before = await studio.measured('Original', count);
  expect(before).toBeCloseTo(fraction * 100, 6);
  const after = await studio.measured('ENC-Map', count);
  expect(after).toBeGreaterThan(before - 10);

  const file = join(info.outputDir, 'smaller.onnx');
  expect(await studio.download('ENC-Map', file)).toBe('vgg-map-0.5.onnx');
  const written = await readNetwork([{ name: 'smaller.onnx', bytes: new Uint8Array(readFileSync(file)) }]);
  expect(networkCost(written).macs / entryOf('vgg').macs).toBeCloseTo(0.5, 2);
  expect(written.metadata['enc.method']).toBe('map');

  // The sample's images and preprocessing stay: they fit the smaller network as well.
  await studio.chooseNetwork(file);
  await expect(studio.network).toContainText('smaller');
  expect(await studio.measured('Original', count)).toBe(after);
});
