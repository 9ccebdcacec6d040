import { expect, test } from './test';
import { zipSync } from 'fflate';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { drawn, encoded } from '../cli/testPictures';
import { dropPaths } from './dropping';
import { StudioPage } from './studioPage';
import { tinyNetwork, writeFile, writeOnnxFile } from './tinyFiles';

/** Four classes of two pictures each, larger than the network's input. */
async function pictures(kind: 'jpeg' | 'png' | 'webp'): Promise<Record<string, Uint8Array>> {
  const names = ['ant', 'bee', 'cow', 'dog'].flatMap((name) => [
    `${kind} set/${name}/1.${kind}`,
    `${kind} set/${name}/2.${kind}`,
  ]);
  const files = names.map(async (name, index) => [
    name,
    await encoded(
      kind,
      drawn(20, 16, (x) => [9 * x, 30 * index, 0]),
    ),
  ]);
  return Object.fromEntries(await Promise.all(files)) as Record<string, Uint8Array>;
}

/** An `.npy` file of bytes, version 1. */
function npy(shape: readonly number[], bytes: Uint8Array): Uint8Array {
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(', ')},), }\n`;
  return Buffer.concat([
    Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]),
    Buffer.from(header),
    bytes,
  ]);
}

test('pictures in a zip or a folder and NumPy arrays open and are measured; a damaged picture is left out and named', async ({
  page,
}, info) => {
  const folder = info.outputDir;
  mkdirSync(folder, { recursive: true });
  const studio = new StudioPage(page);
  await studio.open('?backend=wasm&sample=none');
  await studio.chooseNetwork(await writeOnnxFile(folder, 'tiny.onnx', tinyNetwork()));
  for (const kind of ['png', 'jpeg', 'webp'] as const) {
    await studio.chooseImages(writeFile(folder, `${kind}.zip`, zipSync(await pictures(kind))));
    await expect(studio.images).toContainText(`${kind} set`);
    await expect(studio.images).toContainText('8 images · 8×8 grey · classes by order');
  }
  await studio.measured('Original');
  // A folder of the disk, one folder per class in it.
  const files = {
    ...(await pictures('png')),
    'png set/dog/3.png': (await pictures('png'))['png set/ant/1.png']!,
  };
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFile(folder, name, bytes);
  }
  await dropPaths(page, [join(folder, 'png set')]);
  await expect(studio.images).toContainText('9 images · 8×8 grey · classes by order');
  const broken = {
    ...(await pictures('png')),
    'png set/ant/3.png': (await pictures('png'))['png set/ant/1.png']!.slice(0, 50),
  };
  await studio.chooseImages(writeFile(folder, 'broken.zip', zipSync(broken)));
  await expect(studio.images).toContainText('8 images · 1 left out');
  await studio.images.getByRole('button', { name: 'What was assumed' }).click();
  await expect(
    page.getByText(/png set\/ant\/3\.png: expected a whole PNG picture, but its data ends early/),
  ).toBeVisible();
  await page.keyboard.press('Escape');
  // Where none can be read, what was loaded stays.
  const cut = { 'cut/ant/3.png': broken['png set/ant/3.png']! };
  await studio.chooseImages(writeFile(folder, 'cut.zip', zipSync(cut)));
  await expect(studio.images.getByRole('alert')).toContainText('cut/ant/3.png: expected a whole PNG picture');
  await expect(studio.images).toContainText('8 images');
  const arrays = zipSync({
    'x.npy': npy([3, 8, 8], new Uint8Array(192)),
    'y.npy': npy([3], Uint8Array.of(0, 1, 3)),
  });
  await studio.chooseImages(writeFile(folder, 'set.npz', arrays));
  await expect(studio.images).toContainText('3 images · 8×8 grey · classes by order');
});

test('pictures of every format are decoded in the page, each by a decoder that comes when it is needed', async ({
  page,
}, info) => {
  const folder = info.outputDir;
  mkdirSync(folder, { recursive: true });
  const fixtures = 'src/formats/pictures/fixtures';
  const names = readdirSync(fixtures).filter((name) => name !== 'expected.json');
  const files = Object.fromEntries(names.map((name) => [`all/${name}`, readFileSync(join(fixtures, name))]));
  const studio = new StudioPage(page);
  await studio.open('?backend=wasm&sample=none');
  await studio.chooseImages(writeFile(folder, 'all.zip', zipSync(files)));
  await expect(studio.images).toContainText(`${names.length} images · 9×11 · no labels`);
});

test('a mapping file that comes after the pictures says what their classes are', async ({ page }, info) => {
  const folder = info.outputDir;
  mkdirSync(folder, { recursive: true });
  const studio = new StudioPage(page);
  await studio.open('?backend=wasm&sample=none&metric=energy&repair=off');
  await studio.chooseNetwork(await writeOnnxFile(folder, 'tiny.onnx', tinyNetwork()));
  await expect(studio.network).toContainText('MACs');
  // Three classes for a network of four: nothing says which of them are meant.
  const three = Object.entries(await pictures('png')).filter(([name]) => !name.includes('/dog/'));
  await studio.chooseImages(writeFile(folder, 'three.zip', zipSync(Object.fromEntries(three))));
  await expect(studio.images.getByRole('alert')).toContainText(
    /expected 4 classes.*found 3 \(ant, bee, cow\)/,
  );
  await studio.drop(writeFile(folder, 'map.csv', 'ant,3\nbee,2\n'));
  await expect(studio.images.getByRole('alert')).toContainText(/mapping file map\.csv names, found "cow"/);
  await studio.drop(writeFile(folder, 'map.csv', 'ant,3\nbee,2\ncow,0\n'));
  await expect(studio.images).toContainText('6 images · 8×8 grey · classes by mapping map.csv');
  await expect(studio.images.getByRole('alert')).toHaveCount(0);
  // Images of their own again, then their classes from the button.
  await studio.chooseImages(writeFile(folder, 'four.zip', zipSync(await pictures('png'))));
  await expect(studio.images).toContainText('8 images · 8×8 grey · classes by order');
  await studio.chooseImages(writeFile(folder, 'classes.txt', 'dog\ncow\nbee\nant\n'));
  await expect(studio.images).toContainText('8 images · 8×8 grey · classes by name in classes.txt');
  // Without classes the original is what the others are compared with: nothing waits to be measured for ever.
  const plain = Object.values(await pictures('png')).map((bytes, index) => [`${index}.png`, bytes] as const);
  await studio.chooseImages(writeFile(folder, 'plain.zip', zipSync(Object.fromEntries(plain))));
  await expect(studio.images).toContainText('8 images · 8×8 grey · no labels');
  await expect(studio.method('Original')).toContainText('the others are compared with it');
  await expect(studio.method('Original')).not.toContainText('queued');
});

test('classes of arrays follow the names of the network that is open', async ({ page }, info) => {
  const folder = info.outputDir;
  mkdirSync(folder, { recursive: true });
  const names = ['dog', 'Cow', 'bee', 'ant'];
  const named = { ...tinyNetwork(), metadata: { names: JSON.stringify(names) } };
  const plain = await writeOnnxFile(folder, 'plain.onnx', tinyNetwork(8));
  const other = await writeOnnxFile(folder, 'named.onnx', named);
  const arrays = zipSync({
    'x.npy': npy([3, 8, 8], new Uint8Array(192)),
    'y.npy': npy([3], Uint8Array.of(0, 1, 3)),
  });
  const files = [
    writeFile(folder, 'set.npz', arrays),
    writeFile(folder, 'classes.txt', 'ant\nbee\ncow\ndog\n'),
  ];
  const studio = new StudioPage(page);
  await studio.open('?backend=wasm&sample=none&metric=energy&repair=off');
  await studio.chooseImages(...files);
  await expect(studio.images).toContainText('3 images · 8×8 grey · classes by order');
  await studio.chooseNetwork(other);
  await expect(studio.images).toContainText('3 images · 8×8 grey · classes by name');
  // A network that names nothing takes them in their own order again.
  await studio.chooseNetwork(plain);
  await expect(studio.images).toContainText('3 images · 8×8 grey · classes by order');
});
