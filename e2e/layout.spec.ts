import { expect, test } from './test';
import { clipped } from './clipping';
import { StudioPage } from './studioPage';
import { drawn } from './watching';

/** From a phone to a large screen; between them laptops, and windows beside others. */
const sizes = [
  [390, 844, true],
  [960, 720, false],
  [1024, 768, false],
  [1280, 720, true],
  [1366, 768, false],
  [2560, 1440, false],
] as const;
const panels = ['Preprocessing', 'Split', 'Points', 'Formats for ENC-Map'];

test('nothing is cut or covered on any screen, in panels and dialogs neither', async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.open('?sample=vgg&metric=energy&repair=off&split=24,48,260');
  await studio.waitForPlan('ENC-Inf');
  for (const [width, height, hasPanelsTried] of sizes) {
    await page.setViewportSize({ width, height });
    await drawn(page);
    expect.soft(await clipped(page), `at ${width} × ${height}`).toEqual([]);
    for (const name of hasPanelsTried ? panels : []) {
      const panel = await openPanel(studio, name);
      const { scroll, own } = await panel.evaluate(({ scrollWidth, clientWidth }) => ({
        scroll: scrollWidth,
        own: clientWidth,
      }));
      expect.soft(scroll, `${name} at ${width} × ${height}`).toBeLessThanOrEqual(own);
      const box = (await panel.boundingBox())!;
      expect.soft(box.y, `${name} at ${width} × ${height}`).toBeGreaterThanOrEqual(0);
      expect.soft(box.y + box.height, `${name} at ${width} × ${height}`).toBeLessThanOrEqual(height);
      expect.soft(await clipped(page), `${name} at ${width} × ${height}`).toEqual([]);
      await page.keyboard.press('Escape');
      await expect(panel).toBeHidden();
    }
  }
});

async function openPanel({ page }: StudioPage, name: string) {
  await page
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .first()
    .click();
  const panel = page.locator(':popover-open');
  await expect(panel).toBeVisible();
  return panel;
}

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
  await studio.open('?sample=residual&metric=energy&repair=off&split=24,48,260');
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
