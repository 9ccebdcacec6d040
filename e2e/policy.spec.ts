import type { Page } from '@playwright/test';
import { expect, test } from './test';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StudioPage } from './studioPage';

/** Another server, which everybody may read: what keeps the page from it is the page's own policy. */
async function otherServer(): Promise<{
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

test.use({ triesElsewhere: true });

test('neither the page nor a worker can connect elsewhere, in whatever way', async ({ page, elsewhere }) => {
  const { server, address, connections } = await otherServer();
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
    expect(elsewhere).toEqual([]);
    for (const answers of tried) expect(await answers()).toEqual([refused, 'refused']);
    // What the policy refuses the page is told on its console.
    await expect.poll(() => elsewhere.length).toBeGreaterThan(Object.keys(ways).length);
    expect(connections()).toBe(0);
    // Their own server they reach.
    const own = new URL('/', page.url()).href;
    const before = elsewhere.length;
    for (const worker of workers) expect(await worker.evaluate(ways.fetch, own)).toBe('reached');
    expect(elsewhere.length).toBe(before);
  } finally {
    server.close();
  }
});

test('every test would notice what a page or a worker without a policy asks of elsewhere', async ({
  browser,
  elsewhere,
}) => {
  const { server, address } = await otherServer();
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.route('http://localhost/', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<title>Nothing</title>' }),
    );
    await page.goto('http://localhost/');
    for (const [name, way] of Object.entries(ways)) {
      const before = elsewhere.length;
      await page.evaluate(way, address);
      await expect.poll(() => elsewhere.length, name).toBeGreaterThan(before);
    }
    const before = elsewhere.length;
    await page.evaluate(async (asked) => {
      const script = `fetch(${JSON.stringify(asked)}).then(() => postMessage(''), () => postMessage(''))`;
      const worker = new Worker(URL.createObjectURL(new Blob([script])));
      await new Promise((resolve) => worker.addEventListener('message', resolve));
    }, address);
    await expect.poll(() => elsewhere.length, 'in a worker').toBeGreaterThan(before);
    const pixel = await page.evaluate(() => {
      const image = new Image();
      image.src = 'http://127.0.0.1:9/pixel.png';
      return image.src;
    });
    await expect.poll(() => elsewhere).toContain(pixel);
  } finally {
    await context.close();
    server.close();
  }
});

test('every file comes with the policy in its headers, and the hosts’ file of headers says the same', async ({
  page,
}) => {
  const found = new Map<string, Record<string, string>>();
  page.on('response', (response) => found.set(response.url(), response.headers()));
  const workers = await computing(page);
  const served = [...found].filter(([address]) => address.startsWith('http'));
  const kinds = [/\/\?/, /assets\/.*\.js$/, /assets\/.*\.css$/, /\.wasm$/, /manifest\.json/];
  for (const kind of kinds)
    expect(served.filter(([address]) => kind.test(address)).length).toBeGreaterThan(0);
  for (const worker of workers) expect(served.map(([address]) => address)).toContain(worker.url());
  const policies = served.map(([, headers]) => headers['content-security-policy'] ?? 'none');
  const [policy] = policies;
  expect(new Set(policies)).toEqual(new Set([policy]));
  for (const rule of [
    "default-src 'none'",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
  ])
    expect(policy!.split('; ')).toContain(rule);
  const written = readFileSync(new URL('../dist/_headers', import.meta.url), 'utf8');
  expect(written).toContain(`Content-Security-Policy: ${policy}`);
});
