import { chromium, type Page } from 'playwright-core';
import { ensureChromium, root } from '../scripts/setup.mjs';

/** Builds and serves the studio, opens a browser beside it, and ends both whatever is done with its page. */
export async function withServedPage(work: (page: Page) => Promise<void>): Promise<void> {
  const { build, preview } = await import('vite');
  await build({ root, logLevel: 'error' });
  const server = await preview({ root, logLevel: 'error', preview: { port: 0 } });
  const executablePath = ensureChromium();
  const browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: ['--no-sandbox', '--disable-quic', '--no-first-run'],
  });
  try {
    const page = await browser.newPage({ baseURL: server.resolvedUrls!.local[0]! });
    page.on('pageerror', (error) => console.error(`page error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') console.error(`console: ${message.text()}`);
    });
    await work(page);
  } finally {
    await browser.close();
    await server.close();
  }
}
