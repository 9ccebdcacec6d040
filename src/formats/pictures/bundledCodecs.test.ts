import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { encoded, drawn } from '../../../cli/testPictures';
import { openImageFiles } from '../images';
import { bundledCodecs } from './bundledCodecs';

/** A server that has none of the decoders, as one whose files were replaced while a page was open. */
const server = createServer((_, response) => response.writeHead(404).end());

beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const page = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const { fetch } = globalThis;
  // A page resolves an address against its own; Node.js has none.
  vi.stubGlobal('fetch', (address: string) => fetch(new URL(address, page)));
});
afterAll(() => {
  vi.unstubAllGlobals();
  server.close();
});

describe('the decoders of a bundle', () => {
  it('that the server does not have are refused with its answer, and a picture with them', async () => {
    const sentence =
      "Expected to load the decoder of WebP pictures, found that it could not be fetched (the server answered 404); once the studio's server can be reached, reload the page: a newer version may have taken its place.";
    await expect(bundledCodecs('webp')).rejects.toMatchObject({ message: sentence });
    const bytes = await encoded(
      'webp',
      drawn(1, 1, () => [0, 100, 200]),
    );
    const files = [{ name: 'a.webp', bytes }];
    await expect(openImageFiles(files, bundledCodecs)).rejects.toMatchObject({ message: sentence });
  });
});
