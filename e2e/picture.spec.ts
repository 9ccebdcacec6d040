import type { Locator } from '@playwright/test';
import { expect, test } from './test';
import { StudioPage } from './studioPage';

test('the network is drawn, its blocks shrink with the target, and a block is its layer everywhere', async ({
  page,
}) => {
  const studio = new StudioPage(page);
  await studio.open('?sample=residual&backend=wasm&repair=off&target=0.8&metric=energy&split=24,64,260');
  await studio.waitForPlan('ENC-Map');
  await page.getByLabel('Figure of the ranks').selectOption('network');
  const picture = page.getByRole('figure', { name: 'Network' });
  await expect(picture).toContainText(
    /The network from the image to the classes: \d+ layers, filled as far as ENC-Map/,
  );

  const canvas = picture.locator('canvas');
  const before = await coveredBy(canvas);
  expect(before).toBeGreaterThan(0);
  await page.getByRole('slider', { name: 'Target' }).press('PageDown');
  await page.getByRole('slider', { name: 'Target' }).press('PageDown');
  await expect.poll(() => coveredBy(canvas)).toBeLessThan(before);

  // Projections, which begin a stage, have the lower of two rows.
  const box = (await canvas.boundingBox())!;
  await page.mouse.click(box.x + 0.3 * box.width, box.y + 0.35 * box.height);
  const chosen = studio.layers.locator('[role="row"][aria-selected="true"]');
  await expect(chosen).toHaveCount(1);
  await expect(chosen).toContainText(/stage2\//);

  await page.getByLabel('Figure of the ranks').selectOption('ranks');
  await expect(page.getByRole('figure', { name: 'Ranks per layer' })).toBeVisible();
  await expect(picture).toBeHidden();
});

/** Pixels of a canvas in the colour of ENC-Map. */
function coveredBy(canvas: Locator): Promise<number> {
  return canvas.evaluate((element: HTMLCanvasElement) => {
    element.style.color = 'var(--method-map)';
    const [red, green, blue] = getComputedStyle(element).color.match(/\d+/g)!.map(Number);
    const { data } = element.getContext('2d')!.getImageData(0, 0, element.width, element.height);
    let count = 0;
    for (let at = 0; at < data.length; at += 4)
      if (data[at] === red && data[at + 1] === green && data[at + 2] === blue && data[at + 3] === 255)
        count++;
    return count;
  });
}
