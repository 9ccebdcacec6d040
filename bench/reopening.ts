/**
 * Drops a network that was open before once more, five times, each on a page that was loaded anew, and reports how long
 * after the drop its curves are on screen. Run: npx tsx bench/reopening.ts [NETWORK…]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { timedNetworks } from './browser/networks';
import { median, until, withStudio, writeResult } from './harness';

const rounds = 5;
const wanted = process.argv.length > 2 ? process.argv.slice(2) : ['ResNet-56', 'ResNet-50'];

/** Milliseconds since the drop of the frames in which something was on screen for the first time. */
interface Marks {
  /** The layers' list. */
  readonly layers: number;
  /** The first layer's curve. */
  readonly first: number;
  /** Every layer's curve, and the plans that follow from them. */
  readonly all: number;
}

interface Visit extends Marks {
  /** Seconds that processors worked for the page and its threads from the drop until all curves were there. */
  readonly processor: number;
}

/** Processor seconds of all pages' processes so far. */
async function processorOf(session: CDPSession): Promise<number> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const pages = processInfo.filter(({ type }) => type === 'renderer');
  return pages.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

/** Runs in the page from its first moment on, as text: what tsx adds to functions is not there. */
const watch = `
  const seen = (window.seen = {});
  addEventListener('drop', () => (window.dropped = performance.now()), { capture: true });
  const note = (name, isThere) => { if (isThere) seen[name] ??= performance.now() - window.dropped; };
  const look = () => {
    if (window.dropped !== undefined) {
      note('layers', document.querySelector('[role="grid"][aria-label^="Layers"]') !== null);
      note('all', document.querySelector('[aria-label="Download ENC-Map"]') !== null);
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
`;

/** Loads the page, drops the file from the disk and waits for all curves. */
async function open(page: Page, session: CDPSession, address: string, path: string): Promise<Visit> {
  await page.goto(`${address}?sample=none&metric=energy&repair=off&backend=wasm`);
  await page.getByText('WebAssembly').first().waitFor();
  // A file of a field of the test's own comes from the disk, as one that is dropped does.
  await page.evaluate(
    `document.body.append(Object.assign(document.createElement('input'), { type: 'file', id: 'own' }))`,
  );
  await page.locator('#own').setInputFiles(path);
  const before = await processorOf(session);
  await page.evaluate(`{
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(document.getElementById('own').files[0]);
    for (const type of ['dragenter', 'dragover', 'drop'])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
  }`);
  await page.getByRole('button', { name: 'Download ENC-Map' }).waitFor({ timeout: 600_000 });
  const processor = (await processorOf(session)) - before;
  await until(page, 'window.seen.all', 600_000);
  return { ...(await page.evaluate<Marks>('window.seen')), processor };
}

/** What was computed is kept as the last part of the factorisation: this waits until it lies on the disk. */
async function kept(page: Page): Promise<void> {
  const progress = page.getByRole('contentinfo', { name: 'Progress' });
  await progress.filter({ hasNotText: 'Factorising' }).waitFor({ timeout: 600_000 });
}

async function visits(
  browser: Browser,
  address: string,
  path: string,
): Promise<{ first: Visit; again: Visit[] }> {
  const context: BrowserContext = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.addInitScript(watch);
  const page = await context.newPage();
  const session = await browser.newBrowserCDPSession();
  const first = await open(page, session, address, path);
  await kept(page);
  const again: Visit[] = [];
  for (let round = 0; round < rounds; round++) {
    again.push(await open(page, session, address, path));
    await kept(page);
  }
  await context.close();
  return { first, again };
}

const folder = mkdtempSync(join(tmpdir(), 'reopening-'));
try {
  const results = await withStudio(async (browser, address) => {
    const all = [];
    for (const { name, file } of timedNetworks.filter((own) => wanted.includes(own.name))) {
      const bytes = file();
      if (bytes === null) {
        console.log(`${name}: skipped, it needs ../shared/reference`);
        continue;
      }
      const path = join(folder, `${name}.onnx`);
      writeFileSync(path, bytes);
      all.push({
        name,
        megabytes: bytes.length / 1e6,
        ...(await visits(browser, address, path)),
        load: loadavg()[0]!,
      });
    }
    return all;
  });
  const middle = (visits: readonly Visit[], of: keyof Visit) => median(visits.map((own) => own[of]));
  console.table(
    results.map(({ name, megabytes, first, again, load }) => ({
      network: name,
      MB: megabytes.toFixed(1),
      'first time, ms': Math.round(first.all),
      'again: layers, ms': Math.round(middle(again, 'layers')),
      'all curves, ms': Math.round(middle(again, 'all')),
      'processor, s': middle(again, 'processor').toFixed(2),
      'of which least': Math.round(Math.min(...again.map(({ all }) => all))),
      load: load.toFixed(1),
    })),
  );
  writeResult('reopening', { rounds, results });
} finally {
  rmSync(folder, { recursive: true });
}
