import type { BrowserContext } from '@playwright/test';
import { expect, test } from './test';
import { mkdirSync } from 'node:fs';
import { StudioPage } from './studioPage';
import { tinyNetwork, writeIdxFiles, writeOnnxFile } from './tinyFiles';

/** Every shader's values come out two percent too large, without any error: what a broken driver may do. */
const wrongShaders = `{
  const right = GPUDevice.prototype.createShaderModule;
  GPUDevice.prototype.createShaderModule = function (descriptor) {
    const code = descriptor.code.replace(/(fn setOutputAtIndex\\(.*\\n *result\\[flatIndex\\] = .*)value\\);/, '$1value * 1.02);');
    return right.call(this, { ...descriptor, code });
  };
}\n`;

/** The adapter of software passes for a graphics card, so that nobody sets it aside for its name. */
const namedCard = `
  for (const name of ['vendor', 'architecture', 'device', 'description'])
    Object.defineProperty(GPUAdapterInfo.prototype, name, { get: () => 'card' });
  Object.defineProperty(GPUAdapterInfo.prototype, 'isFallbackAdapter', { get: () => false });
\n`;

/** Puts a script in front of the compute workers' own. */
async function changeWorkers(context: BrowserContext, script: string): Promise<void> {
  await context.route('**/compute.worker-*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: script + (await response.text()) });
  });
}

const query = '?sample=none&metric=energy&repair=off';

test('a graphics card that computes wrongly is set aside, and the page says so', async ({
  page,
  context,
}, info) => {
  mkdirSync(info.outputDir, { recursive: true });
  const files = [
    await writeOnnxFile(info.outputDir, 'tiny.onnx', tinyNetwork()),
    ...writeIdxFiles(info.outputDir, 24, 8, 4),
  ];
  const measure = async (backend: string) => {
    const studio = new StudioPage(page);
    await studio.open(query + backend);
    await studio.drop(...files);
    return studio.measured('Original', 24);
  };
  const right = await measure('&backend=wasm');
  await changeWorkers(context, wrongShaders + namedCard);
  expect(await measure('')).toBe(right);
  await expect(page.getByRole('button', { name: /^WebAssembly · / })).toBeVisible();
  await expect(page.getByRole('alert')).toContainText(
    /Expected WebGPU to compute on the graphics adapter \(card .*\), found that it computes wrongly here \(answers of a known network differ by [\d.]+ %\); the processor computes instead/,
  );
});

test('a graphics card that computes rightly is taken', async ({ page, context }) => {
  await changeWorkers(context, namedCard);
  await new StudioPage(page).open(query);
  await expect(page.getByRole('button', { name: /^WebGPU · card/ })).toBeVisible();
});

test('a wrong graphics card that was asked for by name is refused', async ({ page, context }) => {
  await changeWorkers(context, wrongShaders);
  await new StudioPage(page).open(`${query}&backend=webgpu`);
  await expect(page.getByRole('alert')).toContainText(
    /found that it cannot run here: it computes wrongly here \(answers .* differ by [\d.]+ %\); choose another backend/,
  );
});
