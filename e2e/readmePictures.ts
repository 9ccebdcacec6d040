import type { Page } from 'playwright-core';
import { join } from 'node:path';
import { referencePath } from '../scripts/reference';
import { root } from '../scripts/setup.mjs';
import { withServedPage } from './served';
import { StudioPage } from './studioPage';
import { drawn, eased } from './watching';

/*
 * Makes the pictures of the README, in `docs/`: `npm run pictures`. The first shows ResNet-56, where
 * `../shared/reference` has it; without, it stays as it is.
 */

const patience = 900_000;
const desktop = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };
const schemes = ['light', 'dark'] as const;

async function shoot(page: Page, name: string): Promise<void> {
  await eased(page);
  await page.screenshot({ path: join(root, 'docs', `${name}.png`) });
  console.log(`docs/${name}.png`);
}

/** Waits until nothing is at work any more, what rests a moment before it begins included. */
async function finished(page: Page, studio: StudioPage): Promise<void> {
  const rest = studio.progress.getByText('Leaves this machine: nothing');
  // Stages follow one another; between them nothing is said for some frames.
  for (let quiet = 0; quiet < 5; quiet++) {
    await rest.waitFor({ timeout: patience });
    await drawn(page, 60);
    if (!(await rest.isVisible())) quiet = -1;
  }
}

async function shootFirstVisits(page: Page): Promise<void> {
  const studio = new StudioPage(page);
  await page.setViewportSize(desktop);
  await page.goto('/?backend=wasm');
  await finished(page, studio);
  for (const [name, viewport] of Object.entries({ desktop, phone })) {
    await page.setViewportSize(viewport);
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme });
      await shoot(page, `first-visit-${name}-${colorScheme}`);
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(desktop);
  await studio
    .method('ENC-Map')
    .getByRole('button', { name: /same answers/ })
    .click();
  await page.getByRole('list', { name: 'Images and answers' }).getByRole('listitem').first().waitFor();
  await drawn(page, 30);
  await shoot(page, 'images');
}

async function shootResNet(page: Page): Promise<void> {
  const files = ['res56/res56.onnx', 'cifar10/train_2000.bin'].map(referencePath);
  const found = files.filter((file) => file !== null);
  if (found.length < files.length) return console.log('docs/desktop-light.png: skipped, needs ../shared');
  const studio = new StudioPage(page);
  await page.setViewportSize(desktop);
  await page.goto('/?sample=none&target=0.5&backend=wasm');
  await page.getByRole('banner').waitFor();
  await drawn(page);
  await studio.chooseNetwork(found[0]!);
  await studio.chooseImages(found[1]!);
  await page.getByRole('button', { name: 'Download ENC-Map' }).waitFor({ timeout: patience });
  const leave = page.getByRole('button', { name: 'Do not keep' });
  if (await leave.isVisible()) await leave.click();
  await finished(page, studio);
  await shoot(page, 'desktop-light');
}

await withServedPage(async (page) => {
  await shootFirstVisits(page);
  await shootResNet(page);
});
