import { expect, test } from './test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StudioPage } from './studioPage';

test('a report is handed out that opens from disk, shows the page’s numbers and carries no script', async ({
  page,
  context,
}, info) => {
  const studio = new StudioPage(page);
  await studio.open('?sample=residual&metric=energy&repair=off&target=0.4&split=24,48,260');
  const shown = new Map<string, number>();
  for (const method of ['Original', 'Uniform', 'ENC-Map', 'ENC-Model'])
    shown.set(method, await studio.measured(method));
  await expectOneBest(studio);
  const download = async (name: string) => {
    await page.getByRole('button', { name: 'Share' }).click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('dialog', { name: 'Share' }).getByRole('button', { name }).click(),
    ]);
    const path = join(info.outputDir, file.suggestedFilename());
    await file.saveAs(path);
    await page.keyboard.press('Escape');
    return path;
  };

  const html = await download('HTML report');
  const report = await context.newPage();
  const asked: string[] = [];
  report.on('request', (request) => asked.push(request.url()));
  await report.goto(pathToFileURL(html).href);
  expect(asked.filter((url) => !url.startsWith('file:'))).toEqual([]);
  await expect(report.locator('script')).toHaveCount(0);
  for (const [method, percent] of shown)
    await expect(report.getByRole('row', { name: method }).first()).toContainText(
      `${percent.toFixed(1)}\u00a0%`,
    );
  await expect(report.locator('figure svg')).toHaveCount(2);
  await expect(report.locator('pre')).toContainText(
    'enc report sample:residual --data sample:residual --calibration sample:residual',
  );
  await report.screenshot({ path: info.outputPath('report.png'), fullPage: true });

  const markdown = readFileSync(await download('Markdown report'), 'utf8');
  expect(markdown).toContain(`${shown.get('ENC-Map')!.toFixed(1)}\u00a0%`);
});

/** The most accurate of the measured plans is named the best, and its download alone stands out. */
async function expectOneBest(studio: StudioPage): Promise<void> {
  const { page } = studio;
  const methods = ['Uniform', 'ENC-Map', 'ENC-Model', 'ENC-Inf'];
  const shares = new Map<string, number>();
  for (const method of methods) shares.set(method, await studio.measured(method));
  const best = page.getByText('best as cut', { exact: true });
  await expect(best).toHaveCount(1);
  const named = (await page.getByRole('article').filter({ has: best }).getAttribute('aria-label'))!;
  expect(shares.get(named)).toBe(Math.max(...shares.values()));
  await expect(page.getByText(new RegExp(`${named} is best at this target, as cut`))).toBeVisible();
  const colour = (name: string) =>
    page
      .getByRole('button', { name: `Download ${name}` })
      .evaluate((button) => getComputedStyle(button).backgroundColor);
  const strong = await colour(named);
  for (const name of methods) if (name !== named) expect(await colour(name)).not.toBe(strong);
}
