import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { createRandom } from '../linalg/random';
import { crc32 } from './crc32';

it('is that of zlib, in one piece and in several', () => {
  const random = createRandom(3);
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  for (const length of [0, 1, 9, 1000]) {
    const bytes = Uint8Array.from({ length }, () => random.integer(256));
    const zipped = gzipSync(bytes);
    expect(crc32(bytes)).toBe(zipped.readUInt32LE(zipped.length - 8));
    const cut = length >> 1;
    expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut)))).toBe(crc32(bytes));
  }
});
