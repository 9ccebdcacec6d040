import type { Page } from 'playwright-core';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { withServedPage } from './served';
import { StudioPage } from './studioPage';
import { screens, viewsOf, type View } from './views';
import { drawn, eased } from './watching';

/*
 * Photographs every view of the page for looking at it: `npm run screens -- FOLDER [part of a view's name]`. It
 * builds and serves the page by itself; each view at every width, light, dark, and in forced colours.
 */

const [folder = 'test-results/screens', wanted = ''] = process.argv.slice(2);

const schemes = [
  { scheme: 'light', media: { colorScheme: 'light', forcedColors: 'none' } },
  { scheme: 'dark', media: { colorScheme: 'dark', forcedColors: 'none' } },
  { scheme: 'forced', media: { colorScheme: 'dark', forcedColors: 'active' } },
] as const;

/** A picture per scheme of what the page shows now. */
async function shoot(page: Page, name: string): Promise<void> {
  for (const { scheme, media } of schemes) {
    await page.emulateMedia(media);
    await eased(page);
    const fileName = `${name.replaceAll(/[^\w’-]+/g, '-')}-${page.viewportSize()!.width}-${scheme}.png`;
    await page.screenshot({ path: join(folder, fileName), fullPage: page.viewportSize()!.width < 900 });
  }
  await page.emulateMedia(schemes[0].media);
}

async function shootViews(page: Page, views: readonly View[]): Promise<void> {
  for (const view of views) {
    if (!view.name.includes(wanted)) continue;
    for (const viewport of screens) {
      await page.setViewportSize(viewport);
      await drawn(page);
      await view.show(page);
      await shoot(page, view.name);
      await view.hide(page);
    }
  }
}

/** What there is before a network is open, and what explains the page at a first visit. */
async function shootBeginnings(page: Page): Promise<void> {
  const beginnings = [
    { name: 'nothing open', query: '?sample=none' },
    { name: 'first visit', query: '?sample=vgg&repair=off&metric=energy&split=24,48,60' },
  ];
  for (const { name, query } of beginnings) {
    if (!name.includes(wanted)) continue;
    await page.goto(`/${query}`);
    await page.getByRole('banner').waitFor();
    if (name === 'first visit') await page.getByRole('button', { name: 'Download ENC-Map' }).waitFor();
    for (const viewport of screens) {
      await page.setViewportSize(viewport);
      await shoot(page, name);
    }
  }
}

await mkdir(folder, { recursive: true });
await withServedPage(async (page) => {
  await page.setViewportSize(screens[3]);
  await shootBeginnings(page);
  const studio = new StudioPage(page);
  await page.setViewportSize(screens[3]);
  await studio.open('?sample=residual&metric=energy&split=24,48,60&target=0.4');
  const strip = page.getByRole('button', { name: 'Got it' });
  if (await strip.isVisible()) await strip.click();
  for (const method of ['ENC-Map', 'ENC-Inf']) {
    const repaired = studio.method(method).getByRole('group', { name: 'Repaired' });
    await repaired.getByText(/ of 60 images/).waitFor({ timeout: 240_000 });
  }
  await shootViews(page, await viewsOf(page));
});
