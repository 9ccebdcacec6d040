import { expect, test } from '@playwright/test';
import { StudioPage } from './studioPage';

const query = '?sample=vgg&backend=wasm&selection=64&calibration=64';

test('curves are measured by themselves, paused, cancelled, and used again after a reload', async ({
  page,
}) => {
  const studio = new StudioPage(page);
  await studio.open(query);
  await studio.waitForPlan('ENC-Map');
  await expect(page.getByRole('banner')).toContainText('WebAssembly');
  const cancel = page.getByRole('button', { name: /^Cancel: Measuring the layers/ });
  await expect(page.getByText(/\d+ of \d+ points/)).toBeVisible({ timeout: 120_000 });

  const milliseconds = await cancel.evaluate(async (button: HTMLElement) => {
    const start = performance.now();
    button.click();
    while (!document.querySelector('[aria-label="Resume measuring the curves"]')) {
      await new Promise(requestAnimationFrame);
    }
    return performance.now() - start;
  });
  expect(milliseconds).toBeLessThan(300);
  const kept = page.getByText(/\d+ points are kept/);
  const points = Number((await kept.innerText()).match(/\d+/)![0]);
  expect(points).toBeGreaterThan(0);

  await page.reload();
  await studio.waitForPlan('ENC-Map');
  await expect(page.getByText(/\d+ of \d+ points/)).toBeVisible({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Pause measuring the curves' }).click();
  expect(Number((await kept.innerText()).match(/\d+/)![0])).toBeGreaterThanOrEqual(points);

  const ranks = () => studio.layers.innerText();
  const metric = page.getByRole('combobox', { name: 'Metric' });
  await metric.selectOption('energy');
  const byEnergy = await ranks();
  await metric.selectOption('divergence');
  await expect.poll(ranks).not.toBe(byEnergy);
  await expect.poll(() => page.url()).toContain('metric=divergence');
});
