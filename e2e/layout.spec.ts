import { expect, test } from '@playwright/test';
import { StudioPage } from './studioPage';

test('help begins at its beginning', async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.open();
  await page.setViewportSize({ width: 1024, height: 600 });
  await page.getByRole('button', { name: 'Help' }).click();
  const dialog = page.getByRole('dialog', { name: 'How ENC Studio works' });
  await expect(dialog.getByRole('heading', { name: 'How ENC Studio works' })).toBeInViewport();
  expect(await dialog.evaluate(({ scrollTop }) => scrollTop)).toBe(0);
});

test('pointing at a curve moves nothing beside it', async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.open('?sample=residual&metric=energy&repair=off');
  await page.setViewportSize({ width: 1024, height: 768 });
  await studio.waitForPlan('ENC-Map');
  const places = async () => {
    const controls = ['Metric', 'Second method'].map((name) => page.getByRole('combobox', { name }));
    return Promise.all(controls.map((control) => control.boundingBox()));
  };
  const before = await places();
  const curves = page.getByRole('figure', { name: 'Layers’ curves' });
  const { x, y, width, height } = (await curves.boundingBox())!;
  await page.mouse.move(x + width / 2, y + height / 2);
  // It names the layer now.
  await expect(curves.getByText('quality kept (energy)', { exact: true })).toBeHidden();
  expect(await places()).toEqual(before);
});
