import { chromium, type Page } from 'playwright-core';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { referencePath } from '../scripts/reference';
import { ensureChromium } from '../scripts/setup.mjs';
import { coloursOf, drawn } from './watching';

/*
 * Photographs the page for looking at it: `npx tsx e2e/screens.ts ADDRESS FOLDER`, with the page served at
 * ADDRESS. Two sizes, light and dark: empty, loaded (where the reference collection is there), first visit, and
 * the grid of images.
 */

const [address = 'http://localhost:4173/', folder = 'test-results/screens'] = process.argv.slice(2);
const views = [
  { name: 'desktop', viewport: { width: 1440, height: 900 } },
  { name: 'phone', viewport: { width: 390, height: 844 } },
] as const;

async function load(page: Page): Promise<boolean> {
  const network = referencePath('res56/res56.onnx');
  const images = referencePath('cifar10/test_1000.bin');
  if (!network || !images) return false;
  await page.getByLabel('Open network files').setInputFiles(network);
  await page.getByRole('slider', { name: 'Target' }).waitFor();
  await page.getByRole('button', { name: 'Preprocessing' }).click();
  await page.getByLabel('Preset').selectOption('cifar-resnet56');
  await page.keyboard.press('Escape');
  await page.getByLabel('Open images files').setInputFiles(images);
  await settled(page);
  return true;
}

/** Waits until everything that is measured by itself was measured. */
async function settled(page: Page): Promise<void> {
  for (const row of ['Original', 'ENC-Map', 'Uniform']) {
    await page.getByRole('article', { name: row }).getByText('images').waitFor({ timeout: 120_000 });
  }
}

const executablePath = ensureChromium();
const browser = await chromium.launch({
  ...(executablePath ? { executablePath } : {}),
  args: ['--no-sandbox', '--disable-quic', '--no-first-run'],
});
await mkdir(folder, { recursive: true });
for (const { name, viewport } of views) {
  const page = await browser.newPage({ viewport, colorScheme: 'light' });
  page.on('pageerror', (error) => console.error(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`console: ${message.text()}`);
  });
  await page.goto(`${address}?sample=none`);
  const shoot = async (state: string) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      // Colours ease into the other scheme.
      await drawn(page);
      await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
      await page.screenshot({ path: join(folder, `${name}-${state}-${colorScheme}.png`) });
      if (name !== 'phone') continue;
      await page.screenshot({
        path: join(folder, `${name}-${state}-${colorScheme}-whole.png`),
        fullPage: true,
      });
    }
  };
  await shoot('empty');
  if (await load(page)) await shoot('loaded');
  await page.goto(address);
  await settled(page);
  await shoot('first-visit');
  await page.getByRole('button', { name: 'Look at the images' }).click();
  const picture = page.getByRole('list', { name: 'Images and answers' }).locator('canvas').first();
  while ((await coloursOf(picture)) <= 1) await drawn(page);
  await shoot('images');
  await page.close();
}
await browser.close();
