import { expect, test } from './test';
import { StudioPage } from './studioPage';

test('layers’ curves are drawn against their MACs, and layers that are selected together stand out', async ({
  page,
}) => {
  const studio = new StudioPage(page);
  await studio.open('?sample=residual&metric=energy&repair=off&split=24,48,260');
  await studio.waitForPlan('ENC-Map');
  const figure = page.getByRole('figure', { name: 'Layers’ curves' });
  const front = figure.locator('path[data-layer]');
  const widths = () =>
    front.evaluateAll((paths) =>
      Object.fromEntries(
        paths.map((path) => [
          (path as SVGPathElement).dataset.layer!,
          (path as SVGPathElement).getBBox().x + (path as SVGPathElement).getBBox().width,
        ]),
      ),
    );

  // By keyboard, in the table: a wide layer and the narrow one behind it.
  const row = (name: RegExp) => studio.layers.getByRole('row', { name });
  await studio.layers.locator('[tabindex="0"]').first().focus();
  await page.keyboard.press('Home');
  for (let down = 0; down < 4; down++) await page.keyboard.press('ArrowDown');
  await expect(row(/stage1\/block2\/conv2/)).toBeFocused();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(front).toHaveCount(3);
  await expect(figure.locator('svg[data-quiet="true"]')).toBeVisible();
  const byRank = Object.values(await widths());
  expect(new Set(byRank.map((width) => width.toFixed(3))).size).toBe(1);

  const axis = figure.getByLabel('Curves are drawn against');
  await axis.press('ArrowDown');
  await expect(axis).toHaveValue('macs');
  await expect(figure).toContainText('by MACs of the layer');
  const byMacs = await widths();
  const narrow = Object.keys(byMacs).find((name) => name.includes('projection'))!;
  const wide = Object.keys(byMacs).find((name) => name.includes('stage1/block2/conv2'))!;
  // 0.3 % of the network's MACs against 5.8 %.
  expect(byMacs[narrow]! / byMacs[wide]!).toBeLessThan(0.1);
  expect(byMacs[wide]!).toBeGreaterThan(0.8);

  // One alone stands among all again.
  await row(/stage1\/block2\/conv2/).click();
  await page.mouse.move(0, 0);
  await page.getByRole('slider', { name: 'Target' }).focus();
  await expect(figure.locator('svg[data-quiet="false"]')).toBeVisible();
  await expect(front).toHaveCount(1);
});
