import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './test';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readNetwork } from '../src/formats/models';
import { StudioPage } from './studioPage';
import { tinyNetwork, writeIdxFiles, writeOnnxFile } from './tinyFiles';
import { noteTexts } from './watching';

const query =
  '?sample=none&metric=energy&backend=wasm&target=0.2&split=60,6&method=map&pair=map,map&candidates=2';
/** Images that accuracy is reported on. */
const reported = 54;

test('a distillation goes on after a reload, is stopped and kept, and the file is as accurate as was said', async ({
  page,
}, info) => {
  mkdirSync(info.outputDir, { recursive: true });
  const network = await writeOnnxFile(info.outputDir, 'mine.onnx', tinyNetwork());
  const studio = new StudioPage(page);
  await studio.open(query);
  await studio.choosePreset('0 to 1');
  await studio.drop(network, ...writeIdxFiles(info.outputDir, 120, 8, 4));
  await page.getByRole('button', { name: 'Keep', exact: true }).click();
  await studio.measured('ENC-Map', reported, 'Repaired');
  const control = page.getByTitle('Distil: train towards the original’s answers');
  const panel = page.getByRole('dialog', { name: 'Distil: train towards the original’s answers' });
  const said = panel.getByRole('status');

  // What it costs is timed here, once somebody looks.
  await control.click();
  await expect(said).toContainText(/takes about [\d.]+\s(s|min) at this machine’s pace/);
  await panel.getByLabel('Epochs').fill('900');
  await panel.getByLabel('Epochs').press('Enter');
  await panel.getByRole('button', { name: /^Begin \(about / }).click();
  const epochs = async () => Number(/epoch (\d+) of 900 is done/.exec(await said.innerText())?.[1] ?? 0);
  await expect.poll(epochs).toBeGreaterThan(1);
  await panel.getByRole('button', { name: 'Pause' }).click();
  await expect(control).toHaveText('Distilling: paused');
  const before = await epochs();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  // It stands where it stood, and goes on from there.
  await studio.reload();
  await expect(control).toHaveText('Distilling: paused');
  await control.click();
  expect(await epochs()).toBeGreaterThanOrEqual(before);
  const texts = await noteTexts(said);
  await panel.getByRole('button', { name: 'Go on' }).click();
  // On a busy machine an epoch may take seconds.
  await expect.poll(epochs, { timeout: 700_000 }).toBeGreaterThan(before + 150);
  const shown = [...(await texts()).join('\n').matchAll(/epoch (\d+) of/g)].map(([, epoch]) => Number(epoch));
  expect(Math.min(...shown)).toBeGreaterThanOrEqual(before);
  await panel.getByRole('button', { name: 'Stop and keep' }).click();
  await expect(said).toContainText(/the state behind epoch \d+ of \d+ is kept/);
  await page.keyboard.press('Escape');

  // The row says before and after; the file is what came after.
  const line = studio.method('ENC-Map').getByRole('group', { name: 'Distilled' });
  await expect(line).toContainText(` of ${reported} images`);
  const [right] = /\d+(?= of)/.exec(await line.innerText())!.map(Number);
  const file = join(info.outputDir, 'distilled.onnx');
  await studio.download('ENC-Map', file);
  const written = await readNetwork([{ name: 'distilled.onnx', bytes: new Uint8Array(readFileSync(file)) }]);
  expect(written.metadata['enc.distilled']).toBe('true');

  // Opened anew, it is as accurate.
  await studio.chooseNetwork(file);
  await expect(studio.network).toContainText('distilled');
  expect(await studio.measured('Original', reported)).toBe((right! / reported) * 100);
});
