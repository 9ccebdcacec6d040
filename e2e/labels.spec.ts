import { expect, test } from './test';
import { zipSync } from 'fflate';
import { mkdirSync } from 'node:fs';
import { StudioPage } from './studioPage';
import { levelNetwork, levelPicture, writeFile, writeOnnxFile } from './tinyFiles';

test('the order of numbered classes is found by the images, said, and can be chosen and undone', async ({
  page,
}, info) => {
  const folder = info.outputDir;
  mkdirSync(folder, { recursive: true });
  const studio = new StudioPage(page);
  await studio.open();
  await studio.chooseNetwork(await writeOnnxFile(folder, 'levels.onnx', levelNetwork(12)));
  // As Keras and torchvision count: "10" and "11" come before "2".
  const names = Array.from({ length: 12 }, (_, index) => String(index)).sort();
  const pictures = await Promise.all(
    names.map(async (name, index) => [`numbered/${name}/a.png`, await levelPicture(index, 12)] as const),
  );
  await studio.chooseImages(writeFile(folder, 'numbered.zip', zipSync(Object.fromEntries(pictures))));
  expect(await studio.measured('Original')).toBe(100);
  await expect(studio.images).toContainText('classes: sorted as text');
  await studio.images.getByRole('button', { name: /^What was assumed/ }).click();
  const dialog = page.getByRole('dialog', { name: 'What was assumed' });
  await expect(dialog).toContainText('12 of 12 images right; numbers from 0: 2');
  const order = dialog.getByRole('combobox', { name: 'Order of classes' });
  await expect(order).toHaveValue('text');
  await order.selectOption('numbers from 0');
  await expect(dialog).toContainText('it was chosen');
  await expect(studio.method('Original')).toContainText('2 of 12 images');
  await expect(page).toHaveURL(/class-order=numeric/);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(studio.images).toContainText('classes: sorted as text');
  await expect(studio.method('Original')).toContainText('12 of 12 images');
});

test('the column of a table that says the classes can be chosen', async ({ page }, info) => {
  const folder = info.outputDir;
  mkdirSync(folder, { recursive: true });
  const studio = new StudioPage(page);
  await studio.open();
  await studio.chooseNetwork(await writeOnnxFile(folder, 'levels.onnx', levelNetwork(4)));
  const pictures = await Promise.all(
    [0, 1, 2, 3, 3, 2].map(
      async (level, index) => [`set/${index}.png`, await levelPicture(level, 4)] as const,
    ),
  );
  const rows = ['0.PNG;d;0;4', '1.PNG;c;1;5', '2.PNG;b;2;9', '3.PNG;a;3;1', '4.PNG;a;3;1', '5.PNG;b;2;2'];
  const table = new TextEncoder().encode(
    ['image;dx;stage;age', ...rows.map((row) => `.\\${row}`), 'gone.png;a;1;1'].join('\r\n'),
  );
  const files = { ...Object.fromEntries(pictures), 'set/labels.csv': table };
  await studio.chooseImages(writeFile(folder, 'set.zip', zipSync(files)));
  await expect(studio.method('Original')).toContainText('0 of 6 images');
  await studio.images.getByRole('button', { name: /^What was assumed/ }).click();
  const dialog = page.getByRole('dialog', { name: 'What was assumed' });
  await expect(dialog).toContainText(
    /its heading says so.*1 of 7 rows of labels\.csv names no picture, first: gone\.png/,
  );
  const column = dialog.getByRole('combobox', { name: 'Label column' });
  await expect(column).toHaveValue('dx');
  await expect(column.getByRole('option')).toHaveCount(2);
  await column.selectOption('stage');
  await expect(dialog).toContainText('it was chosen');
  await expect(page).toHaveURL(/label-column=stage/);
  await expect(studio.method('Original')).toContainText('6 of 6 images');
  await column.selectOption('auto');
  await expect(column).toHaveValue('dx');
  await expect(page).not.toHaveURL(/label-column/);
});
