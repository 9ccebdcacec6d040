import { readFileSync } from 'node:fs';
import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { referencePath } from '../../../scripts/reference';
import { FailureError, type FailureCode } from '../../network/failure';
import type { ImageSet } from '../../network/images';
import type { NamedFile } from '../file';
import { checkImagesFit, readImages } from '.';

const text = (content: string) => new TextEncoder().encode(content);

/** A CIFAR-10 file whose image i has the given label, red 10 i + 1, green 10 i + 2, blue 10 i + 3 at its first pixel. */
function cifar(name: string, labels: readonly number[]): NamedFile {
  const bytes = new Uint8Array(labels.length * 3073);
  labels.forEach((label, image) => {
    bytes[image * 3073] = label;
    for (const plane of [0, 1, 2]) bytes[image * 3073 + 1 + 1024 * plane] = 10 * image + plane + 1;
  });
  return { name, bytes };
}

function idxImages(count: number, height = 2, width = 3): NamedFile {
  const body = Array.from({ length: count * height * width }, (_, index) => index % 256);
  return {
    name: 'images-idx3-ubyte',
    bytes: Uint8Array.from([0, 0, 8, 3, ...[count, height, width].flatMap((n) => [0, 0, 0, n]), ...body]),
  };
}

function idxLabels(labels: readonly number[]): NamedFile {
  return {
    name: 'labels-idx1-ubyte',
    bytes: Uint8Array.from([0, 0, 8, 1, 0, 0, 0, labels.length, ...labels]),
  };
}

const zipped = ({ name, bytes }: NamedFile): NamedFile => ({ name: `${name}.gz`, bytes: gzipSync(bytes) });

function failureOf(job: () => unknown): { code: FailureCode; message: string } {
  try {
    job();
  } catch (error) {
    expect(error).toBeInstanceOf(FailureError);
    return (error as FailureError).failure;
  }
  throw new Error('nothing failed');
}

describe('CIFAR-10 binary', () => {
  it('turns planes into pixels and keeps labels and class names', () => {
    const images = readImages([cifar('a.bin', [3, 9])]);
    expect(images).toMatchObject({ name: 'a.bin', count: 2, height: 32, width: 32, channels: 3 });
    expect([...images.pixels.subarray(0, 4)]).toEqual([1, 2, 3, 0]);
    expect([...images.pixels.subarray(3072, 3076)]).toEqual([11, 12, 13, 0]);
    expect([...images.labels!]).toEqual([3, 9]);
    expect([images.classNames![0], images.classNames![9]]).toEqual(['airplane', 'truck']);
  });

  it('joins several files in order, gzipped ones too', () => {
    const images = readImages([cifar('b.bin', [1]), zipped(cifar('a.bin', [2, 3]))]);
    expect([images.name, images.count]).toEqual(['b.bin + a.bin', 3]);
    expect([...images.labels!]).toEqual([1, 2, 3]);
  });

  it('names the bytes that are left over', () => {
    const { bytes } = cifar('x', [1, 2]);
    const { code, message } = failureOf(() =>
      readImages([{ name: 'cut.bin', bytes: bytes.subarray(0, 5000) }]),
    );
    expect(code).toBe('invalid-images');
    expect(message).toBe(
      'cut.bin: expected CIFAR-10 records of 3,073 bytes, found 5,000 bytes: 1 × 3,073 and 1,927 bytes more; it seems to be cut off, so download it again.',
    );
  });

  it('names the first label that is none', () => {
    const { message } = failureOf(() => readImages([cifar('odd.bin', [1, 2, 10, 77])]));
    expect(message).toBe(
      "odd.bin: expected CIFAR-10 labels from 0 to 9, found 10 at image 2; open CIFAR-10's binary version, or add a list of all classes.",
    );
  });

  it('blames notes beside the records for naming no classes, and not the records', () => {
    const notes = { name: 'notes.txt', bytes: Buffer.from('Dear diary,\n') };
    const { message } = failureOf(() => readImages([cifar('own.bin', [1, 25]), notes]));
    expect(message).toBe(
      'notes.txt: expected the names of at least 26 classes, one a line, found 1 line; leave it out, or open a list of all classes.',
    );
    const letters = {
      name: 'letters.txt',
      bytes: Buffer.from('abcdefghijklmnopqrstuvwxyz'.split('').join('\n')),
    };
    const both = readImages([cifar('own.bin', [1, 25]), notes, letters]);
    expect(both.classNames).toHaveLength(26);
    expect(both.leftOut).toEqual([
      {
        name: 'notes.txt',
        reason: 'expected the names of at least 26 classes, one a line, found 1 line',
      },
    ]);
    const plain = readImages([cifar('plain.bin', [1, 9]), notes]);
    expect(plain.classNames).toContain('truck');
    expect(plain.leftOut).toHaveLength(1);
  });

  it('refuses an empty file', () => {
    const { message } = failureOf(() => readImages([{ name: 'none.bin', bytes: new Uint8Array(0) }]));
    expect(message).toBe('none.bin: expected CIFAR-10 records, found an empty file; download it again.');
  });

  it('reads the images of the reference collection', ({ skip }) => {
    const path = referencePath('cifar10/test_1000.bin');
    skip(path === null, 'cifar10/test_1000.bin is missing');
    const images = readImages([{ name: 'test_1000.bin', bytes: readFileSync(path!) }]);
    // The first images of CIFAR-10's test batch are a cat, two ships and an airplane.
    expect([images.count, ...images.labels!.subarray(0, 4)]).toEqual([1000, 3, 8, 8, 0]);
  });
});

describe('IDX', () => {
  it('reads images with their labels in either order, gzipped too', () => {
    const labels = idxLabels([5, 0, 4]);
    for (const files of [
      [idxImages(3), labels],
      [labels, idxImages(3)],
      [zipped(idxImages(3)), zipped(labels)],
    ]) {
      const images = readImages(files);
      expect(images).toMatchObject({ count: 3, height: 2, width: 3, channels: 1, classNames: null });
      expect([...images.pixels]).toEqual(Array.from({ length: 18 }, (_, index) => index));
      expect([...images.labels!]).toEqual([5, 0, 4]);
    }
  });

  it('reads images without labels', () => {
    expect(readImages([idxImages(2)]).labels).toBeNull();
  });

  it('refuses labels without images and a different number of both', () => {
    expect(failureOf(() => readImages([idxLabels([1])])).message).toMatch(
      /one IDX file of images \(idx3-ubyte\), found 0/,
    );
    expect(failureOf(() => readImages([idxImages(3), idxLabels([1])])).message).toBe(
      'labels-idx1-ubyte: expected 3 labels for the images of images-idx3-ubyte, found 1; open images and labels of one set.',
    );
  });

  it('refuses a file that is shorter or longer than its header says', () => {
    const { name, bytes } = idxImages(3);
    const cut = failureOf(() => readImages([{ name, bytes: bytes.subarray(0, 20) }]));
    expect(cut.message).toBe(
      'images-idx3-ubyte: expected 18 bytes (3×2×3) after the header, found 4 bytes; it seems to be cut off, so download it again.',
    );
    expect(failureOf(() => readImages([{ name, bytes: bytes.subarray(0, 9) }])).message).toMatch(
      /header of 16 bytes/,
    );
  });

  it('reads the digits of the reference collection', ({ skip }) => {
    const names = ['mnist/test3000-images-idx3-ubyte.gz', 'mnist/test3000-labels-idx1-ubyte.gz'];
    skip(
      names.some((name) => referencePath(name) === null),
      'the MNIST files are missing',
    );
    const images = readImages(names.map((name) => ({ name, bytes: readFileSync(referencePath(name)!) })));
    expect(images).toMatchObject({ count: 3000, height: 28, width: 28, channels: 1 });
    expect(Math.max(...images.labels!)).toBe(9);
  });
});

describe('files that are no images', () => {
  it('are refused with what they seem to be', () => {
    expect(failureOf(() => readImages([{ name: 'notes.txt', bytes: text('hello') }])).message).toBe(
      'notes.txt: expected images (CIFAR-10 binary, CIFAR-100 binary, IDX (MNIST), NumPy .npy or .npz), found plain text; convert it to one of these.',
    );
    expect(failureOf(() => readImages([])).message).toMatch(/found no file/);
  });

  it('are refused where the gzip data are cut off or damaged', () => {
    const { name, bytes } = zipped(cifar('a.bin', [1, 2]));
    const cut = failureOf(() => readImages([{ name, bytes: bytes.subarray(0, 30) }]));
    expect(cut.message).toMatch(/^a\.bin\.gz: expected gzip data, but they /);
    const damaged = Uint8Array.from(bytes).fill(0xff, 12, 24);
    expect(failureOf(() => readImages([{ name, bytes: damaged }])).message).toMatch(/^a\.bin\.gz: expected /);
  });
});

describe('checkImagesFit', () => {
  const images = (change: Partial<ImageSet> = {}): ImageSet => ({
    ...{ name: 'a.bin', count: 2, height: 32, width: 32, channels: 3, pixels: new Uint8Array(2 * 3072) },
    ...{ labels: Int32Array.of(0, 9), classNames: null },
    ...change,
  });

  it('lets images pass that fit, with labels and without', () => {
    checkImagesFit(images(), [32, 32, 3], 10);
    checkImagesFit(images({ labels: null }), [32, 32, 3], 2);
  });

  it('says which size is there and which is expected', () => {
    const { code, message } = failureOf(() => checkImagesFit(images(), [28, 28, 1], 10));
    expect(code).toBe('images-do-not-fit');
    expect(message).toBe(
      'a.bin: images are 32×32×3, the network expects 28×28×1; open images of that size, or pictures, which are fitted.',
    );
    expect(failureOf(() => checkImagesFit(images(), [7], 10)).message).toMatch(
      /expects a vector of 7 numbers/,
    );
  });

  it('names the first label that is no class of the network', () => {
    const { message } = failureOf(() => checkImagesFit(images(), [32, 32, 3], 9));
    expect(message).toBe(
      "a.bin: expected labels from 0 to 8 for the network's 9 classes, found 9 at image 1; open the images that the network was trained for, or add a table of names and indices.",
    );
  });

  it('refuses no images, and labels of another number', () => {
    expect(failureOf(() => checkImagesFit(images({ count: 0 }), [32, 32, 3], 10)).message).toMatch(
      /at least one image/,
    );
    const odd = images({ labels: Int32Array.of(1) });
    expect(failureOf(() => checkImagesFit(odd, [32, 32, 3], 10)).message).toMatch(
      /expected 2 labels, one per image, found 1/,
    );
  });
});
