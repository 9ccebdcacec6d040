import { expect, test, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readNetwork } from '../src/formats/models';
import { StudioPage } from './studioPage';

const query = '?sample=residual&target=0.3&metric=energy&backend=wasm';
const title = 'Repairing ENC-Map at 30';
const running = (page: Page) => page.getByRole('progressbar', { name: title });

test('a plan is repaired by itself, shown before and after, and downloaded repaired', async ({
  page,
}, info) => {
  test.slow();
  const studio = new StudioPage(page);
  await studio.open(query);
  const repair = page.getByRole('switch', { name: 'Repair', exact: true });
  const row = studio.method('ENC-Map');
  await expect(repair).toBeChecked({ timeout: 240_000 });

  // Cancelled, the row offers to repair again.
  await expect(running(page)).toBeVisible({ timeout: 240_000 });
  await page.getByRole('button', { name: `Cancel: ${title}` }).click();
  await expect(running(page)).toHaveCount(0, { timeout: 2000 });
  const unrepaired = await studio.measured('ENC-Map');
  await row.getByRole('button', { name: 'repair', exact: true }).click();

  // It tells how far it is, and then what the accuracy is and was.
  await expect(row).toContainText(/repairing \d+\/\d+/, { timeout: 240_000 });
  await expect(row).toContainText(/ · was \d+\.\d\s%/, { timeout: 240_000 });
  const repaired = await studio.measured('ENC-Map');
  expect(repaired).toBeGreaterThan(unrepaired);
  await expect(row).toContainText(`was ${unrepaired.toFixed(1)}`);

  const file = join(info.outputDir, 'repaired.onnx');
  await studio.download('ENC-Map', file);
  const written = await readNetwork([{ name: 'repaired.onnx', bytes: new Uint8Array(readFileSync(file)) }]);
  expect(written.metadata['enc.repaired']).toBe('true');

  // Off, the number without repair is back.
  await repair.click();
  await expect(row).not.toContainText('was');
  expect(await studio.measured('ENC-Map')).toBe(unrepaired);

  // Opened anew, the file is as accurate as was said.
  await studio.chooseNetwork(file);
  await expect(studio.network).toContainText('repaired');
  expect(await studio.measured('Original')).toBe(repaired);
});
