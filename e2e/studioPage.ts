import { expect, type Locator, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { drawn } from './watching';

/** The page as a person sees it: by roles and labels only. */
export class StudioPage {
  readonly slider: Locator;
  readonly network: Locator;
  readonly images: Locator;
  readonly layers: Locator;
  readonly progress: Locator;

  constructor(readonly page: Page) {
    this.slider = page.getByRole('slider', { name: 'Target' });
    this.network = page.getByRole('region', { name: 'Network' });
    this.images = page.getByRole('region', { name: 'Images' });
    this.layers = page.getByRole('grid', { name: /^Layers/ });
    this.progress = page.getByRole('contentinfo', { name: 'Progress' });
  }

  /** Opens the page, without a sample unless the query asks for one; repair only where it is asked for. */
  async open(query = '?sample=none&metric=energy&repair=off'): Promise<void> {
    await this.page.goto(`/${query}`);
    await this.waitForPage();
  }

  /** Loads the page again, at the address that it has come to. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.waitForPage();
  }

  private async waitForPage(): Promise<void> {
    await expect(this.page.getByRole('banner')).toBeVisible();
    // It listens for what is dropped once it has been drawn.
    await drawn(this.page);
  }

  /** Waits for a moment at which nothing is at work; what waits for the page to rest may begin soon after. */
  async waitForRest(): Promise<void> {
    await expect(this.progress).toContainText('Leaves this machine: nothing');
  }

  async chooseNetwork(path: string): Promise<void> {
    await this.page.getByLabel('Open network files').setInputFiles(path);
  }

  async chooseImages(...paths: string[]): Promise<void> {
    await this.page.getByLabel('Open images files').setInputFiles(paths);
  }

  /** Drops files on the page, as from a file manager. */
  async drop(...paths: string[]): Promise<void> {
    const files = paths.map((path) => ({
      name: basename(path),
      base64: readFileSync(path).toString('base64'),
    }));
    const transfer = await this.page.evaluateHandle((given) => {
      const data = new DataTransfer();
      for (const { name, base64 } of given) {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        data.items.add(new File([bytes], name));
      }
      return data;
    }, files);
    for (const type of ['dragenter', 'dragover', 'drop']) {
      await this.page.dispatchEvent('body', type, { dataTransfer: transfer });
    }
  }

  /** Opens images of their own for calibration and selection, so that all others are reported on. */
  async chooseCalibrationImages(path: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Split', exact: true }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Split of the images' });
    await dialog.getByLabel('Open calibration images files').setInputFiles(path);
    await expect(dialog).toContainText('is reported on');
    await this.page.keyboard.press('Escape');
  }

  async choosePreset(name: string | RegExp): Promise<void> {
    await this.page.getByRole('button', { name: /^Preprocessing/ }).click();
    const preset = this.page.getByLabel('Preset');
    const option = preset.locator('option').filter({ hasText: name });
    await preset.selectOption((await option.getAttribute('value')) ?? '');
    await this.page.keyboard.press('Escape');
  }

  /** Moves the slider by keyboard to exactly a share of MACs, a multiple of five percent; waits for the plans there. */
  async stepTo(percent: number): Promise<void> {
    await this.slider.focus();
    await this.page.keyboard.press('Home');
    while ((await this.target()) < percent) await this.page.keyboard.press('PageUp');
    expect(await this.target()).toBe(percent);
    await this.waitForTarget();
  }

  /** Waits until the plans that are shown are those of the slider's target. */
  async waitForTarget(): Promise<void> {
    const shown = new RegExp(`^${await this.target()} % of MACs, achieved `);
    await expect(this.slider).toHaveAttribute('aria-valuetext', shown);
  }

  /** Drags the slider's thumb to a share of MACs, in several moves of the mouse; waits for the plans there. */
  async dragTo(percent: number): Promise<void> {
    const box = (await this.slider.boundingBox())!;
    const [min, max, now] = await Promise.all(
      ['min', 'max'].map(async (name) => Number(await this.slider.getAttribute(name))).concat(this.target()),
    );
    const thumb = 16;
    const at = (value: number) => box.x + thumb / 2 + ((value - min!) / (max! - min!)) * (box.width - thumb);
    await this.page.mouse.move(at(now!), box.y + box.height / 2);
    await this.page.mouse.down();
    await this.page.mouse.move(at(percent), box.y + box.height / 2, { steps: 12 });
    await this.page.mouse.up();
    await this.waitForTarget();
  }

  async target(): Promise<number> {
    return Number(await this.slider.inputValue());
  }

  /** One method's row. */
  method(name: string): Locator {
    return this.page.getByRole('article', { name, exact: true });
  }

  /**
   * Measured top-1 of a row in percent, once it is there.
   *
   * @param on number of images that it must be measured on. A sample's images come one set after the other, so at
   * first its plans may be measured on fewer.
   * @param stage of the network that was measured
   */
  async measured(row: string, on?: number, stage: 'As cut' | 'Repaired' = 'As cut'): Promise<number> {
    const images = on === undefined ? '[\\d,.\\s]+' : on.toLocaleString('en-US');
    const cell = this.method(row).getByRole('group', { name: row === 'Original' ? 'Not cut' : stage });
    const count = cell.getByText(new RegExp(` of ${images} images`));
    await expect(count).toBeVisible();
    const [successes, total] = (await count.innerText()).replaceAll(',', '').match(/\d+/g)!.map(Number);
    return (successes! / total!) * 100;
  }

  /** Waits until every layer's curve is there and the given method has a plan. */
  async waitForPlan(method: string): Promise<void> {
    await expect(this.page.getByRole('button', { name: `Download ${method}` })).toBeVisible();
  }

  /** Downloads a method's network in another format from the menu beside the button. */
  async downloadAs(method: string, format: string, to: string): Promise<string> {
    await this.page.getByRole('button', { name: `Formats for ${method}` }).click();
    const menu = this.page.getByRole('dialog', { name: `Formats for ${method}` });
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      menu.getByRole('button', { name: format, exact: true }).click(),
    ]);
    await download.saveAs(to);
    return download.suggestedFilename();
  }

  async download(method: string, to: string): Promise<string> {
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.page.getByRole('button', { name: `Download ${method}` }).click(),
    ]);
    await download.saveAs(to);
    return download.suggestedFilename();
  }
}
