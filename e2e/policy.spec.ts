import { expect, test, type Page } from '@playwright/test';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StudioPage } from './studioPage';

/** Another server, which everybody may read: what keeps the page from it is the page's own policy. */
async function elsewhere(): Promise<{
  readonly server: Server;
  readonly address: string;
  requests(): number;
}> {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests++;
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    response.end('reached');
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const address = `http://localhost:${(server.address() as AddressInfo).port}/`;
  return { server, address, requests: () => requests };
}

/** Runs in the page or in a worker. */
const connect = (address: string) =>
  fetch(address).then(
    (response) => response.text(),
    () => 'refused',
  );

/** Workers of the page once there are some that compute. */
async function computing(page: Page) {
  const studio = new StudioPage(page);
  await studio.open('?sample=vgg&metric=energy&repair=off&backend=wasm&split=24,48,260');
  await studio.measured('Original');
  return page.workers();
}

test('neither the page nor a worker can connect elsewhere', async ({ page }) => {
  const { server, address, requests } = await elsewhere();
  try {
    const workers = await computing(page);
    expect(workers.length).toBeGreaterThan(0);
    expect(await page.evaluate(connect, address)).toBe('refused');
    for (const worker of workers) expect(await worker.evaluate(connect, address)).toBe('refused');
    expect(requests()).toBe(0);
    // Their own server they reach.
    const own = new URL('/', page.url()).href;
    for (const worker of workers) expect(await worker.evaluate(connect, own)).not.toBe('refused');
  } finally {
    server.close();
  }
});
