import { expect, test } from './test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { referencePath } from '../scripts/reference';
import { readNetwork } from '../src/formats/models';
import { networkCost } from '../src/network/cost';
import { StudioPage } from './studioPage';

const resnet = referencePath('res56/res56.onnx');
const images = referencePath('cifar10/test_1000.bin');
const calibration = referencePath('cifar10/train_2000.bin');

test('ResNet-56: drop, drag, measure, download, re-open', async ({ page }, info) => {
  test.skip(
    resnet === null || images === null || calibration === null,
    'needs ../shared/reference (ResNet-56, CIFAR-10)',
  );
  const studio = new StudioPage(page);
  await studio.open();
  await studio.drop(resnet!, images!);
  await expect(studio.network).toContainText('126.5 M MACs');
  await expect(studio.images).toContainText(/1.000 images/);
  await studio.choosePreset(/ResNet-56/);
  await studio.chooseCalibrationImages(calibration!);
  await expect(page.getByRole('banner')).toContainText('WebAssembly');
  await studio.waitForPlan('ENC-Map');

  // By mouse.
  await studio.dragTo(70);
  expect(Math.abs((await studio.target()) - 70)).toBeLessThanOrEqual(2);
  // By keyboard, to exactly 50 %.
  await studio.stepTo(50);
  await expect(studio.slider).toHaveAttribute('aria-valuetext', /50 % of MACs, achieved (49\.9|50\.0) %/);

  // Ranks follow: the table shows a rank for a layer, below its r_max.
  const row = studio.layers.getByRole('row').filter({ hasText: /group1_block1\s*_conv0/ });
  await expect(row).toContainText(/2\d\s*\/\s*48/);

  const before = await studio.measured('Original');
  expect(before).toBeCloseTo(93.7, 6);
  const after = await studio.measured('ENC-Map');
  expect(after).toBeGreaterThanOrEqual(91);
  expect(after).toBeLessThan(before);
  expect(await studio.measured('Uniform')).toBeLessThan(before);

  const file = join(info.outputDir, 'smaller.onnx');
  expect(await studio.download('ENC-Map', file)).toMatch(/map.*\.onnx$/);
  const written = await readNetwork([{ name: 'smaller.onnx', bytes: new Uint8Array(readFileSync(file)) }]);
  expect(networkCost(written).macs / 126_534_272).toBeCloseTo(0.5, 2);
  expect(written.metadata['enc.method']).toBe('map');

  await studio.chooseNetwork(file);
  await expect(studio.network).toContainText('smaller');
  expect(await studio.measured('Original')).toBe(after);
});
