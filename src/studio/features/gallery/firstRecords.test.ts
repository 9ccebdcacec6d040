import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { firstRecords } from './firstRecords';

/** A record whose planes are filled with the image's number, +100 and +200. */
function record(image: number): Buffer {
  return Buffer.concat([Buffer.of(0), ...[0, 100, 200].map((base) => Buffer.alloc(1024, base + image))]);
}

const records = Buffer.concat([record(1), record(2), record(3)]);

it.each([
  ['packed', gzipSync(records)],
  ['unpacked', records],
])('reads the first images of a %s file', async (_, bytes) => {
  const images = await firstRecords(new Blob([Uint8Array.from(bytes)]), 2);
  expect(images.map((pixels) => [...pixels.subarray(0, 4)])).toEqual([
    [1, 101, 201, 255],
    [2, 102, 202, 255],
  ]);
  expect(images[0]).toHaveLength(32 * 32 * 4);
});

it('gives what there is of a shorter file', async () => {
  expect(await firstRecords(new Blob([Uint8Array.from(record(1))]), 5)).toHaveLength(1);
});
