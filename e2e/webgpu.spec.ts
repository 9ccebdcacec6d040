import { expect, test } from './test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { StudioPage } from './studioPage';
import { tinyNetwork, writeIdxFiles, writeOnnxFile } from './tinyFiles';

test('a tiny network on WebGPU: open, drag, measure, download, re-open', async ({ page }, info) => {
  mkdirSync(info.outputDir, { recursive: true });
  const network = await writeOnnxFile(info.outputDir, 'tiny.onnx', tinyNetwork());
  const images = writeIdxFiles(info.outputDir, 24, 8, 4);
  const studio = new StudioPage(page);
  await studio.open('?backend=webgpu&sample=none&metric=energy&repair=off');
  await studio.drop(network, ...images);
  await expect(studio.images).toContainText('24 images');
  // The promise of this test: WebGPU itself ran, not a fallback.
  await expect(page.getByRole('button', { name: /^WebGPU · / })).toBeVisible();
  await studio.waitForPlan('ENC-Map');
  await studio.stepTo(70);
  await studio.measured('Original');
  const after = await studio.measured('ENC-Map');
  const file = join(info.outputDir, 'tiny-smaller.onnx');
  await studio.download('ENC-Map', file);
  await studio.chooseNetwork(file);
  await expect(studio.network).toContainText('tiny-smaller');
  expect(await studio.measured('Original')).toBe(after);
  await expect(page.getByRole('button', { name: /^WebGPU · / })).toBeVisible();
});
