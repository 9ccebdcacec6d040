import { expect, test } from './test';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { chainOf } from '../src/network/testing/builders';
import type { Network } from '../src/network/graph';
import { dropPaths } from './dropping';
import { StudioPage } from './studioPage';
import { tinyNetwork, writeFile, writeIdxFiles, writeOnnxFile } from './tinyFiles';

function withNaN(network: Network): Network {
  const [first, ...rest] = network.nodes;
  if (first?.operator.kind !== 'conv2d') throw new Error('expected a convolution first');
  const kernel = { ...first.operator.kernel, data: first.operator.kernel.data.slice() };
  kernel.data[5] = NaN;
  return { ...network, nodes: [{ ...first, operator: { ...first.operator, kernel } }, ...rest] };
}

test('bad files: one sentence each, and what was loaded stays', async ({ page }, info) => {
  const folder = info.outputDir;
  mkdirSync(folder, { recursive: true });
  const good = await writeOnnxFile(folder, 'good.onnx', tinyNetwork());
  const studio = new StudioPage(page);
  await studio.open('?backend=wasm&sample=none&metric=energy&repair=off');
  await studio.chooseNetwork(good);
  await studio.chooseImages(writeIdxFiles(folder, 12, 8, 4)[0]).catch(() => undefined);
  await studio.waitForPlan('ENC-Map');
  // The labels are missing from that choice, so choose the pair.
  await page.getByLabel('Open images files').setInputFiles(writeIdxFiles(folder, 12, 8, 4));
  await expect(studio.images).toContainText('12 images');

  const truncated = readFileSync(good);
  const networks: [string, string, RegExp][] = [
    ['a text file', writeFile(folder, 'notes.txt', 'Dear diary,\n'), /notes\.txt: expected .*network.*text/],
    ['an empty file', writeFile(folder, 'empty.onnx', ''), /empty\.onnx: .*empty/],
    [
      'a truncated file',
      writeFile(folder, 'cut.onnx', truncated.subarray(0, truncated.length / 2)),
      /cut\.onnx: /,
    ],
    [
      'weights that are not numbers',
      await writeOnnxFile(folder, 'nan.onnx', withNaN(tinyNetwork())),
      /conv2d0.*NaN/,
    ],
  ];
  for (const [what, path, sentence] of networks) {
    await test.step(what, async () => {
      await studio.chooseNetwork(path);
      const alert = studio.network.getByRole('alert');
      await expect(alert).toContainText(sentence);
      await expect(studio.network).toContainText('good');
      await alert.getByRole('button', { name: /Dismiss/ }).click();
      await expect(alert).toBeHidden();
    });
  }

  await test.step('an operator that the studio does not know', async () => {
    const path = writeFile(folder, 'unknown.onnx', unknownOperator(good));
    await studio.chooseNetwork(path);
    await expect(studio.network.getByRole('alert')).toContainText(/Zelu/);
    await expect(studio.network).toContainText('good');
    await studio.network.getByRole('button', { name: /Dismiss/ }).click();
  });

  const images: [string, string[], RegExp][] = [
    ['a count that does not fit', [writeFile(folder, 'odd.bin', new Uint8Array(3073 + 7))], /odd\.bin: /],
    [
      'labels out of range',
      [writeFile(folder, 'label.bin', new Uint8Array(3073).fill(200))],
      /label\.bin: .*200/,
    ],
  ];
  for (const [what, paths, sentence] of images) {
    await test.step(what, async () => {
      await page.getByLabel('Open images files').setInputFiles(paths);
      await expect(studio.images.getByRole('alert')).toContainText(sentence);
      await expect(studio.images).toContainText('12 images');
      await studio.images
        .getByRole('button', { name: /Dismiss/ })
        .first()
        .click();
    });
  }

  await test.step('images of another size than the network reads', async () => {
    await page.getByLabel('Open images files').setInputFiles(writeIdxFiles(folder, 12, 9, 4));
    await expect(studio.images.getByRole('alert')).toContainText(/9×9.*8×8/);
    // No race is promised that cannot be run, and what is said covers nothing.
    await expect(studio.method('ENC-Inf')).toContainText('needs selection images to race plans on');
    await expect(page.getByRole('button', { name: /race/i })).toHaveCount(0);
    await studio.slider.click({ trial: true });
  });

  await test.step('the page is still usable', async () => {
    await page.getByLabel('Open images files').setInputFiles(writeIdxFiles(folder, 12, 8, 4));
    await studio.measured('Original');
  });
});

/** The same file with the operator "Relu" renamed to one of the same length that no one knows. */
function unknownOperator(path: string): Uint8Array {
  const text = readFileSync(path).toString('latin1');
  return Buffer.from(text.replace('"\x04Relu', '"\x04Zelu'), 'latin1');
}

test('a stray text file that is dropped on a sample is named, and the sample stays', async ({
  page,
}, info) => {
  mkdirSync(info.outputDir, { recursive: true });
  const studio = new StudioPage(page);
  await studio.open('?sample=vgg&backend=wasm&metric=energy&repair=off&split=24,48,60');
  await studio.waitForPlan('ENC-Map');
  // What is dropped goes before a sample that is still loading, so that all of it is to be there.
  await studio.measured('Original', 60);
  const network = await studio.network.innerText();
  await studio.drop(writeFile(info.outputDir, 'notes.txt', 'Dear diary,\n'));
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('notes.txt');
  await expect(alert).not.toContainText('.bin.gz');
  await alert.getByRole('button', { name: /Dismiss/ }).click();
  expect(await studio.network.innerText()).toBe(network);
  await studio.measured('Original', 60);
});

test('an empty folder that is dropped is said to be empty', async ({ page }, info) => {
  const folder = join(info.outputDir, 'empty');
  mkdirSync(folder, { recursive: true });
  const studio = new StudioPage(page);
  await studio.open();
  await dropPaths(page, [folder]);
  await expect(studio.network.getByRole('alert')).toContainText('found an empty folder; drop another.');
});

test('a network that ends without class scores is refused with a reason', async ({ page }, info) => {
  mkdirSync(info.outputDir, { recursive: true });
  const image = chainOf(
    [8, 8, 1],
    tinyNetwork()
      .nodes.slice(0, 3)
      .map(({ operator }) => operator),
  );
  const studio = new StudioPage(page);
  await studio.open('?backend=wasm&sample=none&metric=energy&repair=off');
  await studio.chooseNetwork(await writeOnnxFile(info.outputDir, 'features.onnx', image));
  await expect(studio.network.getByRole('alert')).toContainText(/class/);
});
