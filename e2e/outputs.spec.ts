import { expect, test } from './test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { writeNetwork } from '../src/formats/models';
import type { Network } from '../src/network/graph';
import { StudioPage } from './studioPage';
import { tinyNetwork, writeFile, writeIdxFiles } from './tinyFiles';

/** The tiny network, answering its features first and then its scores. */
function withFeatures(): Network {
  const network = tinyNetwork();
  const features = network.nodes.at(-2)!.output;
  return { ...network, outputs: [features, ...network.outputs] };
}

/** A Keras archive whose configuration leaves height and width open. */
async function writeOpenKeras(path: string): Promise<void> {
  const [file] = await writeNetwork(tinyNetwork(), 'keras');
  const parts = unzipSync(file!.bytes);
  const config = strFromU8(parts['config.json']!);
  const open = config.replaceAll(/\[\s*null,\s*8,\s*8,\s*1\s*\]/g, '[null,null,null,1]');
  expect(open).not.toBe(config);
  writeFileSync(path, zipSync({ ...parts, 'config.json': strToU8(open) }));
}

test('an output is chosen, undone and kept in the address', async ({ page }, info) => {
  mkdirSync(info.outputDir, { recursive: true });
  const [file] = await writeNetwork(withFeatures(), 'onnx');
  const model = writeFile(info.outputDir, 'features.onnx', file!.bytes);
  const studio = new StudioPage(page);
  await studio.open('?backend=wasm&sample=none&metric=energy&repair=off');
  await studio.chooseNetwork(model);
  const select = studio.network.getByLabel('Output with the class scores');
  await expect(select.locator('option:checked')).toHaveText(/\(4\)$/);
  await studio.waitForPlan('ENC-Map');

  await select.selectOption({ index: 0 });
  await expect(select.locator('option:checked')).toHaveText(/\(12\)$/);
  await expect(page).toHaveURL(/[?&]output=/);
  await studio.waitForPlan('ENC-Map');

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(select.locator('option:checked')).toHaveText(/\(4\)$/);
  await expect(page).not.toHaveURL(/[?&]output=/);
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('the size of the images is asked for where the files leave it open', async ({ page }, info) => {
  mkdirSync(info.outputDir, { recursive: true });
  const model = join(info.outputDir, 'open.keras');
  await writeOpenKeras(model);
  const [images, labels] = writeIdxFiles(info.outputDir, 12, 8, 4);
  const studio = new StudioPage(page);
  await studio.open('?backend=wasm&sample=none&metric=energy&repair=off');
  await studio.chooseNetwork(model);
  await expect(studio.network.getByRole('alert')).toContainText('expected a height and width');

  const form = studio.network.getByRole('form', { name: 'Size of the images' });
  await form.getByLabel('Height').fill('8');
  await form.getByLabel('Width').fill('8');
  await form.getByRole('button', { name: 'Open' }).click();
  await expect(studio.network).toContainText('Keras');
  await expect(studio.network.getByRole('alert')).toHaveCount(0);
  await expect(page).toHaveURL(/[?&]input-size=8x8/);
  await studio.chooseImages(images, labels);
  await studio.measured('Original');
});
