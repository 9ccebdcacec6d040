import { afterEach, expect, test, vi } from 'vitest';
import { chooseBackend } from './backend';

afterEach(() => vi.unstubAllGlobals());

test('a backend whose code does not come is said, and no slower one taken in its place without a word', async () => {
  // A bundle has an address per file, and a deploy may have taken the files away.
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('gone', { status: 404 })));
  const wasmPaths = {
    'tfjs-backend-wasm.wasm': '/plain.wasm',
    'tfjs-backend-wasm-simd.wasm': '/simd.wasm',
    'tfjs-backend-wasm-threaded-simd.wasm': '/threaded.wasm',
  };
  await expect(chooseBackend('auto', { wasmPaths })).rejects.toMatchObject({
    code: 'part-missing',
    message:
      "Expected to load the backend on WebAssembly, found that it could not be fetched (the server answered 404); once the studio's server can be reached, reload the page: a newer version may have taken its place.",
  });
});
