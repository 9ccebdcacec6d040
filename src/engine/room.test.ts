import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { assertAllocated, assertRoom, namedAbort } from './room';
import { startNodeBackend } from './testing/nodeBackend';

beforeAll(() => startNodeBackend('wasm'));
afterEach(() => {
  vi.restoreAllMocks();
});

test('a module that aborted is named as out of memory, other errors stay', () => {
  expect(namedAbort(new WebAssembly.RuntimeError('Aborted()'))).toMatchObject({
    code: 'out-of-memory',
    message:
      'WebAssembly stopped, most likely for lack of memory (Aborted()); reload and use fewer images at a time.',
  });
  const bug = new TypeError('a bug');
  expect(namedAbort(bug)).toBe(bug);
});

test('there is room at first', () => {
  expect(() => assertRoom()).not.toThrow();
});

test('more data than WebAssembly can address is a failure before it happens', () => {
  const info = tf.memory();
  vi.spyOn(tf.engine(), 'memory').mockReturnValue({ ...info, numBytes: 3.5 * 2 ** 30 });
  expect(() => assertRoom()).toThrow(
    'Expected a step that WebAssembly has room for, found one that holds 3.5 GiB of data at once, more than WebAssembly can address; use fewer images at a time.',
  );
});

test('a tensor at address 0 is a failure, whatever it seems to hold', () => {
  const tensor = tf.ones([4]);
  expect(() => assertAllocated(tensor)).not.toThrow();
  const backend = tf.backend() as unknown as { getMemoryOffset(dataId: object): number };
  vi.spyOn(backend, 'getMemoryOffset').mockReturnValue(0);
  expect(() => assertAllocated(tensor)).toThrow(
    'WebAssembly has no memory left for this step; use fewer images at a time.',
  );
  tensor.dispose();
});
