import { expect, test } from './test';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { zipSync } from 'fflate';
import { writeNetwork } from '../src/formats/models';
import type { Network } from '../src/network/graph';
import { dropPaths } from './dropping';
import { StudioPage } from './studioPage';
import { tinyNetwork, writeFile, writeIdxFiles } from './tinyFiles';

/** Writes a network as Caffe's two files. */
async function writeCaffeFiles(folder: string, name: string, network: Network): Promise<[string, string]> {
  mkdirSync(folder, { recursive: true });
  const files = await writeNetwork({ ...network, name }, 'caffe');
  const [model, text] = files.map((file) => {
    const path = join(folder, file.name);
    writeFileSync(path, file.bytes);
    return path;
  });
  return [model!, text!];
}

/** The tiny network as Caffe has it: a pool keeps height and width. */
function tinyCaffe(): Network {
  const network = tinyNetwork();
  const nodes = network.nodes.flatMap((node) => {
    if (node.operator.kind !== 'globalPool') return [node];
    const pooled = `${node.output}/pooled`;
    return [
      { ...node, output: pooled, operator: { ...node.operator, keepDimensions: true } },
      {
        ...{ name: `${node.name}/flatten`, inputs: [pooled], output: node.output },
        operator: { kind: 'flatten' as const, order: 'chw' as const },
      },
    ];
  });
  return { ...network, nodes };
}

test('networks of several files, folders and archives are dropped and sorted by content', async ({
  page,
}, info) => {
  const folder = info.outputDir;
  mkdirSync(folder, { recursive: true });
  const studio = new StudioPage(page);
  await studio.open('?backend=wasm&sample=none&metric=energy&repair=off');

  await test.step('a Caffe network and its images, dropped together in any order', async () => {
    const [model, text] = await writeCaffeFiles(folder, 'little', tinyCaffe());
    const [images, labels] = writeIdxFiles(folder, 12, 8, 4);
    await dropPaths(page, [labels, text, images, model]);
    await expect(studio.network).toContainText('little');
    await expect(studio.network).toContainText('Caffe');
    await expect(studio.images).toContainText('12 images');
    await studio.waitForPlan('ENC-Map');
    await studio.measured('Original');
  });

  await test.step('the help says which operators each format is read and written with', async () => {
    await page.getByRole('button', { name: 'Help' }).click();
    await page.getByText('Formats and operators').click();
    const table = page.getByRole('region', { name: 'Operators by format' });
    await expect(table.getByRole('columnheader')).toHaveText([
      'Operator',
      'ONNX',
      'Keras',
      'TF.js LayersModel',
      'TF.js GraphModel',
      'Caffe',
      'TensorFlow Lite',
    ]);
    const row = table.getByRole('row', { name: /^Local response normalisation/ });
    await expect(row.getByRole('cell').first()).toHaveText(/LRN\s*✓ written/);
    await expect(row.getByRole('cell').nth(1)).toHaveText(/not read\s*not written/);
    await page.getByRole('button', { name: 'Close' }).click();
  });

  await test.step('it is written as Caffe again, and the page opens that', async () => {
    await studio.dragTo(60);
    const path = join(folder, 'smaller-caffe.zip');
    expect(await studio.downloadAs('ENC-Map', 'Caffe', path)).toMatch(/^little-map-.*\.zip$/);
    await studio.chooseNetwork(path);
    await expect(studio.network).toContainText('Caffe');
    await expect(studio.network).toContainText('smaller-caffe');
    await studio.waitForPlan('ENC-Map');
    const [model, text] = await writeCaffeFiles(folder, 'little', tinyCaffe());
    await dropPaths(page, [text, model]);
    await expect(studio.network).toContainText('little');
  });

  await test.step('half of a Caffe network is refused, and the network stays', async () => {
    const [, text] = await writeCaffeFiles(join(folder, 'half'), 'half', tinyCaffe());
    await dropPaths(page, [text]);
    await expect(studio.network.getByRole('alert')).toContainText(
      'half.prototxt: expected the .caffemodel with its weights beside it',
    );
    await expect(studio.network).toContainText('little');
    await studio.network.getByRole('button', { name: /Dismiss/ }).click();
  });

  await test.step('a folder with a network inside another, images beside it and notes', async () => {
    const inner = join(folder, 'both');
    await writeCaffeFiles(join(inner, 'nets/deep'), 'folded', tinyCaffe());
    writeIdxFiles(inner, 20, 8, 4, 5);
    writeFile(inner, 'notes.txt', 'Trained on a Monday.\n');
    await dropPaths(page, [inner]);
    await expect(studio.network).toContainText('folded');
    await expect(studio.images).toContainText('20 images');
    await expect(page.getByRole('alert')).toBeHidden();
  });

  await test.step('a zip archive of all that', async () => {
    const files = [
      ...(await writeCaffeFiles(join(folder, 'zipped'), 'zipped', tinyCaffe())),
      ...writeIdxFiles(folder, 16, 8, 4, 6),
    ];
    const entries = Object.fromEntries(files.map((path) => [`all/${basename(path)}`, readFileSync(path)]));
    await dropPaths(page, [writeFile(folder, 'all.zip', zipSync(entries))]);
    await expect(studio.network).toContainText('zipped');
    await expect(studio.images).toContainText('16 images');
  });

  await test.step('a zip archive that leads out of itself is refused', async () => {
    const bytes = Buffer.from(zipSync({ 'aa/bb/net.onnx': new Uint8Array(3) })).toString('latin1');
    const evil = Buffer.from(bytes.replaceAll('aa/bb/', '../../'), 'latin1');
    await dropPaths(page, [writeFile(folder, 'evil.zip', evil)]);
    await expect(studio.network.getByRole('alert')).toContainText(
      '"../../net.onnx", which leads out of its folder',
    );
    await expect(studio.network).toContainText('zipped');
  });
});
