import { expect, test } from './test';
import { referencePath } from '../scripts/reference';
import { dropPaths } from './dropping';
import { StudioPage } from './studioPage';

const cases = 'cases/preprocessing-inside';
const [model, pictures] = ['rescaling.keras', 'pictures'].map((name) => referencePath(`${cases}/${name}`));

test('a network that scales its input itself is given pixels, and another scaling is doubted', async ({
  page,
}) => {
  test.skip(!model || !pictures, 'needs ../shared/reference');
  const studio = new StudioPage(page);
  await studio.open('?backend=wasm&sample=none&metric=energy&repair=off');
  await studio.chooseNetwork(model!);
  const face = page.getByRole('button', { name: /^Preprocessing/ });
  await expect(face).toContainText('Raw');

  await dropPaths(page, [pictures!]);
  await expect(studio.images).toContainText('12 images');
  await expect(face).toContainText('Raw');
  expect(await studio.measured('Original')).toBe(100);

  await studio.choosePreset('0 to 1');
  await expect(page.getByText(/no better than chance; with grey, Raw 100\.0.% of 12 images/)).toBeVisible();
});
