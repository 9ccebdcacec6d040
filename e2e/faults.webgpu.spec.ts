import { expect, test } from './test';
import { fileURLToPath } from 'node:url';
import { build, preview, type PreviewServer } from 'vite';
import type { FaultReport, FaultyJob } from './faults/page';

const root = fileURLToPath(new URL('..', import.meta.url));
const outDir = fileURLToPath(new URL('../.cache/faults', import.meta.url));
const seeds = [11, 23, 37, 41, 53, 67, 71, 83, 97, 101];
const twenty = [...seeds, 103, 109, 113, 127, 131, 137, 139, 149, 151, 157];
let server: PreviewServer;

test.beforeAll(async () => {
  const input = fileURLToPath(new URL('faults/index.html', import.meta.url));
  const options = { outDir, emptyOutDir: true, rolldownOptions: { input } };
  await build({ root, logLevel: 'warn', build: options });
  server = await preview({ root, build: options, preview: { port: 4301 } });
});

test.afterAll(() => server.close());

/**
 * A new device of software compiles every shader anew, which takes seconds, so that the ten moments on WebGPU are
 * shared out over the three jobs, and these over the days; FAULTS=all strikes each of them at twenty.
 */
const shared = process.env.FAULTS !== 'all';
const jobsOfDays: readonly FaultyJob[] = ['sweep', 'race', 'repair'];
const jobOfToday = jobsOfDays[Math.floor(Date.now() / 86_400_000) % jobsOfDays.length];
const cases = [
  { backend: 'webgpu', job: 'sweep', fault: 'a device that is destroyed', own: seeds.slice(0, 4) },
  { backend: 'webgpu', job: 'race', fault: 'a device that is destroyed', own: seeds.slice(4, 7) },
  { backend: 'webgpu', job: 'repair', fault: 'a device that is destroyed', own: seeds.slice(7) },
  { backend: 'wasm', job: 'sweep', fault: 'a worker that is ended', own: seeds },
  { backend: 'wasm', job: 'race', fault: 'a worker that is ended', own: seeds },
  { backend: 'wasm', job: 'repair', fault: 'a worker that is ended', own: seeds },
] as const;

for (const { backend, job, fault, own } of cases) {
  const struck = shared ? own : twenty;
  test(`${fault} at any moment of a ${job} on ${backend} changes no result`, async ({ page }) => {
    test.setTimeout(1_200_000);
    test.skip(
      shared && backend === 'webgpu' && job !== jobOfToday,
      'struck on another day; FAULTS=all strikes all',
    );
    await page.goto(`${server.resolvedUrls!.local[0]!}e2e/faults/index.html`);
    type Run = (backend: string, job: FaultyJob, seeds: readonly number[]) => Promise<FaultReport>;
    const report = await page.evaluate(
      ([name, kind, all]) => (globalThis as unknown as { faultRuns: Run }).faultRuns(name, kind, all),
      [backend, job, struck] as const,
    );
    expect(report.backend).toBe(backend);
    expect(report.moments).toBeGreaterThanOrEqual(3);
    expect(report.notes).toEqual([]);
    expect(report.runs.filter(({ result }) => result !== report.expected)).toEqual([]);
    // A fault at a job's last report may meet nobody any more; every other one costs a worker.
    expect(report.replaced).toBeGreaterThanOrEqual(struck.length / 2);
  });
}
