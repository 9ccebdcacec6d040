import type { BrowserContext, Page } from '@playwright/test';
import { ofToday } from '../scripts/ofToday';
import { expect, test } from './test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { StudioPage } from './studioPage';
import { tinyNetwork, writeFile, writeIdxFiles, writeOnnxFile } from './tinyFiles';
import { noteTexts } from './watching';

const query = '?sample=none&metric=energy&backend=wasm&target=0.5&split=24,24&candidates=4';

/** A network and 120 labelled images of one's own, and another network. */
async function ownFiles(folder: string) {
  mkdirSync(folder, { recursive: true });
  const network = await writeOnnxFile(folder, 'mine.onnx', tinyNetwork());
  const other = await writeOnnxFile(folder, 'other.onnx', tinyNetwork(8));
  return { network, other, images: writeIdxFiles(folder, 120, 8, 4) };
}

/** Opens them, and decides what a reload must bring back. */
async function begin(studio: StudioPage, files: Awaited<ReturnType<typeof ownFiles>>): Promise<void> {
  await studio.open(query);
  await studio.choosePreset('0 to 1');
  await studio.drop(files.network, ...files.images);
  await studio.waitForPlan('ENC-Map');
  await studio.layers.getByRole('switch').nth(1).click();
  await studio.stepTo(70);
  await studio.measured('ENC-Map', 72, 'Repaired');
  await studio.measured('ENC-Inf', 72);
  await studio.waitForRest();
}

/** Everything that the page says of the session. */
async function seen(studio: StudioPage): Promise<unknown> {
  const rows = await Promise.all(
    ['Original', 'ENC-Map', 'ENC-Model', 'Uniform', 'ENC-Inf'].map(async (row) => {
      const cells = studio.method(row).getByRole('group');
      return [row, await cells.allInnerTexts()];
    }),
  );
  return {
    rows,
    target: await studio.target(),
    ranks: await studio.layers.locator('[data-rank]').allInnerTexts(),
    cut: await studio.layers
      .getByRole('switch')
      .evaluateAll((all) => all.map((own) => own.getAttribute('aria-checked'))),
    network: await studio.network.innerText(),
    images: await studio.images.innerText(),
    figures: await studio.page.locator('figure > p').allTextContents(),
  };
}

/** Nothing that was measured, repaired or raced is done again. */
async function expectBack(studio: StudioPage, before: unknown): Promise<void> {
  await studio.measured('ENC-Inf', 72);
  await expect.poll(() => seen(studio)).toEqual(before);
}

const keep = (page: Page) => page.getByRole('button', { name: 'Keep', exact: true });

test('with leave, a reload brings everything back, and nothing of it is done again', async ({
  page,
}, info) => {
  const studio = new StudioPage(page);
  const files = await ownFiles(info.outputDir);
  await begin(studio, files);
  await keep(page).click();
  const before = await seen(studio);
  await page.getByRole('button', { name: 'Sessions' }).click();
  const panel = page.getByRole('dialog', { name: 'Sessions' });
  await expect(panel).toContainText(/Files of sessions take [1-9][\d.]*\skB/);
  await page.keyboard.press('Escape');

  await studio.reload();
  const texts = await noteTexts(studio.progress);
  await expectBack(studio, before);
  await studio.waitForRest();
  // What the state asks for before all of it is back is looked at once more before it begins.
  const begun = (await texts()).filter((text) => !text?.includes('begins in a moment'));
  expect(begun.join('\n')).not.toMatch(/Measuring (ENC|Uniform|the original)|Racing|Repairing/);
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled();
  // It is the same session, and the file is still the repaired one.
  const repaired = await studio.measured('ENC-Map', 72, 'Repaired');
  const file = join(info.outputDir, 'out.onnx');
  expect(await studio.download('ENC-Map', file)).toBe('mine-map-0.7.onnx');

  // Deleted, it is gone with its files; a session that is open cannot be.
  await studio.chooseNetwork(file);
  await expect(studio.network).toContainText('out');
  expect(await studio.measured('Original', 72)).toBe(repaired);
  await page.getByRole('button', { name: 'Sessions' }).click();
  await panel.getByRole('button', { name: /^Delete mine/ }).click();
  await expect(panel.getByRole('button', { name: /^Delete mine/ })).toHaveCount(0);
  await expect(panel.getByRole('button', { name: /^Delete/ })).toHaveCount(0);
});

test('without leave, the files are asked for by name, and others are refused in a sentence', async ({
  page,
}, info) => {
  const studio = new StudioPage(page);
  const files = await ownFiles(info.outputDir);
  await begin(studio, files);
  await page.getByRole('button', { name: 'Do not keep' }).click();
  const before = await seen(studio);
  await studio.reload();
  const asked = page.getByRole('main', { name: 'Session' });
  await expect(asked).toContainText('mine.onnx');
  await expect(asked).toContainText('tiny-images-idx3-ubyte');
  await asked.getByLabel('Open the session’s network files').setInputFiles(files.other);
  await expect(asked.getByRole('alert')).toHaveText(
    'other.onnx: expected the content that mine had in this session, found another; open the former file, or begin anew.',
  );
  await asked.getByLabel('Open the session’s network files').setInputFiles(files.network);
  await expect(asked).toContainText('here');
  await studio.drop(...files.images);
  await expectBack(studio, before);
});

test('a session in a file goes on in another browser, with the same plans and accuracies', async ({
  page,
  browser,
}, info) => {
  const studio = new StudioPage(page);
  await begin(studio, await ownFiles(info.outputDir));
  const before = await seen(studio);
  await page.getByRole('button', { name: 'Sessions' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save to a file' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('mine.encstudio');
  const path = join(info.outputDir, 'mine.encstudio');
  await download.saveAs(path);

  const context = await browser.newContext();
  const elsewhere = new StudioPage(await context.newPage());
  await elsewhere.open('?sample=none&backend=wasm');
  await elsewhere.drop(writeFile(info.outputDir, 'broken.encstudio', 'no session'));
  await expect(elsewhere.page.getByRole('alert')).toContainText(
    'broken.encstudio: expected a session of ENC Studio, found no whole zip archive',
  );
  await elsewhere.drop(path);
  await expectBack(elsewhere, before);
  await context.close();
});

test('a sample’s session comes back with what was chosen, also from the list, and a link begins anew', async ({
  page,
}) => {
  const studio = new StudioPage(page);
  await studio.open(
    '?sample=vgg&metric=energy&backend=wasm&repair=off&target=0.3&candidates=4&split=24,48,260',
  );
  const before = await studio.measured('ENC-Map', 260);
  await studio.layers.getByRole('switch').first().click();
  await expect(studio.layers.getByRole('switch').first()).toBeChecked();
  await studio.reload();
  await studio.waitForPlan('ENC-Map');
  await expect(studio.layers.getByRole('switch').first()).toBeChecked();
  // Another link in the same tab is another session.
  await studio.open(
    '?sample=vgg&metric=energy&backend=wasm&repair=off&target=0.3&candidates=4&split=24,48,260&seed=1',
  );
  await studio.measured('ENC-Map', 260);
  await expect(studio.layers.getByRole('switch').first()).not.toBeChecked();
  await page.getByRole('button', { name: 'Sessions' }).click();
  const panel = page.getByRole('dialog', { name: 'Sessions' });
  await panel.getByRole('button', { name: /^Go on with Sample vgg/ }).click();
  await expect(studio.layers.getByRole('switch').first()).toBeChecked();
  await studio.layers.getByRole('switch').first().click();
  // Until there is a plan without the layer, the row is that of the plan with it.
  await expect.poll(() => studio.measured('ENC-Map', 260)).toBe(before);
});

/** Where a second tab comes to a session that a first one is at. */
const copies: readonly (readonly [string, (page: Page, context: BrowserContext) => Promise<Page>])[] = [
  [
    'a window that the tab opened',
    async (page, context) => {
      // It has the memory of the tab that it was opened from, as a tab that is duplicated.
      const [copy] = await Promise.all([
        context.waitForEvent('page'),
        page.evaluate(() => void window.open(location.href)),
      ]);
      return copy;
    },
  ],
  [
    'the list of sessions',
    async (_, context) => {
      const copy = await context.newPage();
      const studio = new StudioPage(copy);
      await studio.open('?sample=residual&metric=energy&backend=wasm&repair=off&split=24,48,260');
      await studio.measured('Original', 260);
      await copy.getByRole('button', { name: 'Sessions' }).click();
      const panel = copy.getByRole('dialog', { name: 'Sessions' });
      await panel.getByRole('button', { name: /^Go on with Sample vgg/ }).click();
      await expect(studio.network).toContainText('vgg');
      return copy;
    },
  ],
  [
    'the same link',
    async (page, context) => {
      const copy = await context.newPage();
      await copy.goto(page.url());
      return copy;
    },
  ],
];

for (const [place, open] of ofToday(copies, 3))
  test(`two tabs that are at one session keep one each: ${place}`, async ({ page, context }) => {
    const studio = new StudioPage(page);
    await studio.open(
      '?sample=vgg&metric=energy&backend=wasm&repair=off&target=0.3&candidates=4&split=24,48,260',
    );
    // The sample's second set of images changes which ones are reported on, though not how many.
    await studio.measured('ENC-Inf', 260);
    await studio.waitForRest();
    const before = await studio.measured('ENC-Map', 260);
    const copy = new StudioPage(await open(page, context));
    await expect.poll(() => copy.measured('ENC-Map', 260)).toBe(before);
    const cuts = [studio, copy].map(({ layers }) => layers.getByRole('switch').first());
    await cuts[1]!.click();
    await expect(cuts[1]!).toBeChecked();
    await copy.stepTo(60);
    expect(await studio.target()).toBe(30);
    await expect(cuts[0]!).not.toBeChecked();
    // Each comes back to its own, whichever was saved last.
    for (const [own, target] of [
      [studio, 30],
      [copy, 60],
    ] as const) {
      await own.reload();
      await own.waitForPlan('ENC-Map');
      await expect.poll(() => own.target()).toBe(target);
    }
    await expect(cuts[0]!).not.toBeChecked();
    await expect(cuts[1]!).toBeChecked();
    await expect.poll(() => studio.measured('ENC-Map', 260)).toBe(before);
    await page.getByRole('button', { name: 'Sessions' }).click();
    const panel = page.getByRole('dialog', { name: 'Sessions' });
    await expect(panel.getByText('Sample vgg')).toHaveCount(2);
  });

test('a session that cannot be saved is spoken of at once, and leaving it is asked about', async ({
  page,
}, info) => {
  const studio = new StudioPage(page);
  const files = await ownFiles(info.outputDir);
  await page.addInitScript(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...given) {
      if (this.transaction.db.name === 'enc-studio-sessions')
        throw new DOMException('The disk is full.', 'QuotaExceededError');
      return put.apply(this, given);
    };
  });
  await studio.open(query);
  await studio.drop(files.network);
  await expect(page.getByRole('alert')).toContainText(
    /This session is not saved in the browser: expected room for it on the disk, found that it cannot be written \(The disk is full\.\); save it to a file, or make room\./,
  );
  const asked = page.waitForEvent('dialog');
  await studio.slider.press('PageUp');
  const left = page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.accept();
  await left;
});
