import { expect, test } from './test';
import { StudioPage } from './studioPage';
import { settled } from './watching';

test('a copied link opens the same plans elsewhere, what is decided about layers included', async ({
  page,
  browser,
}) => {
  const studio = new StudioPage(page);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await studio.open('?backend=wasm&metric=energy&repair=off&split=24,48,260&target=0.4');
  await studio.waitForPlan('ENC-Map');
  // Another sample than the address says, a locked rank, and a layer that is kept.
  await page.getByRole('button', { name: 'Samples…' }).click();
  await page.getByRole('button', { name: /^Open the sample .*esidual/ }).click();
  await expect(studio.layers.locator('[data-layer]')).toHaveCount(22);
  await studio.waitForPlan('ENC-Map');
  const rows = studio.layers.locator('[data-layer]');
  await rows.nth(5).click();
  await page.getByRole('combobox', { name: /^Rank of/ }).selectOption('locked');
  await rows.nth(8).getByRole('switch').click();
  await studio.stepTo(45);
  const ranks = (of: StudioPage) => () =>
    of.layers
      .locator('[data-rank]')
      .allInnerTexts()
      .then((all) => all.join(' '));
  const before = await settled(page, ranks(studio));

  await page.getByRole('button', { name: 'Share' }).click();
  const menu = page.getByRole('dialog', { name: 'Share' });
  await menu.getByRole('button', { name: 'Copy link' }).click();
  await expect(menu.getByRole('status')).toHaveText('Copied.');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toBe(await menu.getByRole('textbox', { name: 'Link' }).inputValue());
  expect(link).toMatch(/[?&]sample=residual(&|$)/);
  expect(link).toMatch(/[?&]rank=/);

  const context = await browser.newContext({ serviceWorkers: 'block' });
  const elsewhere = new StudioPage(await context.newPage());
  await elsewhere.page.goto(link);
  await elsewhere.waitForPlan('ENC-Map');
  expect(await elsewhere.target()).toBe(45);
  await expect.poll(ranks(elsewhere)).toBe(before);
  await context.close();
});
