import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import type { PlannedImage } from './plan';
import type { FaceFile } from './sources';

const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const BATCH = 500;

/** Software raster, one code path on every processor, no hinting, plain sRGB: the same pixels wherever it runs. */
const FLAGS = [
  '--disable-gpu',
  '--disable-skia-runtime-opts',
  '--disable-lcd-text',
  '--font-render-hinting=none',
  '--force-color-profile=srgb',
  '--force-device-scale-factor=1',
  '--no-sandbox',
  '--no-first-run',
  '--disable-background-networking',
];

/** A page that can render images, to be closed when done. */
export interface RenderingPage {
  readonly version: string;
  loadFaces: (files: readonly FaceFile[]) => Promise<void>;
  /** The images' planes R, G, B, one image after the other. */
  render: (images: readonly PlannedImage[]) => Promise<Uint8Array>;
  close: () => Promise<void>;
}

/** Starts Chromium (the one named by CHROMIUM, else Debian's) with the recipe's page in it. */
export async function openRenderingPage(): Promise<RenderingPage> {
  const browser = await chromium.launch({ executablePath: EXECUTABLE, args: FLAGS });
  const page = await browser.newPage();
  await page.addScriptTag({ content: await bundlePage() });
  return {
    version: browser.version(),
    loadFaces: (files) => loadFaces(page, files),
    render: (images) => renderAll(page, images),
    close: () => browser.close(),
  };
}

async function bundlePage(): Promise<string> {
  const outputs = await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      minify: false,
      lib: {
        entry: fileURLToPath(new URL('page/main.ts', import.meta.url)),
        formats: ['iife'],
        name: 'samplesPage',
      },
    },
  });
  const [output] = Array.isArray(outputs) ? outputs : [];
  const chunk = output?.output[0];
  if (!chunk) throw new Error('browser: expected one bundled script, got none');
  return chunk.code;
}

async function loadFaces(page: Page, files: readonly FaceFile[]): Promise<void> {
  for (const { family, weight, path } of files) {
    const fontFile = readFileSync(path).toString('base64');
    await page.evaluate(([face, file]) => painter.loadFace(face, file), [
      { family, weight },
      fontFile,
    ] as const);
  }
}

async function renderAll(page: Page, images: readonly PlannedImage[]): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  for (let first = 0; first < images.length; first += BATCH) {
    const batch = images.slice(first, first + BATCH);
    parts.push(Buffer.from(await page.evaluate((requests) => painter.render(requests), batch), 'base64'));
  }
  return Buffer.concat(parts);
}
