import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadManifest, loadNetworkFile, loadValidationFiles } from './files';
import type { SampleManifest } from './manifest';

const manifest: SampleManifest = {
  classNames: ['A', 'B'],
  input: { channelOrder: 'RGB', mean: [128], scale: 1 },
  networks: [
    {
      name: 'short',
      title: 'Short',
      description: 'Ten bytes',
      file: 'short.onnx',
      bytes: 10,
      parameters: 1,
      macs: 1,
      layers: [],
      accuracy: { correct: 1, count: 1 },
    },
  ],
  imageSets: {
    calibration: { file: 'gone.bin', bytes: 3, count: 1 },
    validation: { file: 'three.bin', bytes: 3, count: 1 },
  },
};

/** What the server has, by path; all else is missing. */
const pages: Readonly<Record<string, readonly [type: string, body: string]>> = {
  '/samples/manifest.json': ['application/json', JSON.stringify(manifest)],
  '/samples/short.onnx': ['application/octet-stream', '1234567'],
  '/samples/three.bin': ['application/octet-stream', 'abc'],
  '/page/samples/manifest.json': ['text/html', '<!doctype html>'],
};

describe('the samples of a server', () => {
  const server = createServer(({ url = '' }, response) => {
    const [type, body] = pages[url] ?? ['text/plain', null];
    response.writeHead(body === null ? 404 : 200, { 'Content-Type': type }).end(body ?? '');
  });
  let origin = '';
  beforeAll(async () => {
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => void vi.stubEnv('BASE_URL', `${origin}/`));
  afterAll(() => {
    vi.unstubAllEnvs();
    server.close();
  });

  it('are loaded with the names of their classes', async () => {
    const loaded = await loadManifest();
    const files = await loadValidationFiles(loaded);
    expect(await Promise.all(files.map((file) => file.text()))).toEqual(['abc', 'A\nB']);
  });

  it('are refused where a file has another size, or is missing', async () => {
    await expect(loadNetworkFile(manifest, 'short')).rejects.toThrow(
      'samples/short.onnx: expected 10 bytes, found 7; load the page again.',
    );
    const { calibration } = manifest.imageSets;
    const imageSets = { ...manifest.imageSets, validation: calibration };
    await expect(loadValidationFiles({ ...manifest, imageSets })).rejects.toThrow(
      'samples/gone.bin: expected it in this copy of the studio, found none; open a network of your own instead.',
    );
  });

  it('are missing where every address answers with the page', async () => {
    vi.stubEnv('BASE_URL', `${origin}/page/`);
    await expect(loadManifest()).rejects.toThrow(
      'samples/manifest.json: expected it in this copy of the studio, found none; open a network of your own instead.',
    );
  });

  it('cannot be loaded where nobody answers', async () => {
    // No port: nothing can listen there.
    vi.stubEnv('BASE_URL', 'http://127.0.0.1:0/');
    await expect(loadManifest()).rejects.toThrow(
      /^samples\/manifest\.json could not be loaded \(.+\); reload the page\.$/,
    );
  });
});
