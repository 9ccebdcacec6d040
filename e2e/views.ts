import { expect, type Page } from '@playwright/test';
import { drawn } from './watching';

/*
 * Everything that the page can show once a network and images are open: what is photographed and what is held
 * against its own edges are the same.
 */

/** Widths of the screens that people have, from a phone to a large one, each with its height. */
export const screens = [
  { width: 390, height: 844 },
  { width: 1024, height: 768 },
  { width: 1280, height: 720 },
  { width: 1440, height: 900 },
  { width: 1920, height: 1080 },
] as const;

/** A state of the page, and the way there and back. */
export interface View {
  readonly name: string;
  show(page: Page): Promise<void>;
  hide(page: Page): Promise<void>;
}

const nothing = () => Promise.resolve();

/** The views of the page as it stands: one for every popover that it has at the moment among them. */
export async function viewsOf(page: Page): Promise<readonly View[]> {
  const popovers = await page
    .locator('button[popovertarget]')
    .evaluateAll((all) =>
      all.flatMap((button) => (button.checkVisibility() ? [button.getAttribute('title')!] : [])),
    );
  const methods = popovers.filter((title) => title.startsWith('Formats for '));
  // Those of one kind look alike.
  const shown = [...new Set(popovers)].filter((title) => !methods.includes(title) || title === methods[0]);
  return [workbench, grouped, severalLayers, networkPicture, ...dialogs, ...shown.map(popover)];
}

const workbench: View = { name: 'workbench', show: nothing, hide: nothing };

const grouped: View = {
  name: 'layers by block',
  show: (page) => page.getByRole('button', { name: 'Group by block' }).click(),
  hide: (page) => page.getByRole('button', { name: 'Group by block' }).click(),
};

const severalLayers: View = {
  name: 'several layers',
  async show(page) {
    const row = page.locator('tr[data-layer]').first();
    await row.click();
    await row.press('Control+a');
    await expect(page.getByRole('region', { name: 'Selected layers' })).toBeVisible();
  },
  hide: (page) => page.locator('tr[data-layer]').nth(1).click(),
};

const networkPicture: View = {
  name: 'network',
  show: async (page) => void (await page.getByLabel('Figure of the ranks').selectOption('network')),
  hide: async (page) => void (await page.getByLabel('Figure of the ranks').selectOption('ranks')),
};

/** Opened by buttons, one after the other where there are several on the way. */
function dialog(name: string, ...buttons: readonly (string | RegExp)[]): View {
  return {
    name,
    async show(page) {
      for (const button of buttons) await page.getByRole('button', { name: button }).click();
      await expect(page.locator('dialog[open]')).toBeVisible();
      await expect(page.getByText(/^Loading/).filter({ visible: true })).toHaveCount(0);
    },
    async hide(page) {
      await page.keyboard.press('Escape');
      await expect(page.locator('dialog[open]')).toHaveCount(0);
    },
  };
}

const dialogs = [
  dialog('help', 'Help'),
  dialog('how it works', 'Help', /^Show it with the numbers of/),
  dialog('history', 'History…'),
  dialog('compare', 'Compare…'),
  dialog('images', 'Look at the images'),
];

function popover(title: string): View {
  return {
    name: title,
    async show(page) {
      await page.locator(`button[popovertarget][title="${title}"]`).first().click();
      await expect(page.locator(':popover-open')).toBeVisible();
      await drawn(page);
    },
    async hide(page) {
      await page.keyboard.press('Escape');
      await expect(page.locator(':popover-open')).toHaveCount(0);
    },
  };
}
