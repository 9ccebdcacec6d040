import { expect, test } from './test';
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StudioPage } from './studioPage';
import { isToday } from '../scripts/ofToday';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs the command line and reads the object that it prints. */
function enc<T>(...args: readonly string[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['cli/enc.mjs', ...args, '--json'], {
      cwd: root,
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.on('close', (status) =>
      status === 0 ? resolve(JSON.parse(stdout) as T) : reject(new Error(stderr)),
    );
  });
}

interface PlanFile {
  readonly key: string;
  readonly achieved: number;
  readonly ranks: Readonly<Record<string, number | null>>;
}

interface Compressed {
  readonly recipe: string;
  readonly achieved: number;
  readonly before: { readonly top1: number; readonly images: number };
  readonly after: { readonly top1: number; readonly images: number };
}

test('page and command line give the same key, plan and accuracy for the same request', async ({
  page,
}, info) => {
  test.skip(!isToday(0, 3), 'tried on one day in three; EVERY_CASE=1 tries it');
  mkdirSync(info.outputDir, { recursive: true });
  const studio = new StudioPage(page);
  await studio.open('?sample=vgg&backend=wasm&target=0.35&method=map&metric=energy&repair=off');
  await studio.measured('Original', 1560);
  const counted = async (row: string) => Math.round((await studio.measured(row, 1560)) * 15.6);
  const [original, cut] = [await counted('Original'), await counted('ENC-Map')];

  await page.getByRole('button', { name: 'Formats for ENC-Map' }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Plan as JSON' }).click();
  const path = join(info.outputDir, 'plan.json');
  await (await downloading).saveAs(path);
  const file = JSON.parse(readFileSync(path, 'utf8')) as PlanFile;

  const planned = await enc<{ readonly recipe: string; readonly achieved: number }>(
    ...['plan', 'sample:vgg', '--target', '0.35', '--method', 'map'],
  );
  expect(planned.recipe).toBe(file.key);
  expect(planned.achieved).toBe(file.achieved);
  const out = join(info.outputDir, 'smaller.onnx');
  const compressed = await enc<Compressed>(
    ...['compress', 'sample:vgg', '--ranks', path, '--data', 'sample:vgg', '--out', out],
  );
  expect(compressed.recipe).toBe(file.key);
  expect(compressed.achieved).toBe(file.achieved);
  expect(Math.round(compressed.before.top1 * compressed.before.images)).toBe(original);
  expect(Math.round(compressed.after.top1 * compressed.after.images)).toBe(cut);
});
