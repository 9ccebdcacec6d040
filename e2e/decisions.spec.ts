import type { Page } from '@playwright/test';
import { expect, test } from './test';
import { StudioPage } from './studioPage';

const query = '?sample=vgg&backend=wasm&repair=off&target=0.4&metric=energy&split=24,64,260&pair=map,model';

async function opened(page: Page): Promise<StudioPage> {
  const studio = new StudioPage(page);
  await studio.open(query);
  await studio.waitForPlan('ENC-Model');
  return studio;
}

/** What a row of the table says of its layer's rank: "37", "whole" or "kept". */
const rankIn = (studio: StudioPage, layer: RegExp) =>
  studio.layers.getByRole('row', { name: layer }).locator('[data-rank]');

test('layers are locked, bounded and kept, several at once, and a second budget is set, by mouse', async ({
  page,
  browser,
}) => {
  const studio = await opened(page);
  const row = (name: RegExp) => studio.layers.getByRole('row', { name });
  await row(/stage2\/conv2/).click();
  const before = await rankIn(studio, /stage2\/conv2/).innerText();

  // The point on the layer's curve is dragged to the left end of the plot.
  const point = page.getByRole('slider', { name: 'Rank of stage2/conv2 on its curve' });
  await expect(point).toHaveAttribute('aria-valuenow', before);
  const box = (await point.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x - 40, box.y, { steps: 5 });
  await page.mouse.up();
  await expect(point).toHaveAttribute('aria-valuetext', /^rank \d+, locked$/);
  const locked = Number(await point.getAttribute('aria-valuenow'));
  expect(locked).toBeLessThan(Number(before));
  await expect(rankIn(studio, /stage2\/conv2/)).toHaveText(String(locked));
  await expect(row(/stage2\/conv2/)).toContainText(`locked at rank ${locked}`);

  // Split by channels, a layer has other ranks, factors of its own, and plans again.
  await row(/stage3\/conv2/).click();
  await page.getByRole('combobox', { name: 'Factors of stage3/conv2' }).selectOption('channel');
  const detail = page.getByRole('region', { name: 'Selected layer' });
  await expect(detail).toContainText('Factors: D×D, then 1×1');
  await expect(row(/stage3\/conv2/)).toContainText('/ 86');
  await expect(page.getByRole('slider', { name: 'Rank of stage3/conv2 on its curve' })).toBeVisible();
  await expect(rankIn(studio, /stage3\/conv2/)).toHaveText(/^\d{1,2}$/);

  // Another target leaves what is locked where it is.
  await studio.stepTo(60);
  await expect(rankIn(studio, /stage2\/conv2/)).toHaveText(String(locked));

  // Bounded from one side, typed.
  await row(/stage1\/conv2/).click();
  await page.getByRole('combobox', { name: 'Rank of stage1/conv2' }).selectOption('at most');
  await page.getByRole('spinbutton', { name: 'Greatest rank' }).fill('9');
  await page.keyboard.press('Enter');
  await expect(rankIn(studio, /stage1\/conv2/)).toHaveText('9');

  // Several rows at once.
  await row(/stage3\/conv1/).click();
  await row(/stage4\/conv1/).click({ modifiers: ['Shift'] });
  await row(/dense1/).click({ modifiers: ['ControlOrMeta'] });
  const several = page.getByRole('region', { name: 'Selected layers' });
  await expect(several).toContainText('4 layers selected');
  await several.getByRole('button', { name: 'Keep whole' }).click();
  await expect(several.getByRole('status')).toHaveText('4 whole.');
  for (const layer of [/stage3\/conv1/, /stage3\/conv2/, /stage4\/conv1/, /dense1/])
    await expect(rankIn(studio, layer)).toHaveText('kept');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(several.getByRole('status')).toHaveText('4 chosen by methods.');

  // A second budget begins where the plan is, is moved, kept by every method, and stands in the address.
  await page.getByRole('button', { name: 'Add a second budget' }).click();
  const second = page.getByRole('slider', { name: 'Second budget, share of parameters' });
  await expect(second).toBeVisible();
  await page.getByRole('spinbutton', { name: 'Second budget in percent' }).fill('30');
  await expect(second).toHaveAttribute('aria-valuetext', /^30 % of parameters, achieved (2\d\.\d|30\.0)\s%$/);
  await expect(page).toHaveURL(/second=parameters(=|%3D)0\.3/);

  // What cannot be met says what holds it up.
  await page.getByRole('spinbutton', { name: 'Target in percent' }).fill('5');
  await expect(
    page.getByText(/^The target cannot be reached: 5\s% of MACs .* held up by .*locked at rank/),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Remove the second budget' }).click();
  await expect(second).toHaveCount(0);

  // A link says the same to somebody else.
  await expect(page).toHaveURL(new RegExp(`rank=stage2/conv2=${locked},stage1/conv2=\\.\\.9&`));
  const elsewhere = await (await browser.newContext()).newPage();
  const guest = new StudioPage(elsewhere);
  await guest.open(new URL(page.url()).search);
  await expect(rankIn(guest, /stage2\/conv2/)).toHaveText(String(locked));
  await expect(guest.layers.getByRole('row', { name: /stage3\/conv2/ })).toContainText('/ 86');
  await elsewhere.context().close();

  // It is all there after a reload.
  await studio.reload();
  await studio.waitForPlan('ENC-Model');
  await expect(row(/stage2\/conv2/)).toContainText(`locked at rank ${locked}`);
  await expect(row(/stage1\/conv2/)).toContainText('rank 9 or less');

  await studio.stepTo(50);
  // All others in multiples: of a number, and of that which is fastest on this machine.
  const multiples = page.getByRole('combobox', { name: 'All ranks are multiples of' });
  const isMultiple = async (of: number) => {
    const ranks = (await studio.layers.locator('[data-rank]').allInnerTexts()).map(Number);
    return ranks.filter((rank) => rank > 9 && rank !== locked).every((rank) => rank % of === 0);
  };
  await multiples.selectOption('multiples of 8');
  await expect.poll(() => isMultiple(8)).toBe(true);
  // One layer has a multiple of its own, which undo takes back, and the address says.
  await row(/stage4\/conv2/).click();
  await page.getByRole('combobox', { name: 'Multiples for stage4/conv2' }).selectOption('multiples of 16');
  await expect(row(/stage4\/conv2/)).toContainText('multiples of 16');
  await expect(page).toHaveURL(/rank=[^&]*stage4\/conv2=\.\.\*16/);
  await expect.poll(async () => Number(await rankIn(studio, /stage4\/conv2/).innerText()) % 16).toBe(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row(/stage4\/conv2/)).not.toContainText('multiples of 16');
  await multiples.selectOption('fastest here');
  const said = page.getByRole('group', { name: 'View of the layers' }).getByRole('status').last();
  await expect(said).toContainText(/^(Multiples of \d+ are fastest|Any rank is as fast) here/);
  const best = /Multiples of (\d+) are/.exec((await said.textContent())!)?.[1] ?? '1';
  await expect(multiples).toHaveValue(best);
  await expect.poll(() => isMultiple(Number(best))).toBe(true);
});

test('the same by keyboard alone', async ({ page }) => {
  const studio = await opened(page);
  const { keyboard } = page;
  const row = (name: RegExp) => studio.layers.getByRole('row', { name });
  await studio.layers.locator('[tabindex="0"]').first().focus();
  await keyboard.press('Home');
  for (let down = 0; down < 3; down++) await keyboard.press('ArrowDown');
  await expect(row(/stage2\/conv2/)).toBeFocused();
  const before = Number(await rankIn(studio, /stage2\/conv2/).innerText());

  // On to the point on its curve, which the arrow keys move.
  const point = page.getByRole('slider', { name: 'Rank of stage2/conv2 on its curve' });
  while (!(await point.evaluate((element) => element === document.activeElement)))
    await keyboard.press('Tab');
  await keyboard.press('ArrowLeft');
  await keyboard.press('ArrowLeft');
  await expect(point).toHaveAttribute('aria-valuetext', `rank ${before - 2}, locked`);
  await expect(rankIn(studio, /stage2\/conv2/)).toHaveText(String(before - 2));

  // A control below bounds it.
  const control = page.getByRole('combobox', { name: 'Rank of stage2/conv2' });
  while (!(await control.evaluate((element) => element === document.activeElement)))
    await keyboard.press('Tab');
  await keyboard.type('at least');
  await expect(page.getByRole('spinbutton', { name: 'Least rank' })).toHaveValue(String(before - 2));

  // The next one makes its ranks multiples of a number.
  const multiples = page.getByRole('combobox', { name: 'Multiples for stage2/conv2' });
  while (!(await multiples.evaluate((element) => element === document.activeElement)))
    await keyboard.press('Tab');
  await keyboard.type('multiples of 4');
  await expect(row(/stage2\/conv2/)).toContainText(/rank \d+ or more, multiples of 4/);

  // Back in the table: a range, one more, and all of them at once.
  while (!(await row(/stage2\/conv2/).evaluate((element) => element === document.activeElement)))
    await keyboard.press('Shift+Tab');
  await keyboard.press('ArrowDown');
  await keyboard.press('Shift+ArrowDown');
  await keyboard.press('Control+ArrowDown');
  await keyboard.press('Control+ArrowDown');
  await keyboard.press('Space');
  const several = page.getByRole('region', { name: 'Selected layers' });
  await expect(several).toContainText('stage3/conv1, stage3/conv2, stage4/conv2');
  const lock = several.getByRole('button', { name: 'Lock at these ranks' });
  while (!(await lock.evaluate((element) => element === document.activeElement))) await keyboard.press('Tab');
  await keyboard.press('Enter');
  await expect(several.getByRole('status')).toHaveText('3 locked.');
  await keyboard.press('Control+z');
  await expect(several.getByRole('status')).toHaveText('3 chosen by methods.');
  await keyboard.press('Control+Shift+z');
  await expect(several.getByRole('status')).toHaveText('3 locked.');

  // A second budget.
  const add = page.getByRole('button', { name: 'Add a second budget' });
  await add.focus();
  await keyboard.press('Enter');
  const second = page.getByRole('slider', { name: /^Second budget/ });
  while (!(await second.evaluate((element) => element === document.activeElement)))
    await keyboard.press('Tab');
  const asked = Number(await second.inputValue());
  await keyboard.press('PageDown');
  await expect(second).toHaveValue(String(asked - 5));
  await expect(second).toHaveAttribute('aria-valuetext', /achieved [\d.]+\s%$/);
});
