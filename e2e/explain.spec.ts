import { isToday } from '../scripts/ofToday';
import { expect, test } from './test';
import { StudioPage } from './studioPage';
import { coloursOf } from './watching';

test('how it works is shown with the numbers of the open network, once somebody asks for it', async ({
  page,
}) => {
  test.skip(!isToday(2, 3), 'tried on one day in three; EVERY_CASE=1 tries it');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  const studio = new StudioPage(page);
  await studio.open('?sample=residual&backend=wasm&metric=energy&split=24,48,260&target=0.5');
  await studio.waitForPlan('ENC-Map');
  const row = studio.layers.locator('[data-layer$="stage3/block1/conv2/Conv"]');
  await row.click();
  const rank = Number(await row.locator('[data-rank]').innerText());
  await studio.measured('ENC-Map', 260, 'Repaired');
  expect(asked.filter((address) => address.includes('Explanation'))).toEqual([]);

  await page.getByRole('button', { name: 'Help' }).click();
  await page.getByRole('button', { name: /^Show it with the numbers of/ }).click();
  const dialog = page.getByRole('dialog', { name: 'How it works' });
  await expect(dialog.getByRole('combobox', { name: 'Layer' })).toHaveValue(/stage3\/block1\/conv2/);
  await expect(dialog.getByText(`with ${rank} filters between them`, { exact: false })).toBeVisible();
  const product = dialog.getByRole('img', { name: `Product: at rank ${rank}` }).locator('canvas');
  await expect.poll(() => coloursOf(product)).toBeGreaterThan(10);
  const kernel = dialog.getByRole('img', { name: /^Kernel: / }).locator('canvas');
  const difference = async () => {
    const of = (canvas: typeof kernel) =>
      canvas.evaluate((element: HTMLCanvasElement) => {
        const { data } = element.getContext('2d')!.getImageData(0, 0, element.width, element.height);
        return Array.from(data, (value, index) => (index % 4 === 3 ? value : 0));
      });
    const [all, own] = await Promise.all([
      of(kernel),
      of(dialog.getByRole('img', { name: /^Product: / }).locator('canvas')),
    ]);
    return all.reduce((sum, value, index) => sum + Math.abs(value - own[index]!), 0);
  };
  const atPlan = await difference();

  // More filters come closer, fewer stay farther off; no plan changes by it.
  const slider = dialog.getByRole('slider', { name: 'Rank' });
  await slider.press('End');
  await expect(dialog.getByText('tried here, no plan changes')).toBeVisible();
  await expect.poll(difference).toBeLessThan(atPlan);
  await slider.press('Home');
  await expect.poll(difference).toBeGreaterThan(atPlan);
  await expect(row.locator('[data-rank]')).toHaveText(String(rank));

  await expect(dialog.getByText(/^Layers do not lose alike/)).toContainText(/the level is about \d+\.\d\s%/);
  await expect(dialog.getByText(/^An equal loss in every layer/)).toContainText(/configurations/);
  const divergence = dialog.getByRole('table', { name: 'Divergence from the original' });
  await expect(divergence.getByRole('row', { name: /^Repaired/ })).toContainText(/% ±\d/);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(dialog).toBeHidden();
});
