import { expect, test } from './test';
import { clipped } from './clipping';
import { StudioPage } from './studioPage';

test('a first visit is led to the slider, the methods and the download, once', async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.open('');
  const strip = page.getByRole('region', { name: 'First visit' });
  await expect(strip).toContainText('working sample');
  await studio.waitForPlan('ENC-Map');
  const target = page.getByRole('region', { name: 'Target' });
  await expect(target).not.toHaveCSS('outline-style', 'solid');
  await strip.getByRole('button', { name: 'Drag the target' }).focus();
  await expect(target).toHaveCSS('outline-style', 'solid');
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await clipped(page)).toEqual([]);
  await strip.getByRole('button', { name: 'Got it' }).click();
  await expect(strip).toBeHidden();
  await studio.reload();
  await studio.waitForPlan('ENC-Map');
  await expect(strip).toBeHidden();
});

test('words explain themselves by pointer, keyboard and touch', async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.open('?sample=residual&metric=energy&repair=off&split=24,48,260');
  await studio.waitForPlan('ENC-Map');
  const tip = page.getByRole('tooltip');
  const curves = page.getByRole('button', { name: 'Layers’ curves' });
  await curves.hover();
  await expect(tip).toContainText('quality each layer keeps at each rank');
  await page.mouse.move(0, 0);
  await expect(tip).toHaveCount(0);
  const rank = studio.layers.getByRole('button', { name: 'Rank', exact: true });
  await rank.focus();
  await expect(tip).toContainText('Filters kept between the two factors');
  await expect(rank).toHaveAccessibleDescription(/Filters kept/);
  await page.keyboard.press('Escape');
  await expect(tip).toHaveCount(0);
});
