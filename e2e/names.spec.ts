import { zipSync } from 'fflate';
import { mkdirSync, readFileSync } from 'node:fs';
import { drawn, encoded } from '../cli/testPictures';
import { writeNetwork } from '../src/formats/models';
import type { Network } from '../src/network/graph';
import { StudioPage } from './studioPage';
import { expect, test } from './test';
import { tinyNetwork, writeFile } from './tinyFiles';

const markup = '<img src=x onerror="window.owned=1">';
/** Names that would be markup, a formula, or a member of every object. */
const odd = [markup, '__proto__', '=1+1', 'constructor'] as const;

/** The tiny network with its layers called so. */
function named(): Network {
  const network = tinyNetwork();
  const layers = network.nodes.filter(({ operator }) => ['conv2d', 'dense'].includes(operator.kind));
  expect(layers).toHaveLength(odd.length);
  const nodes = network.nodes.map((node) => {
    const at = layers.indexOf(node);
    return at < 0 ? node : { ...node, name: odd[at]! };
  });
  return { ...network, nodes };
}

/** A picture in a folder for each class, called so. */
async function pictures(): Promise<Uint8Array> {
  const entries: Record<string, Uint8Array> = {};
  for (const [index, name] of odd.entries())
    for (let copy = 0; copy < 6; copy++)
      entries[`set/${name}/${copy}${markup}.png`] = await encoded(
        'png',
        drawn(8, 8, (row, column) => Array<number>(3).fill((40 * index + row * column * (copy + 1)) % 256)),
      );
  return zipSync(entries);
}

test('names from files are only text: in the page, its figures and what it hands out', async ({
  page,
}, info) => {
  mkdirSync(info.outputDir, { recursive: true });
  const [network] = await writeNetwork(named(), 'onnx');
  const studio = new StudioPage(page);
  await page.addInitScript(() => Object.assign(window, { owned: 0 }));
  await studio.open('?sample=none&metric=energy&repair=off&backend=wasm&split=4,4');
  await studio.chooseNetwork(writeFile(info.outputDir, `${markup}.onnx`, network!.bytes));
  await studio.chooseImages(writeFile(info.outputDir, `${markup}.zip`, await pictures()));
  await studio.measured('Original');
  await studio.waitForPlan('ENC-Map');
  for (const name of odd) await expect(studio.layers).toContainText(name);

  // Each layer in turn, those that are kept as well: its figures and what is said beside them bear its name.
  const rowOf = (name: string) => studio.layers.getByRole('row').filter({ hasText: name }).first();
  for (const name of odd) {
    await rowOf(name).click();
    await expect(rowOf(name)).toHaveAttribute('aria-selected', 'true');
  }
  for (const name of [odd[0], odd[3]]) await expect(rowOf(name)).toContainText('kept');
  for (const name of [odd[1], odd[2]]) await expect(rowOf(name)).toContainText(/\d+ \/ \d+/);
  await expect(page.locator('body')).not.toContainText(/native code|NaN/);
  await page.getByRole('button', { name: 'Look at the images' }).click();
  await expect(page.getByText(markup).first()).toBeVisible();
  await page.keyboard.press('Escape');

  const save = async (open: () => Promise<void>, button: RegExp | string) => {
    await open();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('dialog').getByRole('button', { name: button }).click(),
    ]);
    await page.keyboard.press('Escape');
    return readFileSync(await download.path(), 'utf8');
  };
  const figure = page.getByRole('figure', { name: 'Ranks per layer' });
  const texts = [
    await save(() => figure.getByRole('button', { name: 'Save this figure' }).click(), 'SVG'),
    await save(() => page.getByRole('button', { name: 'Share' }).click(), 'HTML report'),
  ];
  const [svg, html] = await page.evaluate(
    ([figureText, reportText]) =>
      [[figureText, 'image/svg+xml'] as const, [reportText, 'text/html'] as const].map(([text, kind]) => {
        const parsed = new DOMParser().parseFromString(text!, kind);
        return {
          isWhole: parsed.querySelector('parsererror') === null,
          made: parsed.querySelectorAll('img:not([src^="data:"]), script, [onerror]').length,
        };
      }),
    texts,
  );
  expect([svg, html]).toEqual([
    { isWhole: true, made: 0 },
    { isWhole: true, made: 0 },
  ]);
  expect(texts[1]).toContain('&#60;img src=x');
  // Nothing became an element, nor a member of every object, here or in what was opened.
  await expect(page.locator('img[src="x"]')).toHaveCount(0);
  expect(
    await page.evaluate(() => [
      (window as unknown as { owned: number }).owned,
      Object.keys(Object.prototype),
      ({} as Record<string, unknown>)['rank'] === undefined,
    ]),
  ).toEqual([0, [], true]);
  await expect(page.getByRole('alert')).toHaveCount(0);
});
