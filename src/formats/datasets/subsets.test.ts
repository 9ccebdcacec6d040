import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { installedCodecs } from '../../../cli/codecs';
import type { Reading } from '../../network/reading';
import type { NamedFile } from '../file';
import { openImageFiles } from '../images';
import { subsetOf } from './subsets';

const open = (files: readonly NamedFile[], reading: Reading = {}) =>
  openImageFiles(files, installedCodecs, undefined, reading);
const text = (name: string, content: string): NamedFile => ({
  name,
  bytes: new TextEncoder().encode(content),
});

function npy(shape: readonly number[], values: readonly number[], type = '|u1'): Uint8Array {
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }\n`;
  const body = type === '|u1' ? values : new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer);
  const head = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0];
  return Uint8Array.from([...head, ...new TextEncoder().encode(header), ...body]);
}
const archive = (name: string, arrays: Readonly<Record<string, Uint8Array>>): NamedFile => ({
  name,
  bytes: zipSync(Object.fromEntries(Object.entries(arrays).map(([key, bytes]) => [`${key}.npy`, bytes]))),
});

/** Grey images of 2×2 whose first values tell the part: 10 for training, 20 for validation, 30 for testing. */
const grey = (first: number, count: number) =>
  npy(
    [count, 2, 2],
    Array.from({ length: count * 4 }, (_, at) => first + at),
  );

describe('a set of several parts', () => {
  const medmnist = archive('pneumoniamnist.npz', {
    train_images: grey(10, 3),
    val_images: grey(20, 1),
    test_images: grey(30, 2),
    train_labels: npy([3, 1], [0, 1, 0]),
    val_labels: npy([1, 1], [1]),
    test_labels: npy([2, 1], [1, 0]),
  });

  it('is looked at in the part for testing, or in the one that is chosen', async () => {
    const images = await open([medmnist]);
    expect(images).toMatchObject({
      count: 2,
      subset: { name: 'test', others: ['val', 'train'], isChosen: false },
    });
    expect([...images.labels!]).toEqual([1, 0]);
    expect(images.pixels[0]).toBe(30);
    const trained = await open([medmnist], { subset: 'train' });
    expect(trained).toMatchObject({ count: 3, subset: { name: 'train', isChosen: true } });
    expect([trained.pixels[0], ...trained.labels!]).toEqual([10, 0, 1, 0]);
    expect(await open([medmnist], { subset: 'val' })).toMatchObject({ count: 1 });
  });

  it('may be of Keras, with names the other way round, or files of MNIST and CIFAR', async () => {
    const keras = archive('mnist.npz', {
      x_train: grey(10, 3),
      y_train: npy([3], [1, 2, 3], '<i8'),
      x_test: grey(30, 2),
      y_test: npy([2], [4, 5], '<i8'),
    });
    expect([...(await open([keras])).labels!]).toEqual([4, 5]);
    expect([...(await open([keras], { subset: 'train' })).labels!]).toEqual([1, 2, 3]);
    const idx = (name: string, values: readonly number[], isImages = false): NamedFile => {
      const axes = isImages ? [values.length, 1, 1] : [values.length];
      return {
        name,
        bytes: Uint8Array.from([0, 0, 8, axes.length, ...axes.flatMap((n) => [0, 0, 0, n]), ...values]),
      };
    };
    const mnist = [
      idx('train-images-idx3-ubyte', [1, 2, 3], true),
      idx('train-labels-idx1-ubyte', [7, 8, 9]),
      idx('t10k-images-idx3-ubyte', [4, 5], true),
      idx('t10k-labels-idx1-ubyte', [0, 1]),
      text('README', 'digits'),
    ];
    const tested = await open(mnist);
    expect([...tested.pixels, ...tested.labels!]).toEqual([4, 5, 0, 1]);
    expect(tested.leftOut).toEqual([
      { name: 'README', reason: 'expected images or labels in IDX format, found plain text' },
    ]);
    expect([...(await open(mnist, { subset: 'train' })).labels!]).toEqual([7, 8, 9]);
    const batch = (name: string, label: number): NamedFile => ({
      name: `cifar-10-batches-bin/${name}`,
      bytes: Uint8Array.from({ length: 3073 }, (_, at) => (at === 0 ? label : 100)),
    });
    const cifar = [
      batch('data_batch_1.bin', 1),
      batch('data_batch_2.bin', 2),
      batch('test_batch.bin', 3),
      text('cifar-10-batches-bin/readme.html', '<html></html>'),
    ];
    const images = await open(cifar);
    expect([...images.labels!]).toEqual([3]);
    expect(images.leftOut?.map(({ name }) => name)).toEqual(['cifar-10-batches-bin/readme.html']);
    expect([...(await open(cifar, { subset: 'train' })).labels!]).toEqual([1, 2]);
  });

  it('is refused where the chosen part is not there, and read whole where it has no parts', async () => {
    const tested = archive('a.npz', { x_test: grey(1, 1), y_test: npy([1], [0]) });
    await expect(open([tested], { subset: 'val' })).rejects.toThrow(
      'a.npz: expected a part called val, found test; choose test by --subset or beside the images.',
    );
    const plain = archive('a.npz', { x: grey(1, 1), y: npy([1], [0]) });
    expect(await open([plain], { subset: 'val' })).toMatchObject({ count: 1, subset: null });
  });

  it('is told by names as people give them', () => {
    const names = [
      'x_test',
      'testX',
      't10k-images',
      'val_images',
      'valX',
      'validation',
      'train.bin',
      'data_batch_3',
    ];
    expect(names.map(subsetOf)).toEqual(['test', 'test', 'test', 'val', 'val', 'val', 'train', 'train']);
    expect(['values.npy', 'images', 'x', 'interval'].map(subsetOf)).toEqual([null, null, null, null]);
  });

  it('with several classes for an image is refused, and one row of zeros and a one is a class', async () => {
    const labelled = (...rows: readonly (readonly number[])[]) =>
      archive('chestmnist.npz', { test_images: grey(1, 2), test_labels: npy([2, 3], rows.flat()) });
    expect([...(await open([labelled([0, 1, 0], [0, 0, 1])])).labels!]).toEqual([1, 2]);
    await expect(open([labelled([0, 1, 0], [1, 0, 1])])).rejects.toThrow(
      /^chestmnist\.npz\/test_labels\.npy: expected one class for each image, found 2 of 3 at image 1; /,
    );
    await expect(open([labelled([0, 0, 0], [1, 0, 0])])).rejects.toThrow(/found 0 of 3 at image 0/);
  });
});
