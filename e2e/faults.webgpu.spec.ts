import { expect, test } from '@playwright/test';
import { fileURLToPath } from 'node:url';
import { build, preview, type PreviewServer } from 'vite';
import type { FaultReport, FaultyJob } from './faults/page';

const root = fileURLToPath(new URL('..', import.meta.url));
const outDir = fileURLToPath(new URL('../.cache/faults', import.meta.url));
const seeds = [11, 23, 37, 41, 53, 67, 71, 83, 97, 101];
let server: PreviewServer;

test.beforeAll(async () => {
  const input = fileURLToPath(new URL('faults/index.html', import.meta.url));
  const options = { outDir, emptyOutDir: true, rolldownOptions: { input } };
  await build({ root, logLevel: 'warn', build: options });
  server = await preview({ root, build: options, preview: { port: 4301 } });
});

test.afterAll(() => server.close());

const cases = [
  { backend: 'webgpu', job: 'sweep', fault: 'a device that is destroyed' },
  { backend: 'webgpu', job: 'race', fault: 'a device that is destroyed' },
  { backend: 'webgpu', job: 'repair', fault: 'a device that is destroyed' },
  { backend: 'wasm', job: 'sweep', fault: 'a worker that is ended' },
  { backend: 'wasm', job: 'repair', fault: 'a worker that is ended' },
] as const;

for (const { backend, job, fault } of cases) {
  test(`${fault} at any moment of a ${job} on ${backend} changes no result`, async ({ page }) => {
    // A device of software compiles every shader anew, and a shared machine takes its time for it.
    test.setTimeout(1_200_000);
    await page.goto(`${server.resolvedUrls!.local[0]!}e2e/faults/index.html`);
    type Run = (backend: string, job: FaultyJob, seeds: readonly number[]) => Promise<FaultReport>;
    const report = await page.evaluate(
      ([name, kind, all]) => (globalThis as unknown as { faultRuns: Run }).faultRuns(name, kind, all),
      [backend, job, seeds] as const,
    );
    expect(report.backend).toBe(backend);
    expect(report.moments).toBeGreaterThanOrEqual(3);
    expect(report.notes).toEqual([]);
    expect(report.runs.filter(({ result }) => result !== report.expected)).toEqual([]);
    // A fault at a job's last report may meet nobody any more; every other one costs a worker.
    expect(report.replaced).toBeGreaterThanOrEqual(seeds.length / 2);
  });
}
