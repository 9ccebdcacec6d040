/**
 * How long people wait: from dropping ResNet-56 and 2,000 images on the page to ENC-Map at half the MACs, repaired and
 * measured on the report images, with nothing kept from before. In turns with another commit of the studio where one
 * is named, each in a browser of its own. Run: npx tsx bench/journey.ts [REVISION [rounds]]
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { chromium, type Page } from 'playwright-core';
import { StudioPage } from '../e2e/studioPage';
import { referencePath } from '../scripts/reference';
import { ensureChromium } from '../scripts/setup.mjs';
import { browserFlags, median, until, writeResult } from './harness';
import { checkOut, root, type Side } from './revision';

const files = ['res56/res56.onnx', 'cifar10/train_2000.bin'].map(referencePath);
const found = files.filter((file) => file !== null);
if (found.length < files.length) {
  console.log('bench/journey: skipped, it needs ../shared/reference/res56 and cifar10');
  process.exit(0);
}

/** Seconds after the drop. */
interface Journey {
  readonly plan: number;
  readonly repaired: number;
  /** What the page says of the repaired network. */
  readonly accuracy: string;
}

const patience = 900_000;

/** The row's accuracy once it is that of the repaired network; earlier versions show it in place of the former. */
const repairedText = `(() => {
  const row = document.querySelector('article[aria-label="ENC-Map"]');
  const cell = row?.querySelector('[role="group"][aria-label="Repaired"]');
  if (cell) return / of [0-9,]+ images/.test(cell.textContent) && cell.textContent;
  return / · was [0-9]/.test(row?.textContent ?? '') && row.textContent;
})()`;

async function journey(page: Page, address: string): Promise<Journey> {
  await page.goto(`${address}?sample=none&backend=wasm&target=0.5`);
  await page.getByRole('banner').waitFor();
  const begun = performance.now();
  const since = () => (performance.now() - begun) / 1000;
  await new StudioPage(page).drop(...found);
  await page.getByRole('button', { name: 'Download ENC-Map' }).waitFor({ timeout: patience });
  const plan = since();
  const text = await until<string>(page, repairedText, patience);
  return { plan, repaired: since(), accuracy: text.replace(/\s+/g, ' ') };
}

/** Builds and serves one side. */
async function serve({ folder }: Side, port: number): Promise<ChildProcess> {
  execFileSync('npx', ['vite', 'build', '--logLevel', 'error'], { cwd: folder, stdio: 'inherit' });
  const args = ['vite', 'preview', '--port', String(port), '--strictPort'];
  const server = spawn('npx', args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  for await (const line of createInterface({ input: server.stdout }))
    if (line.includes('http')) return server;
  throw new Error(`the server of ${folder} ended`);
}

async function visit(port: number): Promise<Journey> {
  const executablePath = ensureChromium();
  const browser = await chromium.launch({
    args: [...browserFlags],
    ...(executablePath ? { executablePath } : {}),
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    return await journey(page, `http://localhost:${port}/`);
  } finally {
    await browser.close();
  }
}

const [revision, rounds = '3'] = process.argv.slice(2);
const sides: readonly Side[] = [{ name: 'now', folder: root }, ...(revision ? [checkOut(revision)] : [])];
const servers: ChildProcess[] = [];
const journeys: (Journey & { readonly of: string })[] = [];
try {
  for (const [at, side] of sides.entries()) servers.push(await serve(side, 4210 + at));
  for (let round = 0; round < Number(rounds); round++) {
    const order = sides.map((_, at) => at);
    for (const at of round % 2 === 0 ? order : order.reverse()) {
      const result = { of: sides[at]!.name, ...(await visit(4210 + at)) };
      console.log(result);
      journeys.push(result);
    }
  }
} finally {
  for (const server of servers) {
    // With the processes that npx has started.
    process.kill(-server.pid!);
    await once(server, 'exit');
  }
}
const middles = sides.map(({ name }) => {
  const own = journeys.filter(({ of }) => of === name);
  return {
    of: name,
    'seconds to the plan': median(own.map(({ plan }) => plan)),
    'seconds to repaired': median(own.map(({ repaired }) => repaired)),
  };
});
console.table(middles);
writeResult('journey', { journeys, middles });
