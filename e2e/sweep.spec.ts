import { expect, test, type Page } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { StudioPage } from './studioPage';
import { deepNetwork, writeIdxFiles, writeOnnxFile } from './tinyFiles';

const paused = 'Measuring the layers’ curves is paused';

/** How many points the page says are measured, while the sweep is paused. */
async function savedPoints(page: Page): Promise<number> {
  const progress = page.getByRole('contentinfo', { name: 'Progress' });
  await expect(progress).toContainText(paused);
  return Number(/([\d,]+) points are measured/.exec(await progress.innerText())![1]!.replaceAll(',', ''));
}

/** Processor time of the page's compute threads and its own, in seconds. */
async function busySeconds(page: Page): Promise<number> {
  const session = await page.context().browser()!.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

test('a sweep begins by itself, halts at once, and goes on after a reload', async ({ page }, info) => {
  test.slow();
  const folder = info.outputDir;
  mkdirSync(folder, { recursive: true });
  const files = [
    await writeOnnxFile(folder, 'deep.onnx', deepNetwork()),
    ...writeIdxFiles(folder, 112, 32, 4),
  ];
  const studio = new StudioPage(page);
  await studio.open('?sample=none&backend=wasm&repair=off&split=16,64');
  await expect(page.getByRole('banner')).toContainText('WebAssembly');
  await studio.drop(...files);
  const progress = page.getByRole('contentinfo', { name: 'Progress' });
  const pause = page.getByRole('button', { name: 'Pause: Measuring the layers’ curves' });
  const resume = page.getByRole('button', { name: 'Resume measuring' });
  // Every method's plan is measured first; then some points stream in.
  await expect(progress).toContainText(/([3-9]\d|\d{3}) of [\d,]+ points/, { timeout: 240_000 });
  await pause.click();
  const atPause = await savedPoints(page);
  expect(atPause).toBeGreaterThanOrEqual(30);
  // Within 300 ms the threads stand still: from then on the page takes next to no processor time.
  await page.waitForTimeout(300);
  const before = await busySeconds(page);
  await page.waitForTimeout(1000);
  expect((await busySeconds(page)) - before).toBeLessThan(0.5);
  expect(await savedPoints(page)).toBe(atPause);

  // In the midst of the sweep, and without a pause before, the page is loaded again.
  await resume.click();
  await expect(progress).toContainText(/([5-9]\d|\d{3}) of [\d,]+ points/, { timeout: 120_000 });
  await page.reload();
  await studio.drop(...files);
  await expect(progress).toContainText(/[1-9]\d* of [\d,]+ points/, { timeout: 240_000 });
  await pause.click();
  // At most what one layer had been measured at is lost, nine points; begun anew it would have fewer.
  expect(await savedPoints(page)).toBeGreaterThanOrEqual(atPause - 9);
});

test('measured curves are drawn with their points and drive the plans', async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.open('?sample=vgg&backend=wasm&repair=off');
  const metric = page.getByLabel('Metric');
  await expect(metric.locator('option').first()).toHaveText('Auto: divergence', { timeout: 240_000 });
  const figure = page.getByRole('region', { name: 'Selected layer' });
  await expect(figure).toContainText(/measured at rank \d+ on \d+ images/);
  const ranks = async () => {
    const cells = studio.layers.locator('[data-rank]');
    return (await cells.allInnerTexts()).join(' ');
  };
  await page.waitForTimeout(300);
  const byDivergence = await ranks();
  await metric.selectOption('energy');
  await expect.poll(ranks).not.toBe(byDivergence);
  await metric.selectOption('divergence');
  await expect.poll(ranks).toBe(byDivergence);
});
