import { defineConfig } from '@playwright/test';

/** Chromium needs no sandbox as root in a container, and should not look for Google's servers. */
const quiet = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** A WebGPU adapter computed on the processor: slow, but the real code path. */
const softwareWebGpu = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-unsafe-swiftshader',
];
const executablePath = process.env.CHROMIUM;
const launch = (args: string[]) => ({
  launchOptions: { args, timeout: 240_000, ...(executablePath ? { executablePath } : {}) },
});
/** `npm test` picks a free one, so that nothing else that runs here is in the way. */
const port = Number(process.env.E2E_PORT ?? 4187);

export default defineConfig({
  testDir: 'e2e',
  outputDir: '.cache/e2e',
  timeout: 900_000,
  // A machine that others share stalls for a while now and then: whatever is waited for may take minutes.
  expect: { timeout: 240_000 },
  workers: 1,
  // What passes only at second try is a fault, of the test or of the page.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list'], ['json', { outputFile: '.cache/e2e.json' }]],
  use: {
    baseURL: `http://localhost:${port}`,
    viewport: { width: 1440, height: 900 },
    acceptDownloads: true,
    // Every test would keep a copy of the studio, and answer from it what the test wants to see asked for.
    serviceWorkers: 'block',
    // A button that never comes fails before the whole test's time is over.
    actionTimeout: 240_000,
  },
  projects: [
    { name: 'wasm', testMatch: /.*\.spec\.ts/, testIgnore: /webgpu\.spec\.ts/, use: launch(quiet) },
    { name: 'webgpu', testMatch: /webgpu\.spec\.ts/, use: launch([...quiet, ...softwareWebGpu]) },
  ],
  webServer: {
    command: `npx vite preview --port ${port} --strictPort`,
    url: `http://localhost:${port}`,
    reuseExistingServer: !process.env.CI,
    timeout: 240_000,
  },
});
