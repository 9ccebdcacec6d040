import { expect, test } from '@playwright/test';
import { StudioPage } from './studioPage';

test('ENC-Inf races when the slider rests and stops when it moves', async ({ page }) => {
  test.slow();
  const studio = new StudioPage(page);
  // So many selection images that a race takes long enough to be stopped and looked at.
  await studio.open('?sample=vgg&backend=wasm&target=0.3&metric=energy&repair=off&split=24,800');
  await expect(page.getByRole('banner')).toContainText('WebAssembly');
  const race = page.getByRole('button', { name: /^Race:/ });
  const racing = page.getByRole('contentinfo', { name: 'Progress' }).getByText(/^Racing \d+ plans at 30/);
  await expect(racing.first()).toBeVisible({ timeout: 240_000 });
  // Moved, by keyboard: the race is over within 300 ms.
  await studio.slider.focus();
  await page.keyboard.press('PageUp');
  await expect(racing).toHaveCount(0, { timeout: 300 });

  // At rest again it starts anew, and standings stream: plans have run on some images before the race is over.
  await race.click();
  const table = page.getByRole('table', { name: 'Standings' });
  const rows = table.getByRole('row');
  await expect(table).toContainText('ENC-Model', { timeout: 240_000 });
  await expect(rows.nth(1)).toContainText(/%.*±/, { timeout: 240_000 });
  await expect(race).toContainText(/started|left/);
  await page.keyboard.press('Escape');

  // At rest the race runs to its end, and ENC-Inf has a plan that is measured on the report images.
  await expect(race).toContainText('to the end', { timeout: 240_000 });
  const inf = await studio.measured('ENC-Inf');
  expect(inf).toBeGreaterThan(50);
  // ENC-Inf is at least as good as the others on the selection images.
  await race.click();
  const cells = await rows.evaluateAll((all) =>
    all.slice(1).map((row) => [...row.querySelectorAll('th,td')].map((cell) => cell.textContent ?? '')),
  );
  const right = cells.filter((row) => !row[3]!.includes('dropped')).map((row) => Number(row[1]));
  expect(Math.max(...right)).toBe(right[0]);
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Compare…' }).click();
  const dialog = page.getByRole('dialog', { name: /^Compare at/ });
  await expect(dialog).toContainText(/answers differ/);
  await expect(dialog.getByRole('row', { name: /^Top-1 accuracy/ })).toContainText(/%.*%/);
  await page.keyboard.press('Escape');
});

test('the address restores the view; undo and redo by button and keyboard', async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.open('?sample=vgg&repair=off&target=0.6&metric=energy&pair=uniform,model&seed=3&method=model');
  await studio.waitForPlan('ENC-Model');
  expect(await studio.target()).toBe(60);
  await expect(page.getByLabel('Metric')).toHaveValue('energy');
  await expect(page.getByLabel('First method')).toHaveValue('uniform');
  await expect(page.getByLabel('Second method')).toHaveValue('model');
  await expect(page.getByRole('radio', { name: 'ENC-Model' })).toBeChecked();
  const ranks = async () => (await studio.layers.locator('[data-rank]').allInnerTexts()).join(' ');
  await page.waitForTimeout(300);
  const atFirst = await ranks();

  const undo = page.getByRole('button', { name: 'Undo' });
  await expect(undo).toBeDisabled();
  await studio.slider.focus();
  await page.keyboard.press('PageDown');
  await expect(undo).toBeEnabled();
  await page.getByLabel('First method').selectOption('map');
  await page.waitForTimeout(600);
  await expect(page).toHaveURL(/target=0\.55/);
  await expect(page).toHaveURL(/pair=map(%2C|,)model/);
  await page.reload();
  await studio.waitForPlan('ENC-Model');
  expect(await studio.target()).toBe(55);
  await expect(page.getByLabel('First method')).toHaveValue('map');

  await studio.slider.focus();
  await page.keyboard.press('PageUp');
  await page.waitForTimeout(600);
  await expect.poll(ranks).toBe(atFirst);
  await page.keyboard.press('Control+z');
  await expect.poll(() => studio.target()).toBe(55);
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(() => studio.target()).toBe(60);
  await undo.click();
  await expect.poll(() => studio.target()).toBe(55);
  await page.getByRole('button', { name: 'Redo' }).click();
  await expect.poll(() => studio.target()).toBe(60);
  await expect.poll(ranks).toBe(atFirst);
});

test('the search space is in the address, a backend’s link keeps it, and the help says how ENC-Model differs', async ({
  page,
}) => {
  const studio = new StudioPage(page);
  await studio.open('?sample=vgg&backend=wasm&repair=off&target=0.4&metric=energy&method=model');
  await studio.waitForPlan('ENC-Model');
  const search = page.getByRole('switch', { name: 'ENC-Model searches all ranks' });
  await expect(search).not.toBeChecked();
  await search.click();
  await expect(page).toHaveURL(/search=all/);
  await page.reload();
  await studio.waitForPlan('ENC-Model');
  await expect(search).toBeChecked();

  await page.getByRole('button', { name: /WebAssembly/ }).click();
  const link = page.getByRole('link', { name: 'JavaScript' });
  await expect(link).toHaveAttribute('href', /sample=vgg/);
  await expect(link).toHaveAttribute('href', /search=all/);
  await expect(link).toHaveAttribute('href', /backend=cpu/);
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Help' }).click();
  await expect(page.getByRole('dialog', { name: 'How ENC Studio works' })).toContainText(/paper samples/);
});
