import { expect, test, type Page } from '@playwright/test';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StudioPage } from './studioPage';

/** Another server, which everybody may read: what keeps the page from it is the page's own policy. */
async function elsewhere(): Promise<{
  readonly server: Server;
  readonly address: string;
  connections(): number;
}> {
  let connections = 0;
  const server = createServer((_request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    response.setHeader('Content-Type', 'text/javascript');
    response.end('export {};');
  });
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const address = `http://localhost:${(server.address() as AddressInfo).port}/`;
  return { server, address, connections: () => connections };
}

/** Every way to reach a server, in the page or in a worker. */
const ways = {
  fetch: (address: string) =>
    fetch(address).then(
      () => 'reached',
      () => 'refused',
    ),
  XMLHttpRequest: (address: string) =>
    new Promise<string>((resolve) => {
      const request = new XMLHttpRequest();
      request.onload = () => resolve('reached');
      request.onerror = () => resolve('refused');
      request.open('GET', address);
      request.send();
    }),
  WebSocket: (address: string) =>
    new Promise<string>((resolve) => {
      try {
        const socket = new WebSocket(address.replace('http', 'ws'));
        socket.onopen = () => resolve('reached');
        socket.onerror = () => resolve('refused');
      } catch {
        resolve('refused');
      }
    }),
  EventSource: (address: string) =>
    new Promise<string>((resolve) => {
      const source = new EventSource(address);
      source.onopen = () => resolve('reached');
      source.onerror = () => {
        source.close();
        resolve('refused');
      };
    }),
};

/** What comes of every way. */
async function each(run: (way: Way) => Promise<string>): Promise<readonly (readonly [string, string])[]> {
  const found: [string, string][] = [];
  for (const [name, way] of Object.entries(ways)) found.push([name, await run(way)]);
  return found;
}

type Way = (address: string) => Promise<string>;

/** Workers of the page once there are some that compute. */
async function computing(page: Page) {
  const studio = new StudioPage(page);
  await studio.open('?sample=vgg&metric=energy&repair=off&backend=wasm&split=24,48,260');
  await studio.measured('Original');
  return page.workers();
}

test('neither the page nor a worker can connect elsewhere, in whatever way', async ({ page }) => {
  const { server, address, connections } = await elsewhere();
  try {
    const workers = await computing(page);
    expect(workers.length).toBeGreaterThan(0);
    // As text, since what compiles the tests would make something else of it.
    const script = `import(${JSON.stringify(address)}).then(() => 'reached', () => 'refused')`;
    const refused = Object.keys(ways).map((name) => [name, 'refused']);
    const tried = [
      async () => [await each((way) => page.evaluate(way, address)), await page.evaluate(script)],
      ...workers.map((worker) => async () => [
        await each((way) => worker.evaluate(way, address)),
        await worker.evaluate(script),
      ]),
    ];
    for (const answers of tried) expect(await answers()).toEqual([refused, 'refused']);
    expect(connections()).toBe(0);
    // Their own server they reach.
    const own = new URL('/', page.url()).href;
    for (const worker of workers) expect(await worker.evaluate(ways.fetch, own)).toBe('reached');
  } finally {
    server.close();
  }
});
