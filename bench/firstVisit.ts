/**
 * Opens the studio for the first time, five times, and reports how long after the page's load event the first
 * sample's curves are on screen, and how much JavaScript the first load brings. Run: npx tsx bench/firstVisit.ts
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { median, withStudio, writeResult } from './harness';

const rounds = 5;

if (!existsSync(fileURLToPath(new URL('../public/samples/manifest.json', import.meta.url)))) {
  console.log('bench/firstVisit: skipped, it needs public/samples/manifest.json (npm run samples)');
  process.exit(0);
}

interface Visit {
  /** Milliseconds after the load event. */
  readonly firstCurve: number;
  readonly allCurves: number;
  readonly measured: number;
  /** Bytes of the page's scripts, those of the threads left out, packed by gzip. */
  readonly scriptBytes: number;
  /** Bytes of the threads' scripts and of what comes once it is needed, packed by gzip. */
  readonly threadBytes: number;
}

/** Marks, in milliseconds since navigation began, of the frames in which something was there for the first time. */
interface Marks {
  readonly load: number;
  readonly first: number;
  readonly all: number;
  readonly measured: number;
}

/** Runs in the page from its first moment on, as text: what tsx adds to functions is not there. */
const watch = `
  const seen = (window.seen = {});
  const note = (name, isThere) => { if (isThere) seen[name] ??= performance.now(); };
  addEventListener('load', () => {
    note('load', true);
    // What comes later is no part of the first load, though the page notes it in the same way.
    const all = document.querySelectorAll('script[src], link[rel=modulepreload]');
    window.firstScripts = [...all].map((own) => own.src || own.href);
  });
  const look = () => {
    const figures = [...document.querySelectorAll('figure, section')];
    const chart = figures.find((figure) => figure.getAttribute('aria-label') === 'Layers’ curves');
    note('first', Boolean(chart?.querySelector('path')));
    note('all', document.querySelector('[aria-label="Download ENC-Map"]') !== null);
    const original = document.querySelector('article[aria-label="Original"]');
    note('measured', / of [0-9,]+ images/.test(original?.textContent ?? ''));
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
`;

/** One visit with empty caches. */
async function visit(browser: Browser, address: string): Promise<Visit> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const scripts = collectScripts(page);
  await page.addInitScript(watch);
  await page.goto(address);
  const original = page.getByRole('article', { name: 'Original' });
  await original.getByText(/ of [\d,]+ images/).waitFor({ timeout: 240_000 });
  const { load, first, all, measured } = await page.evaluate<Marks>('window.seen');
  const bytes = await scripts();
  await page.close();
  return { firstCurve: first - load, allCurves: all - load, measured: measured - load, ...bytes };
}

/** Notes the scripts of a visit; sums up those that the document asks for at first, and all others: threads', and what comes later. */
function collectScripts(page: Page): () => Promise<Pick<Visit, 'scriptBytes' | 'threadBytes'>> {
  const addresses = new Set<string>();
  page.on('request', (request) => {
    if (request.resourceType() === 'script') addresses.add(request.url());
  });
  return async () => {
    // Parts of a thread's program stand among the page's resources, too, as if the page had asked for them.
    const own = await page.evaluate<string[]>('window.firstScripts');
    const sizes = { scriptBytes: 0, threadBytes: 0 };
    for (const address of addresses) {
      const body = await (await page.request.get(address)).body();
      sizes[own.includes(address) ? 'scriptBytes' : 'threadBytes'] += gzipSync(body, { level: 9 }).length;
    }
    return sizes;
  };
}

const visits = await withStudio(async (browser, address) => {
  const results: Visit[] = [];
  for (let round = 0; round < rounds; round++) results.push(await visit(browser, address));
  return results;
});

const middle = (of: (visit: Visit) => number) => median(visits.map(of));
console.table(
  visits.map((result) =>
    Object.fromEntries(Object.entries(result).map(([name, value]) => [name, Math.round(value)])),
  ),
);
const firstCurve = middle((result) => result.firstCurve);
const { scriptBytes } = visits[0]!;
console.log(
  `first curves: ${firstCurve.toFixed(0)} ms after load, median of ${rounds} (goal: under 2,000 ms)`,
);
console.log(`first load's scripts: ${(scriptBytes / 1000).toFixed(0)} kB packed (goal: under 250 kB)`);
writeResult('firstVisit', { firstCurve, allCurves: middle((result) => result.allCurves), visits });
