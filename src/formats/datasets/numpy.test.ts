import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { NamedFile } from '../file';
import { readImages } from '.';

/*
 * Written by NumPy 2: x = (arange(24) * 5).astype(uint8).reshape(2, 3, 2, 2) with numpy.save; its first channel in
 * Fortran order; an array of objects; and savez_compressed with x_test (NHWC, x / 255 as big-endian float32),
 * y_test = [7, 4] (int64), x_train and y_train.
 */
const written = {
  nchw: 'k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMsIDIsIDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoABQoPFBkeIygtMjc8QUZLUFVaX2RpbnM=',
  fortran:
    'k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMiwgMiksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAPApGBUEPSw==',
  objects:
    'k05VTVBZAQB2AHsnZGVzY3InOiAnfE8nLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAqAA2NudW1weS5jb3JlLm11bHRpYXJyYXkKX3JlY29uc3RydWN0CnEAY251bXB5Cm5kYXJyYXkKcQFLAIVxAkMBYnEDh3EEUnEFKEsBSwKFcQZjbnVtcHkKZHR5cGUKcQdYAgAAAE84cQiJiIdxCVJxCihLA1gBAAAAfHELTk5OSv////9K/////0s/dHEMYoldcQ0oWAEAAABhcQ5OZXRxD2Iu',
  npz: 'UEsDBBQAAAAIAAAAIQDbuEvaSwAAAIQAAAALABQAeF90cmFpbi5ucHkBABAAhAAAAAAAAABLAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loF5Taqiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GoY6CkZgZKipo1CrQAbgYgACAFBLAwQUAAAACAAAACEAi4HxjUgAAACIAAAACwAUAHlfdHJhaW4ubnB5AQAQAIgAAAAAAAAASAAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2mhrqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RqGOpo6CrUKFAAuTgYIAABQSwMEFAAAAAgAAAAhAGDAqLKeAAAA4AAAAAoAFAB4X3Rlc3QubnB5AQAQAOAAAAAAAAAAngAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBul2airqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RpGOgoQZKypo1CrQAbgYgAC2wULFtopLFhoA6RtT5w4aWeyZastkG/74cNHO48TJ20LgDRPT69dzJ27diA2SD1IXVNTs92qVavtLl26bNcDlN+yZavdHaCaadOm2+3bt9/u2bPnAFBLAwQUAAAACAAAACEAb5zifEoAAACQAAAACgAUAHlfdGVzdC5ucHkBABAAkAAAAAAAAABKAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TaaGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6mjoKtQoUAC52BghggdIAUEsBAhQDFAAAAAgAAAAhANu4S9pLAAAAhAAAAAsAAAAAAAAAAAAAAIABAAAAAHhfdHJhaW4ubnB5UEsBAhQDFAAAAAgAAAAhAIuB8Y1IAAAAiAAAAAsAAAAAAAAAAAAAAIABiAAAAHlfdHJhaW4ubnB5UEsBAhQDFAAAAAgAAAAhAGDAqLKeAAAA4AAAAAoAAAAAAAAAAAAAAIABDQEAAHhfdGVzdC5ucHlQSwECFAMUAAAACAAAACEAb5zifEoAAACQAAAACgAAAAAAAAAAAAAAgAHnAQAAeV90ZXN0Lm5weVBLBQYAAAAABAAEAOIAAABtAgAAAAA=',
};
const file = (name: keyof typeof written, as: string): NamedFile => ({
  name: as,
  bytes: Uint8Array.from(Buffer.from(written[name], 'base64')),
});

/** An `.npy` file of version 1. */
function npy(name: string, type: string, shape: readonly number[], bytes: Uint8Array): NamedFile {
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }\n`;
  const head = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0];
  return { name, bytes: Uint8Array.from([...head, ...new TextEncoder().encode(header), ...bytes]) };
}
const labels = (...values: number[]) => npy('labels.npy', '|u1', [values.length], Uint8Array.from(values));
const grey = npy('g.npy', '|u1', [2, 1, 2], Uint8Array.of(1, 2, 3, 4));
const text = (name: string, content: string) => ({ name, bytes: new TextEncoder().encode(content) });

describe('NumPy arrays', () => {
  it('turn planes into pixels, with labels beside', () => {
    const images = readImages([file('nchw', 'x.npy'), labels(3, 1)]);
    expect(images).toMatchObject({ name: 'x.npy', count: 2, height: 2, width: 2, channels: 3 });
    expect([...images.pixels.subarray(0, 6)]).toEqual([0, 20, 40, 5, 25, 45]);
    expect([...images.labels!]).toEqual([3, 1]);
  });

  it('turn planes of numbers that stand for themselves into those of pixels, half precision among them', () => {
    // −2, 1, 0.5 and 3 as binary16.
    const halves = npy('x.npy', '<f2', [1, 1, 2, 2], Uint8Array.of(0, 0xc0, 0, 0x3c, 0, 0x38, 0, 0x42));
    const images = readImages([halves]);
    expect(images).toMatchObject({ height: 2, width: 2, channels: 1, range: { range: 'as-is' } });
    expect([...images.pixels]).toEqual([-2, 1, 0.5, 3]);
    const chosen = readImages([halves], undefined, { pixelRange: '-2..3' });
    expect([...chosen.pixels]).toEqual([0, 153, 128, 255]);
  });

  it('of an archive: the test set, floats of any byte order, labels of 64 bits', () => {
    const images = readImages([file('npz', 'mnist.npz')]);
    expect(images).toMatchObject({ name: 'mnist.npz', count: 2, height: 2, width: 2, channels: 3 });
    expect([...images.pixels]).toEqual([...readImages([file('nchw', 'x.npy')]).pixels]);
    expect([...images.labels!]).toEqual([7, 4]);
  });

  it('may lie flat in rows, as the network takes them', () => {
    const rows = npy(
      'x.npy',
      '|u1',
      [2, 6],
      Uint8Array.from({ length: 12 }, (_, index) => index),
    );
    const wanted = { classes: 10, classNames: null };
    const grey = readImages([rows, labels(3, 1)], { ...wanted, height: 2, width: 3, channels: 1 });
    expect(grey).toMatchObject({ count: 2, height: 2, width: 3, channels: 1, labels: Int32Array.of(3, 1) });
    expect([...grey.pixels]).toEqual([...Array(12).keys()]);
    const signal = readImages([rows], { ...wanted, height: 6, width: 1, channels: 1 });
    expect(signal).toMatchObject({ count: 2, height: 6, width: 1, channels: 1 });
    expect(readImages([rows], { ...wanted, height: 1, width: 2, channels: 3 })).toMatchObject({
      channels: 3,
    });
    expect(() => readImages([rows], { ...wanted, height: 9, width: 9, channels: 1 })).toThrow('found none');
    // Before a network is open, digits laid flat are squares.
    const digits = npy('x.npy', '|u1', [1, 81], new Uint8Array(81));
    expect(readImages([digits])).toMatchObject({ count: 1, height: 9, width: 9, channels: 1 });
  });

  it('may be grey, without labels, with one-hot labels or names of classes', () => {
    expect(readImages([grey])).toMatchObject({
      channels: 1,
      height: 1,
      width: 2,
      labels: null,
      classNames: null,
    });
    const hot = npy('y.npy', '|u1', [2, 3], Uint8Array.of(0, 0, 1, 1, 0, 0));
    const names = { name: 'names.txt', bytes: new TextEncoder().encode('a\nb\nc\n') };
    const images = readImages([grey, hot, names]);
    expect([...images.labels!]).toEqual([2, 0]);
    expect(images.classNames).toEqual(['a', 'b', 'c']);
  });

  it('are refused with a sentence where they cannot be images', () => {
    const good = file('nchw', 'x.npy');
    const cut = { name: 'cut.npy', bytes: good.bytes.subarray(0, good.bytes.length - 1) };
    expect(() => readImages([cut])).toThrow(
      /^cut\.npy: expected 24 bytes \(2×3×2×2 of u1\).* found 23 bytes/,
    );
    const header = { name: 'cut.npy', bytes: good.bytes.subarray(0, 40) };
    expect(() => readImages([header])).toThrow(/^cut\.npy: .*ends within its header/);
    expect(() => readImages([file('fortran', 'f.npy')])).toThrow(/^f\.npy: .*C order.*ascontiguousarray/);
    expect(() => readImages([file('objects', 'o.npy')])).toThrow(/^o\.npy: .*Python objects/);
    expect(() => readImages([good, labels(1, 2, 3)])).toThrow(
      /^labels\.npy: expected 2 labels for the images of x\.npy, found 3/,
    );
    expect(() => readImages([labels(1, 2)])).toThrow(
      /^labels\.npy: expected one array of images.*found none/,
    );
    const far = npy('s.npy', '<u4', [1, 1, 1], Uint8Array.of(0, 0, 0, 1));
    expect(() => readImages([far])).toThrow(
      /^s\.npy: expected pixels in one of the ranges 0\.\.1, .*found 16777216/,
    );
    const wide = npy('w.npy', '|u1', [1, 2, 2, 2], new Uint8Array(8));
    expect(() => readImages([wide])).toThrow(/^w\.npy: expected 1 or 3 channels.*1×2×2×2/);
  });

  it.each([
    [[text('x.npy', 'hello')], 'x.npy: expected a NumPy array, found other data; save it with numpy.save.'],
    [
      [grey, labels(1, 2), npy('more.npy', '|u1', [2], Uint8Array.of(3, 4))],
      'labels.npy, more.npy: expected one array of labels, found 2; leave one beside the images.',
    ],
    [
      [grey, npy('labels.npy', '|i1', [2], Uint8Array.of(3, 255))],
      'labels.npy: expected class indices from 0, found -1 at image 1; save whole numbers that count the classes.',
    ],
    [
      [grey, npy('labels.npy', '<f2', [2], Uint8Array.of(0, 0x38, 0, 0))],
      'labels.npy: expected class indices from 0, found 0.5 at image 0; save whole numbers that count the classes.',
    ],
  ])('beside which or in which something else lies are refused (%#)', (files, sentence) => {
    expect(() => readImages(files)).toThrow(
      expect.objectContaining({ code: 'invalid-images', message: sentence }) as Error,
    );
  });

  it('in an archive that leads out of its folder are refused', () => {
    const archive = zipSync({ '../x.npy': file('nchw', 'x.npy').bytes });
    expect(() => readImages([{ name: 'bad.npz', bytes: archive }])).toThrow(
      /^bad\.npz: .*leads out of its folder/,
    );
  });
});

describe('CIFAR-100 binary', () => {
  const record = (coarse: number, fine: number) => {
    const bytes = new Uint8Array(3074);
    bytes.set([coarse, fine, 11]);
    bytes[2 + 1024] = 22;
    return bytes;
  };
  const two = { name: 'test.bin', bytes: Uint8Array.from([...record(4, 70), ...record(19, 99)]) };
  const wanted = { height: 32, width: 32, channels: 3, classNames: null };

  it('gives fine labels, or coarse ones to a network of 20 classes', () => {
    const images = readImages([two]);
    expect(images).toMatchObject({ count: 2, height: 32, width: 32, channels: 3 });
    expect([...images.pixels.subarray(0, 4)]).toEqual([11, 22, 0, 0]);
    expect([...images.labels!]).toEqual([70, 99]);
    expect([...readImages([two], { ...wanted, classes: 20 }).labels!]).toEqual([4, 19]);
  });

  it('is refused with a sentence where it is damaged', () => {
    const named = (bytes: Uint8Array) => [{ name: 'cifar100.bin', bytes }];
    expect(() => readImages(named(two.bytes.subarray(1)))).toThrow(
      /records of 3,074 bytes.*1 × 3,074 and 3,073 bytes/,
    );
    expect(() => readImages(named(record(20, 5)))).toThrow(/found 20 and 5 at image 0/);
    expect(() => readImages(named(new Uint8Array(0)))).toThrow(
      /^cifar100\.bin: expected CIFAR-100 records, found an empty file; download it again\.$/,
    );
  });
});
