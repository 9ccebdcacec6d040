import { describe, expect, it } from 'vitest';
import { readImages } from './index';

/** Records of one label each; the pixels count up so that planes can be told apart. */
function records(...labels: number[]): Uint8Array {
  const bytes = new Uint8Array(labels.length * 3073);
  labels.forEach((label, image) => {
    bytes[image * 3073] = label;
    for (let plane = 0; plane < 3; plane++) {
      bytes.fill(50 * (plane + 1), image * 3073 + 1 + plane * 1024, image * 3073 + 1 + (plane + 1) * 1024);
    }
  });
  return bytes;
}

describe('CIFAR-10 binary', () => {
  it('joins files and interleaves the planes', () => {
    const images = readImages([
      { name: 'a.bin', bytes: records(3) },
      { name: 'b.bin', bytes: records(9, 0) },
    ]);
    expect(images.count).toBe(3);
    expect(Array.from(images.labels!)).toEqual([3, 9, 0]);
    expect(Array.from(images.pixels.subarray(0, 6))).toEqual([50, 100, 150, 50, 100, 150]);
    expect(images.classNames?.[3]).toBe('cat');
  });

  it('takes other classes from a text file beside it', () => {
    const names = new TextEncoder().encode(Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ').join('\n') + '\n');
    const files = [
      { name: 'letters.bin', bytes: records(25) },
      { name: 'classes.txt', bytes: names },
    ];
    const images = readImages(files);
    expect(images.classNames?.[images.labels![0]!]).toBe('Z');
    expect(() => readImages([{ name: 'letters.bin', bytes: records(26) }, files[1]!])).toThrow(
      /classes\.txt: expected the names of at least 27 classes, one a line, found 26 lines/,
    );
  });
});
