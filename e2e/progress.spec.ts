import { expect, test } from './test';
import { StudioPage } from './studioPage';
import { noteTexts } from './watching';
import { isToday } from '../scripts/ofToday';

test('work is told as one whole: nothing says that it is over before it is, and one button stops all of it', async ({
  page,
}) => {
  test.skip(!isToday(2, 3), 'tried on one day in three; EVERY_CASE=1 tries it');
  const studio = new StudioPage(page);
  await studio.open('?sample=residual&metric=energy&repair=off&candidates=4');
  await expect(studio.progress.getByRole('progressbar')).toBeVisible();
  const said = await noteTexts(studio.progress);
  await expect(page).toHaveTitle(/%.*ENC Studio/);
  const stop = page.getByRole('button', { name: 'Stop all' });
  await stop.click();
  await expect(studio.progress).toContainText('Stopped');
  await expect(studio.progress.getByRole('progressbar')).toHaveCount(0);
  await expect(page).toHaveTitle(/^ENC Studio/);
  // What waits is stopped, too.
  await studio.slider.focus();
  await page.keyboard.press('PageDown');
  await studio.waitForTarget();
  await expect(studio.progress).toContainText('Stopped');

  await page.getByRole('button', { name: 'Resume everything' }).click();
  await studio.measured('ENC-Inf');
  await studio.waitForRest();
  const texts = await said();
  expect(texts.findIndex((text) => text?.includes('Leaves this machine'))).toBe(texts.length - 1);
  expect(texts.some((text) => text?.includes('then '))).toBe(true);
});
