import { expect, test } from './test';
import { strFromU8, unzipSync } from 'fflate';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StudioPage } from './studioPage';
import { isToday } from '../scripts/ofToday';

test('what was measured goes out as a folder for other machines, and comes back', async ({ page }, info) => {
  test.skip(!isToday(1, 3), 'tried on one day in three; EVERY_CASE=1 tries it');
  const studio = new StudioPage(page);
  await studio.open('?sample=vgg&backend=wasm&repair=off&split=24,64,260&candidates=4');
  await studio.measured('Original', 260);
  await expect(page.getByLabel('Metric').locator('option').first()).toHaveText('Auto: divergence');
  await studio.waitForRest();

  const points = page.getByRole('button', { name: 'Points', exact: true });
  await points.click();
  const dialog = page.getByRole('dialog', { name: 'Points of the curves' });
  await expect(dialog).toContainText(/\d+ points are measured, on the selection images/);
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Download folder' }).click();
  mkdirSync(info.outputDir, { recursive: true });
  const zip = join(info.outputDir, 'results.zip');
  await (await download).saveAs(zip);
  const files = unzipSync(readFileSync(zip));
  const statements = Object.keys(files).filter((name) => /^results\/sweep-[0-9a-f]{32}\.json$/.test(name));
  expect(statements).toHaveLength(1);
  expect(Object.keys(files).length).toBeGreaterThan(20);

  // Of another split these are points of their own; the curves go through them until a person wants the own ones.
  await studio.open('?sample=vgg&backend=wasm&repair=off&split=32,80,260&candidates=4&metric=energy');
  await studio.measured('Original', 260);
  await points.click();
  await dialog.getByLabel('Open curves or results files').setInputFiles(zip);
  await expect(dialog).toContainText('on images of their own: they came in a file');
  await expect(page.getByLabel('Metric')).toHaveValue('divergence');
  await dialog.getByRole('button', { name: 'Own points' }).click();
  await expect(dialog).not.toContainText('they came in a file');

  // What belongs to another network says so where it was opened.
  const foreign = join(info.outputDir, 'curves.json');
  const statement = JSON.parse(strFromU8(files[statements[0]!]!)) as { about: { metric: string } };
  const curves = {
    fingerprint: 'another',
    metric: statement.about.metric,
    layers: [{ name: point.layer, points: [point] }],
  };
  writeFileSync(foreign, JSON.stringify(curves));
  await dialog.getByLabel('Open curves or results files').setInputFiles(foreign);
  await expect(dialog.getByRole('alert')).toContainText(
    'expected curves of the open network, found those of another',
  );
});

const point = {
  ...{ layer: 'a', factorisation: 'spatial', rank: 1, images: 8, basis: 'labels' },
  ...{ correct: 8, correctUncut: 8, divergence: 0, divergenceDeviation: 0 },
};
