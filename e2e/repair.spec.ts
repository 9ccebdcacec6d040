import { expect, test, type Download, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readNetwork } from '../src/formats/models';
import { StudioPage } from './studioPage';
import { drawn, noteTexts } from './watching';

// The race goes before repair, so it is a short one.
const query = '?sample=residual&target=0.3&metric=energy&backend=wasm&split=256,64&candidates=4';
/** Images that the samples' accuracy is reported on. */
const reported = 1560;
const title = 'Repairing ENC-Map at 30';
const running = (page: Page) => page.getByRole('progressbar', { name: title });

test('a plan is repaired by itself, shown before and after, and downloaded repaired', async ({
  page,
}, info) => {
  const studio = new StudioPage(page);
  await studio.open(query);
  const repair = page.getByRole('switch', { name: 'Repair', exact: true });
  const row = studio.method('ENC-Map');
  await expect(repair).toBeChecked();

  // Cancelled, the row offers to repair again.
  await expect(running(page)).toBeVisible();
  await page.getByRole('button', { name: `Cancel: ${title}` }).click();
  await drawn(page);
  expect(await running(page).count()).toBe(0);
  const unrepaired = await studio.measured('ENC-Map', reported);
  const texts = await noteTexts(row);
  await row.getByRole('button', { name: 'repair', exact: true }).click();

  // It tells how far it is, and then what the accuracy is and was.
  await expect(row).toContainText(/ · was \d+\.\d\s%/);
  expect((await texts()).join('\n')).toMatch(/repairing \d+\/\d+/);
  const repaired = await studio.measured('ENC-Map', reported);
  expect(repaired).toBeGreaterThan(unrepaired);
  await expect(row).toContainText(`was ${unrepaired.toFixed(1)}`);

  const file = join(info.outputDir, 'repaired.onnx');
  await studio.download('ENC-Map', file);
  const written = await readNetwork([{ name: 'repaired.onnx', bytes: new Uint8Array(readFileSync(file)) }]);
  expect(written.metadata['enc.repaired']).toBe('true');

  // Off, the number without repair is back.
  await repair.click();
  await expect(row).not.toContainText('was');
  expect(await studio.measured('ENC-Map', reported)).toBe(unrepaired);

  // Opened anew, the file is as accurate as was said.
  await studio.chooseNetwork(file);
  await expect(studio.network).toContainText('repaired');
  expect(await studio.measured('Original', reported)).toBe(repaired);
});

test('a download is of the plan it was pressed for, repaired or as it is, whatever the slider does then', async ({
  page,
}, info) => {
  const studio = new StudioPage(page);
  await studio.open('?sample=vgg&target=0.3&metric=energy&backend=wasm&split=32,16');
  await studio.waitForPlan('ENC-Map');
  const metadataOf = async (download: Download) => {
    const file = join(info.outputDir, download.suggestedFilename());
    await download.saveAs(file);
    return (await readNetwork([{ name: 'net.onnx', bytes: new Uint8Array(readFileSync(file)) }])).metadata;
  };
  const pressDownload = () => page.getByRole('button', { name: 'Download ENC-Map' }).click();
  const waiting = page.getByRole('group', { name: 'Download of ENC-Map' });

  const repaired = page.waitForEvent('download');
  await pressDownload();
  await expect(waiting).toContainText('Repairing…');
  await studio.stepTo(60);
  const held = await repaired;
  expect(held.suggestedFilename()).toContain('0.3');
  expect(await metadataOf(held)).toMatchObject({ 'enc.target': '0.3', 'enc.repaired': 'true' });
  await expect(waiting).toHaveCount(0);

  // Of a plan that nobody can have repaired yet.
  await studio.stepTo(80);
  const asItIs = page.waitForEvent('download');
  await pressDownload();
  await waiting.getByRole('button', { name: 'skip repair' }).click();
  const cut = await metadataOf(await asItIs);
  expect(cut['enc.target']).toBe('0.8');
  expect(cut['enc.repaired']).toBeUndefined();
});
