import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type LaunchOptions, type Page } from 'playwright-core';
import { build, preview, type BuildOptions } from 'vite';
import { ensureChromium } from '../scripts/setup.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

export const browserFlags: readonly string[] = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Lets headless Chromium on Linux compute on a graphics card. */
export const graphicsFlags: readonly string[] = [
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--use-angle=vulkan',
  '--disable-vulkan-surface',
  '--disable-gpu-sandbox',
  '--ignore-gpu-blocklist',
];

/**
 * Builds and serves the studio, opens a browser, and ends both whatever the benchmark does.
 *
 * @param options of the build, for a benchmark with a page of its own
 * @param more flags of the browser
 */
export async function withStudio<T>(
  benchmark: (browser: Browser, address: string) => Promise<T>,
  options: BuildOptions = {},
  more: readonly string[] = [],
): Promise<T> {
  await build({ root, logLevel: 'warn', build: options });
  const server = await preview({ root, build: options, preview: { port: 4199 } });
  const executablePath = ensureChromium();
  const launch: LaunchOptions = {
    args: [...browserFlags, ...more],
    ...(executablePath ? { executablePath } : {}),
  };
  const browser = await chromium.launch(launch);
  try {
    return await benchmark(browser, server.resolvedUrls!.local[0]!);
  } finally {
    await browser.close();
    await server.close();
  }
}

/**
 * Waits until an expression is something in a page, and answers it. The page's policy lets nothing be evaluated in it
 * again and again from within, as Playwright's own waiting does.
 *
 * @throws Error where it takes longer than so many milliseconds
 */
export async function until<T>(page: Page, expression: string, patience: number): Promise<T> {
  for (const end = performance.now() + patience; performance.now() < end;) {
    const found = await page.evaluate<T>(expression);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`expected ${expression} within ${patience / 1000} s`);
}

/** Writes what a benchmark measured to `bench/results/<name>.json`. */
export function writeResult(name: string, result: object): void {
  const folder = `${root}bench/results`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/${name}.json`, `${JSON.stringify(result, null, 2)}\n`);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Value below which a share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}
