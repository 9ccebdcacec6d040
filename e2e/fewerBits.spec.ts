import { isToday } from '../scripts/ofToday';
import { expect, test } from './test';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readNetwork } from '../src/formats/models';
import { StudioPage } from './studioPage';

test('a file in int8 weights is a quarter, says what that costs, and answers so when it is opened again', async ({
  page,
}, info) => {
  test.skip(!isToday(1, 3), 'tried on one day in three; EVERY_CASE=1 tries it');
  const studio = new StudioPage(page);
  await studio.open('?sample=residual&metric=energy&repair=off&target=0.5&split=64,64,260');
  const before = await studio.measured('ENC-Map');
  const whole = join(info.outputDir, 'whole.onnx');
  await studio.download('ENC-Map', whole);

  await page.getByRole('button', { name: 'Formats for ENC-Map' }).click();
  const menu = page.getByRole('dialog', { name: 'Formats for ENC-Map' });
  await menu.getByLabel('Weights in').selectOption({ label: 'int8, a quarter' });
  await expect(menu.getByRole('button', { name: 'Keras', exact: true })).toBeDisabled();
  await page.keyboard.press('Escape');
  const file = join(info.outputDir, 'small.onnx');
  await studio.download('ENC-Map', file);
  const note = page.getByText(/int8 weights: /);
  await expect(note).toContainText(`${before.toFixed(1)}\u00a0% before`);
  const said = Number(/int8 weights: ([\d.]+)/.exec(await note.innerText())![1]);
  expect(statSync(file).size).toBeLessThan(0.4 * statSync(whole).size);
  const network = await readNetwork([{ name: 'small.onnx', bytes: new Uint8Array(readFileSync(file)) }]);
  expect(network.metadata['enc.method']).toBe('map');

  await studio.chooseNetwork(file);
  await expect(studio.network).toContainText('small');
  await expect(studio.network).toContainText('int8 weights');
  expect((await studio.measured('Original')).toFixed(1)).toBe(said.toFixed(1));

  // Where nothing was asked for, it is written again as it was.
  await studio.open();
  await studio.chooseNetwork(file);
  await page.getByRole('button', { name: 'Formats for ENC-Map' }).click();
  const weights = menu.getByLabel('Weights in');
  await expect(weights.locator('option:checked')).toHaveText('int8, a quarter');
});
