import { expect, test } from './test';
import { fileURLToPath } from 'node:url';
import { build, preview, type PreviewServer } from 'vite';
import type { SweepMemory } from './sweepMemory/page';

const root = fileURLToPath(new URL('..', import.meta.url));
const outDir = fileURLToPath(new URL('../.cache/sweep-memory', import.meta.url));
let server: PreviewServer;

test.beforeAll(async () => {
  const input = fileURLToPath(new URL('sweepMemory/index.html', import.meta.url));
  const options = { outDir, emptyOutDir: true, rolldownOptions: { input } };
  await build({ root, logLevel: 'warn', build: options });
  server = await preview({ root, build: options, preview: { port: 4300 } });
});

test.afterAll(() => server.close());

for (const backend of ['webgpu', 'wasm']) {
  test(`a whole sweep on ${backend} leaves no tensor and no byte behind`, async ({ page }) => {
    await page.goto(`${server.resolvedUrls!.local[0]!}e2e/sweepMemory/index.html`);
    type Run = (backend: string) => Promise<SweepMemory>;
    const report = await page.evaluate(
      (name) => (globalThis as unknown as { sweepMemory: Run }).sweepMemory(name),
      backend,
    );
    const { before, busiest, after, points } = report;
    expect(report.backend).toBe(backend);
    expect(points).toBeGreaterThan(10);
    expect(busiest.bytes).toBeGreaterThan(before.bytes);
    expect(after).toEqual(before);
    expect(after.deviceBytes === null).toBe(backend === 'wasm');
  });
}
