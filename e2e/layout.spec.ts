import type { Page } from '@playwright/test';
import { ofToday } from '../scripts/ofToday';
import { expect, test } from './test';
import { clipped } from './clipping';
import { StudioPage } from './studioPage';
import { screens, viewsOf } from './views';
import { drawn } from './watching';

/** Beside the usual screens: windows beside others, an older laptop, and a very large screen. */
const others = [
  { width: 960, height: 720 },
  { width: 1366, height: 768 },
  { width: 2560, height: 1440 },
] as const;
/** Where every view is tried, and not the workbench alone: the narrowest, and the lowest, in turns of days. */
const allViewsAt: readonly number[] = ofToday([screens[0].width, screens[2].width], 2);

test('nothing is cut or covered on any screen, in popovers and dialogs neither, nor in forced colours', async ({
  page,
}) => {
  const studio = new StudioPage(page);
  await studio.open('?sample=vgg&metric=energy&repair=off&split=24,48,60');
  await studio.waitForPlan('ENC-Inf');
  const views = await viewsOf(page);
  expect(views.length).toBeGreaterThan(15);
  for (const viewport of [...screens, ...others]) {
    await page.setViewportSize(viewport);
    await drawn(page);
    for (const view of views.slice(0, allViewsAt.includes(viewport.width) ? undefined : 2)) {
      const where = `${view.name} at ${viewport.width} × ${viewport.height}`;
      await view.show(page);
      for (const forcedColors of ['none', 'active'] as const) {
        await page.emulateMedia({ forcedColors });
        expect.soft(await clipped(page), `${where}, forced colours: ${forcedColors}`).toEqual([]);
      }
      expect.soft(await overflowOf(page), where).toEqual([]);
      await view.hide(page);
    }
  }
});

/** What a popover that is open holds beyond its width, and how far it stands out of the window. */
function overflowOf(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const panel = document.querySelector(':popover-open');
    if (!panel) return [];
    const { top, bottom, left, right } = panel.getBoundingClientRect();
    return [
      ...(panel.scrollWidth > panel.clientWidth ? [`${panel.scrollWidth} px in ${panel.clientWidth}`] : []),
      ...(top < 0 || bottom > innerHeight || left < 0 || right > innerWidth ? ['it leaves the window'] : []),
    ];
  });
}

test('help begins at its beginning', async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.open();
  await page.setViewportSize({ width: 1024, height: 600 });
  await page.getByRole('button', { name: 'Help' }).click();
  const dialog = page.getByRole('dialog', { name: 'How ENC Studio works' });
  await expect(dialog.getByRole('heading', { name: 'How ENC Studio works' })).toBeInViewport();
  expect(await dialog.evaluate(({ scrollTop }) => scrollTop)).toBe(0);
});

test('pointing at a curve moves nothing beside it', async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.open('?sample=residual&metric=energy&repair=off&split=24,48,260');
  await page.setViewportSize({ width: 1024, height: 768 });
  await studio.waitForPlan('ENC-Map');
  const places = async () => {
    const controls = ['Metric', 'Second method'].map((name) => page.getByRole('combobox', { name }));
    return Promise.all(controls.map((control) => control.boundingBox()));
  };
  const before = await places();
  const curves = page.getByRole('figure', { name: 'Layers’ curves' });
  const { x, y, width, height } = (await curves.boundingBox())!;
  await page.mouse.move(x + width / 2, y + height / 2);
  // It names the layer now.
  await expect(curves.getByText('quality kept (energy)', { exact: true })).toBeHidden();
  expect(await places()).toEqual(before);
});
