import type { Page } from '@playwright/test';
import { expect, test } from './test';
import { createHash } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { preview } from 'vite';
import { readNetwork } from '../src/formats/models';
import { StudioPage } from './studioPage';

test.use({ serviceWorkers: 'allow' });

const built = fileURLToPath(new URL('../dist', import.meta.url));

/** Waits until this browser keeps everything that a visit needs. */
async function kept(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
}

test('after one visit the studio opens without a network, and compresses a sample', async ({
  page,
  context,
}, info) => {
  const studio = new StudioPage(page);
  await studio.open('?sample=none');
  await kept(page);
  await context.setOffline(true);
  await expect(page.evaluate(() => fetch(`./${crypto.randomUUID()}`))).rejects.toThrow();

  await studio.open('?sample=residual&repair=off&metric=energy&split=24,48,260');
  await expect(page.getByRole('banner')).toContainText('WebAssembly');
  await studio.waitForPlan('ENC-Map');
  await studio.stepTo(50);
  const file = join(info.outputDir, 'smaller.onnx');
  await studio.download('ENC-Map', file);
  const network = await readNetwork([{ name: 'smaller.onnx', bytes: new Uint8Array(readFileSync(file)) }]);
  expect(network.metadata['enc.method']).toBe('map');
});

test('a newer build waits until the person takes it', async ({ page }, info) => {
  const folder = join(info.outputDir, 'dist');
  cpSync(built, folder, { recursive: true });
  const server = await preview({
    configFile: false,
    logLevel: 'error',
    build: { outDir: folder },
    preview: { port: 0, host: 'localhost' },
  });
  try {
    const address = `${server.resolvedUrls!.local[0]!}?sample=none`;
    await page.goto(address);
    await kept(page);
    await page.reload();
    await expect(page).toHaveTitle(/^ENC Studio/);

    const index = join(folder, 'index.html');
    const worker = join(folder, 'offline.js');
    const revision = (path: string) => createHash('md5').update(readFileSync(path)).digest('hex');
    const former = revision(index);
    writeFileSync(index, readFileSync(index, 'utf8').replace('<title>ENC Studio', '<title>Newer ENC Studio'));
    const script = readFileSync(worker, 'utf8');
    expect(script).toContain(former);
    writeFileSync(worker, script.replaceAll(former, revision(index)));

    await page.reload();
    const take = page.getByRole('button', { name: 'New version' });
    await expect(take).toBeVisible();
    await expect(page).toHaveTitle(/^ENC Studio/);
    await take.click();
    await expect(page).toHaveTitle(/^Newer ENC Studio/);
    await expect(take).toBeHidden();
  } finally {
    await server.close();
  }
});
