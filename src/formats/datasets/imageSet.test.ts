import { expect, it } from 'vitest';
import { installedCodecs } from '../../../cli/codecs';
import type { ImageSet } from '../../network/images';
import { openImageFiles } from '../images';
import { readImages } from '.';
import { requireImageSet } from './imageSet';

const set: ImageSet = {
  ...{ name: 'a', count: 2, height: 2, width: 3, channels: 3, pixels: new Uint8Array(36) },
  ...{ labels: Int32Array.of(0, 99_999), classNames: ['b', 'c'] },
};

const sizes = 'expected at least one image of at least one pixel, found';
const advice = 'save the images again.';
it.each<[string, Partial<ImageSet>]>([
  [`${sizes} 0 of 2×3×3; ${advice}`, { count: 0 }],
  [`${sizes} 1.5 of 2×3×3; ${advice}`, { count: 1.5 }],
  [`${sizes} -2 of -2×3×3; ${advice}`, { count: -2, height: -2 }],
  [`${sizes} 1000000000 of 0×0×3; ${advice}`, { count: 1e9, height: 0, width: 0 }],
  [`expected 36 values of pixels, found 35; ${advice}`, { pixels: new Uint8Array(35) }],
  [
    'expected a label for each of 2 images, found 3; open images and labels of one set.',
    { labels: new Int32Array(3) },
  ],
  [
    'expected labels from 0 to 99,999, found 1,661,992,960 at image 1; give every image the index of its class.',
    { labels: Int32Array.of(0, 1_661_992_960) },
  ],
  [
    'expected labels from 0 to 99,999, found -1 at image 0; give every image the index of its class.',
    { labels: Int32Array.of(-1, 0) },
  ],
  [
    "expected at most 100,000 classes, found 1,000,000 names; open a list of the network's classes.",
    { classNames: Array<string>(1_000_000).fill('c') },
  ],
])('%s', (sentence, change) => {
  expect(requireImageSet(set)).toBe(set);
  expect(() => requireImageSet({ ...set, ...change })).toThrow(`a: ${sentence}`);
});

/** Text and numbers of four bytes, the most significant first. */
const bytesOf = (text: string, ...numbers: number[]) =>
  Uint8Array.from([
    ...[...text].map((character) => character.charCodeAt(0)),
    ...numbers.flatMap((number) => [24, 16, 8, 0].map((shift) => (number >>> shift) & 255)),
  ]);

function npy(shape: string, length: number): Uint8Array {
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape}), }`;
  const start = `\x93NUMPY\x01\x00${String.fromCharCode(header.length & 255, header.length >> 8)}`;
  return Uint8Array.from([...bytesOf(start + header), ...new Uint8Array(length)]);
}

it.each([
  ['t.idx3-ubyte', bytesOf('', 0x803, 1e9, 0, 0), 'found 1000000000×0×0 in its header'],
  ['t.idx3-ubyte', bytesOf('', 0x803, 0, 28, 28), 'found 0×28×28 in its header'],
  ['x.npy', npy('1.5, 2, 2, 3', 18), 'its shape holds "1.5", which counts nothing'],
  ['x.npy', npy('-2, -2, 2, 3', 24), 'its shape holds "-2", which counts nothing'],
  ['x.npy', npy('0x2, 2, 2, 3', 24), 'its shape holds "0x2", which counts nothing'],
  ['x.npy', npy('1e0, 2, 2, 3', 12), 'its shape holds "1e0", which counts nothing'],
  ['x.npy', npy('0, 2, 2, 3', 0), 'x.npy: expected pixels'],
])('a file of no images is refused before anything is made of it: %s', async (name, bytes, sentence) => {
  const file = { name, bytes };
  for (const read of [() => readImages([file]), () => openImageFiles([file], installedCodecs)])
    await expect(async () => read()).rejects.toMatchObject({
      name: 'FailureError',
      message: expect.stringContaining(sentence) as string,
    });
});

it('a shape may be written as Python 2 wrote it', () => {
  expect(readImages([{ name: 'x.npy', bytes: npy('2L, 2L, 2L, 3L', 24) }]).count).toBe(2);
});
