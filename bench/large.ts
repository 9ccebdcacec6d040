/**
 * Real sizes in the page, in Chromium on WebAssembly: ResNet-50 with seeded weights and 256 pictures of 224×224, from
 * the drop to a repaired ENC-Map that is downloaded and read again; and a whole VGG-16 of 553 MB, opened, planned and
 * written. Seconds after the drop, and the most memory that the tab's processes held. Run: npx tsx bench/large.ts
 * [resnet|vgg]
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { createRandom } from '../src/linalg/random';
import { resNet50, wholeVgg16 } from './browser/networks';
import { until, withStudio, writeResult } from './harness';

const patience = 3_600_000;
const size = 224;
const pictures = 256;

/** Pictures as a NumPy array of bytes: smooth ones, since noise would drown in the first pooling. */
function pictureArray(count: number): Uint8Array {
  const random = createRandom(500);
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${count}, ${size}, ${size}, 3), }`;
  const start = 10 + header.length + 1;
  const padded = `${header.padEnd(header.length + (64 - (start % 64)))}\n`;
  const pixels = size * size * 3;
  const bytes = new Uint8Array(10 + padded.length + count * pixels);
  bytes.set([0x93, ...Buffer.from('NUMPY'), 1, 0, padded.length & 255, padded.length >> 8]);
  bytes.set(Buffer.from(padded), 10);
  for (let image = 0; image < count; image++) {
    const waves = Array.from({ length: 9 }, () => random.uniform() * 0.2);
    const at = 10 + padded.length + image * pixels;
    for (let place = 0; place < pixels; place++) {
      const [x, y, channel] = [Math.floor(place / 3) % size, Math.floor(place / 3 / size), place % 3];
      const [along, up, both] = [0, 3, 6].map((of) => waves[of + channel]!);
      bytes[at + place] = 128 + 60 * Math.sin(x * along!) + 60 * Math.sin(y * up! + x * both!);
    }
  }
  return bytes;
}

/** Most resident bytes that any process of the browser's pages has held so far; null where the system tells none. */
async function peakBytes(browser: Browser): Promise<number | null> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  try {
    return Math.max(
      ...processInfo
        .filter(({ type }) => type === 'renderer')
        .map(({ id }) => {
          const status = readFileSync(`/proc/${id}/status`, 'utf8');
          return Number(/VmHWM:\s+(\d+)/.exec(status)![1]) * 1024;
        }),
    );
  } catch {
    return null;
  }
}

/** Runs in the page from its first moment on, as text: what tsx adds to functions is not there. */
const watch = `
  const seen = (window.seen = {});
  addEventListener('drop', () => (window.dropped = performance.now()), { capture: true });
  const note = (name, isThere) => { if (isThere) seen[name] ??= (performance.now() - window.dropped) / 1000; };
  const look = () => {
    if (window.dropped !== undefined) {
      note('layers', document.querySelector('[role="grid"][aria-label^="Layers"]') !== null);
      const chart = document.querySelector('[aria-label="Layers’ curves"]');
      note('firstCurve', Boolean(chart?.querySelector('path')));
      note('plan', document.querySelector('[aria-label="Download ENC-Map"]') !== null);
      const row = document.querySelector('article[aria-label="ENC-Map"] [aria-label="Repaired"]');
      note('repaired', / of [0-9,]+ images/.test(row?.textContent ?? ''));
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
`;

/** Drops files from the disk, as from a file manager. */
async function drop(page: Page, paths: readonly string[]): Promise<void> {
  await page.evaluate(
    `document.body.append(Object.assign(document.createElement('input'), { type: 'file', id: 'own', multiple: true }))`,
  );
  await page.locator('#own').setInputFiles([...paths]);
  await page.evaluate(`{
    const dataTransfer = new DataTransfer();
    for (const file of document.getElementById('own').files) dataTransfer.items.add(file);
    for (const type of ['dragenter', 'dragover', 'drop'])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
  }`);
}

interface Outcome {
  readonly name: string;
  readonly megabytes: number;
  /** Seconds after the drop. */
  readonly seconds: Readonly<Record<string, number>>;
  /** Seconds from pressing Download until the checked file was there, and its size. */
  readonly download: { readonly seconds: number; readonly megabytes: number };
  /** Most bytes that the tab held, in all its threads. */
  readonly peakGigabytes: number | null;
  readonly said: string;
  readonly load: number;
}

async function journey(
  browser: Browser,
  address: string,
  folder: string,
  { name, files, isRepaired }: { name: string; files: readonly string[]; isRepaired: boolean },
): Promise<Outcome> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(watch);
  const query = `?sample=none&backend=wasm&target=0.5&metric=energy&split=128,64,64&repair=${isRepaired ? 'on' : 'off'}`;
  await page.goto(address + query);
  await page.getByText('WebAssembly').first().waitFor();
  await drop(page, files);
  await until(page, 'window.seen.plan', patience);
  if (isRepaired) await until(page, 'window.seen.repaired', patience);
  const seconds = await page.evaluate<Record<string, number>>('window.seen');
  const begun = performance.now();
  const [download] = await Promise.all([
    page.waitForEvent('download', { timeout: patience }),
    page.getByRole('button', { name: 'Download ENC-Map' }).click(),
  ]);
  const path = join(folder, 'smaller.onnx');
  await download.saveAs(path);
  const took = (performance.now() - begun) / 1000;
  const said = (await page.getByRole('article', { name: 'ENC-Map', exact: true }).innerText()).replace(
    /\s+/g,
    ' ',
  );
  const peak = await peakBytes(browser);
  await page.close();
  return {
    name,
    megabytes: statSync(files[0]!).size / 1e6,
    seconds,
    download: { seconds: took, megabytes: statSync(path).size / 1e6 },
    peakGigabytes: peak === null ? null : peak / 1e9,
    said,
    load: loadavg()[0]!,
  };
}

const folder = mkdtempSync(join(tmpdir(), 'large-'));
const wanted = process.argv[2];
try {
  const images = join(folder, 'pictures.npy');
  writeFileSync(images, pictureArray(pictures));
  const results: Outcome[] = [];
  for (const [key, name, file, isRepaired] of [
    ['resnet', 'ResNet-50', resNet50, true],
    ['vgg', 'VGG-16', wholeVgg16, false],
  ] as const) {
    if (wanted !== undefined && wanted !== key) continue;
    const path = join(folder, `${name}.onnx`);
    writeFileSync(path, file());
    // A browser of its own, so that memory is that of one tab.
    results.push(
      await withStudio((browser, address) =>
        journey(browser, address, folder, {
          ...{ name, isRepaired },
          files: isRepaired ? [path, images] : [path],
        }),
      ),
    );
    console.log(results.at(-1));
  }
  writeResult('large', { pictures, results });
} finally {
  rmSync(folder, { recursive: true });
}
