import { expect, test } from 'vitest';
import { fail } from './failure';
import { loadPart } from './parts';
import { wasmFile } from './wasmFile';

test('a part that comes is handed on', async () => {
  expect(await loadPart('the answer', () => Promise.resolve(42))).toBe(42);
});

test.each([
  new TypeError('Failed to fetch dynamically imported module: http://localhost/assets/decode-1.js'),
  new TypeError('error loading dynamically imported module: http://localhost/assets/decode-1.js'),
  new TypeError('Importing a module script failed.'),
  'no reason',
])('a part that does not come is named, with the reason and what to do: %s', async (error) => {
  const reason = error instanceof Error ? error.message : error;
  await expect(loadPart('the decoder of PNG pictures', () => Promise.reject(error))).rejects.toMatchObject({
    code: 'part-missing',
    message: `Expected to load the decoder of PNG pictures, found that it could not be fetched (${reason.replace(/\.$/, '')}); once the studio's server can be reached, reload the page: a newer version may have taken its place.`,
  });
});

test('a sentence that a part says by itself stays', async () => {
  const load = () => Promise.resolve().then(() => fail('out-of-memory', 'Too large.'));
  await expect(loadPart('x', load)).rejects.toMatchObject({ code: 'out-of-memory', message: 'Too large.' });
});

test.each([
  [404, [0, 0x61, 0x73, 0x6d], 'the server answered 404'],
  [200, [0x3c, 0x21, 0x64, 0x6f, 0x63], 'the server sent another file'],
  [200, [], 'the server sent another file'],
])('a server that answers %i with %o has no such file of WebAssembly', async (status, bytes, message) => {
  await expect(wasmFile(new Response(Uint8Array.from(bytes), { status }))).rejects.toThrow(message);
});

test('a file of WebAssembly is handed on', async () => {
  const bytes = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  expect(new Uint8Array(await wasmFile(new Response(bytes)))).toEqual(bytes);
});
