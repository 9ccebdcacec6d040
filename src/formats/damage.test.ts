import { readFileSync } from 'node:fs';
import { gzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { installedCodecs } from '../../cli/codecs';
import { referencePath } from '../../scripts/reference';
import { randomPictures } from '../../workers/testing/tinyStudio';
import { smallResidualNetwork } from '../network/testing/builders';
import { unsupportedNodes } from '../network/validate';
import { openImageFiles } from './images';
import { readNetwork, writeNetwork } from './models';
import { operatorsWithAttributes } from './models/onnx/attributes';
import { converters } from './models/onnx/operators';
import { floats, integer, list, node, read } from './models/onnx/testing/building';
import { caffeChain, layersModel, textFile } from './testing/hostile';
import { sentenceOf } from './testing/sentences';

/** The same bytes with one bit changed. */
function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[at]! ^= 1;
  return changed;
}

describe('checksums', () => {
  const pictures = randomPictures(4, 8, 8);
  const stored = { level: 0 } as const;

  it('of gzip, zip and Keras archives are compared', async () => {
    const gzip = gzipSync(pictures.bytes, stored);
    const open = (name: string, bytes: Uint8Array) => openImageFiles([{ name, bytes }], installedCodecs);
    expect((await open('a.npy.gz', gzip)).count).toBe(4);
    expect(await sentenceOf(() => open('a.npy.gz', flipped(gzip, gzip.length - 100)))).toBe(
      'a.npy.gz: expected gzip data, but they are cut off or damaged; download the file again.',
    );
    for (const [name, entry] of [
      ['a.zip', 'data/random.npy'],
      ['a.npz', 'random.npy'],
    ] as const) {
      const zip = zipSync({ [entry]: pictures.bytes }, stored);
      expect((await open(name, zip)).count).toBe(4);
      expect(await sentenceOf(() => open(name, flipped(zip, zip.length >> 1)))).toBe(
        `${name}: expected a zip archive, but it is damaged (the entry "${entry}" has another checksum than the archive states); copy it again.`,
      );
    }
    const [keras] = await writeNetwork(smallResidualNetwork(), 'keras');
    const changed = { ...keras!, bytes: flipped(keras!.bytes, keras!.bytes.length >> 1) };
    expect(await sentenceOf(() => readNetwork([changed]))).toMatch(
      /another checksum than the archive states/,
    );
  });
});

describe('pictures', () => {
  const jpeg = new Uint8Array(readFileSync(new URL('./pictures/fixtures/progressive.jpg', import.meta.url)));
  const whole = { name: 'whole.jpg', bytes: jpeg };
  const leftOut = async (bytes: Uint8Array) => {
    const set = await openImageFiles([whole, { name: 'x.jpg', bytes }], installedCodecs);
    return set.leftOut?.map(({ name, reason }) => `${name}: ${reason}`) ?? [];
  };
  const end = [0xff, 0xd9];
  const damaged = 'x.jpg: expected a JPEG picture, but it is damaged; replace it or leave it out.';

  it.each([0.2, 0.5, 0.9])('that are cut off in a scan and ended are left out: at %f', async (share) => {
    const baseline = readFileSync(new URL('./pictures/fixtures/baseline.jpg', import.meta.url));
    const scan = 16 + baseline.findIndex((byte, at) => byte === 0xff && baseline[at + 1] === 0xda);
    const left = scan + Math.floor(share * (baseline.length - 2 - scan));
    const cut = Uint8Array.from([...baseline.subarray(0, left), ...end]);
    expect(await leftOut(cut)).toEqual([damaged]);
  });

  it('in GIF whose codes lead to themselves, or whose frame is larger, are left out', async () => {
    // Codes of 3 bits: clear, 0, 7, which is not known yet, 0; then 7 of 4 bits, which by now stands for itself.
    const codes = [0xc4, 0x71];
    const colours = Array.from({ length: 12 }, (_, index) => 20 * index);
    const screen = [8, 0, 8, 0, 0x91, 0, 0];
    const frame = [0x2c, 0, 0, 0, 0, 8, 0, 8, 0, 0, 2, codes.length, ...codes, 0, 0x3b];
    const head = [...'GIF89a'].map((letter) => letter.charCodeAt(0));
    const damagedGif = ['x.jpg: expected a GIF picture, but it is damaged; replace it or leave it out.'];
    expect(await leftOut(Uint8Array.from([...head, ...screen, ...colours, ...frame]))).toEqual(damagedGif);
    // 32,767×65,535 in a picture of 8×8.
    const large = frame.with(6, 0x7f).with(5, 0xff).with(7, 0xff).with(8, 0xff);
    expect(await leftOut(Uint8Array.from([...head, ...screen, ...colours, ...large]))).toEqual(damagedGif);
  });

  it('of very many scans are left out before they are decoded', async () => {
    const scan = jpeg.findIndex((byte, at) => byte === 0xff && jpeg[at + 1] === 0xda);
    const body = jpeg.subarray(scan, jpeg.length - 2);
    const scans = Array.from({ length: 400 }, () => [...body]).flat();
    const [sentence] = await leftOut(Uint8Array.from([...jpeg.subarray(0, scan), ...scans, ...end]));
    expect(sentence).toMatch(
      /^x\.jpg: expected a JPEG picture of a usual kind, found one of \d{3,} scans, each of which goes over the whole picture; save it as PNG\.$/,
    );
  });

  it('of too many pixels together are refused by their headers', async () => {
    // A header that states 10,000×10,000, and nothing behind it.
    const header = Uint8Array.from([
      ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52],
      ...[0, 0, 0x27, 0x10, 0, 0, 0x27, 0x10, 8, 2, 0, 0, 0],
    ]);
    const files = Array.from({ length: 201 }, (_, index) => ({ name: `p/${index}.png`, bytes: header }));
    expect(await sentenceOf(() => openImageFiles(files, installedCodecs))).toBe(
      'p: expected pictures of at most 20,000 million pixels together, found 20,100 million; make them smaller, or open fewer.',
    );
  });
});

describe('what no format knows is no default', () => {
  const convolution = (...attributes: Parameters<typeof node>[2] & object) =>
    unsupportedNodes(
      read({ nodes: [node('Conv', ['x', 'w'], attributes)], initializers: [floats('w', [2, 4, 3, 3])] }),
    ).map(({ message }) => message);

  it('in attributes of ONNX', () => {
    expect(convolution(list('kernel_shape', [3, 3]))).toEqual([]);
    expect(convolution(list('stridez', [2, 2]))).toEqual([
      expect.stringContaining('it has an attribute "stridez", which no operator set gives it.'),
    ]);
    expect(convolution(integer('groups', 2))[0]).toContain('it has an attribute "groups"');
    expect(convolution(list('kernel_shape', [5, 5]))[0]).toContain(
      'its kernel_shape is 5×5, its kernel 3×3.',
    );
    expect([...converters.keys()].filter((name) => !operatorsWithAttributes.has(name))).toEqual([]);
  });

  it('nor one of two values of one name', () => {
    const weights = floats('w', [2, 4, 3, 3]);
    const nodes = [node('Conv', ['x', 'w'])];
    expect(() => read({ nodes, initializers: [weights, weights] })).toThrow(
      'expected every value to be given once, found "w" as an initializer twice; export the network again.',
    );
    const written = [node('Relu', ['x'], [], ['w']), node('Relu', ['w'])];
    expect(() => read({ nodes: written, initializers: [weights] })).toThrow(
      'found "w" as an initializer and as an output of a node; export the network again.',
    );
  });

  it.each(['convolution_param { strid: 2 }', 'pooling_param { kernel: 2 }', 'lrn_param { local: 5 }'])(
    'in the settings of Caffe: %s',
    async (settings) => {
      const [prototxt, weights] = caffeChain(1, true, `layer { name: "c" type: "ReLU" ${settings} }`);
      const [, name, field] = /^(\w+) \{ (\w+)/.exec(settings)!;
      expect(await sentenceOf(() => readNetwork([prototxt!, weights!]))).toContain(
        `line 2: expected a field that "${name}" has, found "${field}"; mend that line or export the net again.`,
      );
    },
  );

  it.each(['NaN', 'Infinity', '-Infinity'])('in settings that are %s', async (value) => {
    const layers = [
      { class_name: 'InputLayer', config: { name: 'in', batch_input_shape: [null, 4] } },
      { class_name: 'LeakyReLU', config: { name: 'r', alpha: 12345 } },
    ];
    const model = layersModel({ class_name: 'Sequential', config: { name: 's', layers } });
    const text = new TextDecoder().decode(model.bytes).replace('12345', value);
    const network = await readNetwork([textFile('model.json', text)]);
    expect(unsupportedNodes(network)[0]?.message).toContain(`its alpha is "${value}", expected a number.`);
  });

  const virtual = referencePath('cases/h5-virtual-dataset/m.h5');
  it.skipIf(virtual === null)('in HDF5 files whose numbers lie elsewhere', async () => {
    const file = { name: 'm.h5', bytes: new Uint8Array(readFileSync(virtual!)) };
    expect(await sentenceOf(() => readNetwork([file]))).toMatch(
      /^m\.h5: "[^"]+": expected numbers in this file, found them in another one, ".*"; save the network in one HDF5 file\.$/,
    );
  });
});
