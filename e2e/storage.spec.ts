import { expect, test } from './test';
import {
  beginMeasuring,
  dropFiles,
  measuredToEnd,
  shownPoints,
  storedAnswers,
  storedPoints,
  fewLayers,
  undisturbed,
} from './storedPoints';
import { isToday } from '../scripts/ofToday';

const note = /Expected to keep what is measured in this browser, found /;

test('where storage is denied, everything is measured and the page says that nothing is saved', async ({
  page,
}, info) => {
  test.skip(!isToday(1, 3), 'tried on one day in three; EVERY_CASE=1 tries it');
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('The user denied permission to access the database.', 'SecurityError');
    };
  });
  const studio = await beginMeasuring(page, await fewLayers(info.outputDir));
  const banner = page.getByRole('banner');
  await expect(banner.getByRole('alert')).toContainText(
    /found its storage refused \(The user denied .*\); allow this page to store data or leave the private window/,
  );
  await measuredToEnd(studio);
  // It is said once, and stays away when a person has read it.
  await banner.getByRole('button', { name: 'Dismiss this message' }).click();
  await studio.stepTo(70);
  await studio.measured('ENC-Map');
  await expect(banner.getByRole('alert')).toHaveCount(0);
});

test('a full disk is said, and what is measured is the same', async ({ browser }, info) => {
  test.skip(!isToday(2, 3), 'tried on one day in three; EVERY_CASE=1 tries it');
  const files = await fewLayers(info.outputDir);
  const expected = await undisturbed(browser, files);
  const context = await browser.newContext();
  const other = await context.newPage();
  await other.addInitScript(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('The disk is full.', 'QuotaExceededError');
    };
  });
  const studio = await beginMeasuring(other, files);
  const alert = other.getByRole('banner').getByRole('alert');
  await expect(alert).toContainText(/found no room left; make room on the disk/);
  await measuredToEnd(studio);
  expect(await storedPoints(other)).toEqual([]);
  expect(await shownPoints(studio)).toBe(expected.length);
  await context.close();
});

test('a database that an older page holds is said; the sweep goes on, and no point is lost', async ({
  browser,
}, info) => {
  test.skip(!isToday(0, 3), 'tried on one day in three; EVERY_CASE=1 tries it');
  const files = await fewLayers(info.outputDir);
  const expected = await undisturbed(browser, files);
  const context = await browser.newContext();
  const older = await context.newPage();
  await older.goto('/favicon.svg');
  // An older page with an older version, which does not let go when it is asked to.
  await older.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const request = indexedDB.open('enc-studio-points', 1);
        request.onsuccess = () => {
          Object.assign(window, { held: request.result });
          resolve();
        };
      }),
  );
  const newer = await context.newPage();
  const studio = await beginMeasuring(newer, files);
  const alert = newer.getByRole('banner').getByRole('alert');
  await expect(alert).toContainText(
    /found its storage held by an older page of the studio; close or reload that page/,
  );
  await measuredToEnd(studio);
  expect(await shownPoints(studio)).toBe(expected.length);
  await older.close();
  await studio.reload();
  await dropFiles(studio, files);
  await measuredToEnd(studio);
  await expect(alert).toHaveCount(0);
  expect(await shownPoints(studio)).toBe(expected.length);
  await context.close();
});

test('two pages that measure the same keep the same points, none twice', async ({ browser }, info) => {
  const files = await fewLayers(info.outputDir);
  const expected = await undisturbed(browser, files);
  const context = await browser.newContext();
  const pages = [await context.newPage(), await context.newPage()];
  const studios = await Promise.all(pages.map((own) => beginMeasuring(own, files)));
  await Promise.all(studios.map(measuredToEnd));
  for (const own of pages) {
    await expect(own.getByText(note)).toHaveCount(0);
    expect(await storedPoints(own)).toEqual(expected);
  }
  await context.close();
});

test('a page that is loaded again in the midst of a race finds what its candidates answered', async ({
  page,
  browser,
}, info) => {
  const files = await fewLayers(info.outputDir);
  const expected = await undisturbed(browser, files);
  const studio = await beginMeasuring(page, files);
  await expect.poll(async () => (await storedAnswers(page)).length).toBeGreaterThan(0);
  await studio.reload();
  await dropFiles(studio, files);
  await measuredToEnd(studio);
  expect(await storedPoints(page)).toEqual(expected);
  expect((await storedAnswers(page)).length).toBeGreaterThan(1);
});
