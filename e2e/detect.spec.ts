import { isToday } from '../scripts/ofToday';
import { expect, test } from './test';
import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Manifest } from '../samples/manifest';
import { StudioPage } from './studioPage';
import { writeFile } from './tinyFiles';

const sample = (name: string) => fileURLToPath(new URL(`../public/samples/${name}`, import.meta.url));

test('preprocessing is found by trying, by itself and when asked for', async ({ page }, info) => {
  test.skip(!isToday(0, 3), 'tried on one day in three; EVERY_CASE=1 tries it');
  const studio = new StudioPage(page);
  await studio.open('?backend=wasm&sample=none&metric=energy&repair=off');
  await studio.chooseNetwork(sample('vgg.onnx'));
  const { classNames } = JSON.parse(readFileSync(sample('manifest.json'), 'utf8')) as Manifest;
  mkdirSync(info.outputDir, { recursive: true });
  const classes = writeFile(info.outputDir, 'classes.txt', classNames.join('\n'));
  await studio.chooseImages(sample('calibration.bin.gz'), classes);
  // Nobody said how pixels become the input, so it is found before anything is measured.
  const face = page.getByRole('button', { name: /^Preprocessing/ });
  await expect(face).toContainText('Samples');
  await expect(studio.images).toContainText(/· detected: 9\d\.\d.% on 320 images/);
  expect(await studio.measured('Original')).toBeGreaterThan(90);

  await studio.choosePreset('Raw');
  await expect(face).toContainText('Raw');
  await expect(studio.images).not.toContainText('· detected');
  await face.click();
  const dialog = page.getByRole('dialog', { name: 'Preprocessing' });
  await dialog.getByRole('button', { name: 'Detect' }).click();
  await expect(dialog.getByRole('status')).toContainText('Trying every preset');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(face).toContainText('Raw');

  await dialog.getByRole('button', { name: 'Detect' }).click();
  await expect(dialog.getByRole('status')).toContainText(/^Detected: Samples, RGB, 9\d\.\d.% of 320 images/);
  await expect(dialog.getByLabel('Preset')).toHaveValue('samples');
  const table = dialog.getByRole('table', { name: 'Results of detection' });
  const samples = table.getByRole('row', { name: /^Samples detected RGB/ });
  await expect(samples).toContainText('in use');
  await expect(samples).toContainText(/9\d\.\d.% ±\d\.\d/);
  await table.getByRole('button', { name: 'Use Raw, RGB' }).click();
  await expect(table.getByRole('row', { name: /^Raw RGB/ })).toContainText('in use');
  await expect(samples.getByRole('button', { name: 'Use Samples, RGB' })).toBeVisible();
  await expect(face).toContainText('Raw');
});
