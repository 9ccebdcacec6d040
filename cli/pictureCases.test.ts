import { zipSync } from 'fflate';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openImageFiles } from '../src/formats/images';
import { referencePath } from '../scripts/reference';
import { installedCodecs } from './codecs';
import { drawn, encoded } from './testPictures';
import { encHere, runEnc } from './testing';

const folder = mkdtempSync(join(tmpdir(), 'enc-pictures-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Evaluated {
  readonly top1: number;
  readonly images: number;
  readonly leftOut: readonly { readonly name: string }[];
}
const evaluated = (network: string, data: string, ...options: string[]) =>
  encHere<Evaluated>('evaluate', network, '--data', data, '--backend', 'wasm', ...options);

/** An `.npy` file of version 1. */
function npy(type: string, shape: readonly number[], values: ArrayBufferView): Uint8Array {
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }\n`;
  const { buffer, byteOffset, byteLength } = values;
  return Buffer.concat([
    Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]),
    Buffer.from(header),
    Buffer.from(buffer, byteOffset, byteLength),
  ]);
}

const overshoot = referencePath('cases/npy-overshoot/overshoot.npz');
const levels = referencePath('cases/npy-overshoot/lev12.onnx');

describe.skipIf(!overshoot || !levels)('arrays whose values reach beyond their range', () => {
  it('are read by the distribution of their values', async () => {
    expect(await evaluated(levels!, overshoot!)).toMatchObject({ top1: 1, images: 12 });
    expect(await evaluated(levels!, referencePath('cases/npy-overshoot/ok.npz')!)).toMatchObject({ top1: 1 });
  });

  it('of every range and type come to the same', async () => {
    const bytes = new Uint8Array(readFileSync(overshoot!));
    const { count, height, width, channels, labels, pixels } = await openImageFiles(
      [{ name: 'overshoot.npz', bytes }],
      installedCodecs,
    );
    const shape = [count, height, width, channels];
    const shares = Float64Array.from(pixels, (value) => value / 255);
    // Every hundredth value lies a little beyond, as after resizing.
    const beyond = shares.map((value, at) => (at % 100 === 0 ? value * 1.04 + 0.01 : value));
    const kinds: readonly (readonly [string, ArrayBufferView, string?])[] = [
      ['<f8', beyond],
      ['<f4', Float32Array.from(beyond, (value) => 255 * value)],
      ['<u2', Uint16Array.from(shares, (value) => 65_535 * value)],
      ['<i4', Int32Array.from(beyond, (value) => 255 * value)],
      ['<f4', Float32Array.from(beyond, (value) => 2 * value - 1)],
      // Standardised: nothing but the numbers themselves says more, unless their ends are known.
      ['<f8', shares.map((value) => (value - 0.5) / 0.25), '-2..2'],
    ];
    for (const [index, [type, values, pixelRange]] of kinds.entries()) {
      const file = { name: 'x.npy', bytes: npy(type, shape, values) };
      const reading = pixelRange === undefined ? {} : { pixelRange };
      const read = await openImageFiles([file], installedCodecs, undefined, reading);
      const differences = pixels.map((value, at) => Math.abs(value - read.pixels[at]!));
      expect(Math.max(...differences.filter((_, at) => at % 100 !== 0)), `${index}: ${type}`).toBeLessThan(2);
    }
    const path = join(folder, 'signed.npz');
    const arrays = { 'x.npy': npy('<f4', shape, kinds[4]![1]), 'y.npy': npy('<i4', [count], labels!) };
    writeFileSync(path, zipSync(arrays));
    expect(await evaluated(levels!, path, '--preprocess', 'zero-to-one')).toMatchObject({ top1: 1 });
  });

  it('are read in the range that a person says, wrong as it may be', async () => {
    const wrong = await evaluated(levels!, overshoot!, '--pixel-range', '0..255');
    expect(wrong.top1).toBeCloseTo(1 / 12, 9);
    await expect(evaluated(levels!, overshoot!, '--pixel-range', '1..0')).rejects.toThrow(
      '--pixel-range: expected auto, 0..1, 0..255, -1..1, as-is, found "1..0"; choose one of these.',
    );
  });
});

const rgb = referencePath('cases/pictures-called-damaged/rgb.onnx');
const pictures = (name: string) => referencePath(`cases/pictures-called-damaged/${name}`)!;
const evaluateText = (data: string) => runEnc('evaluate', rgb!, '--data', data, '--backend', 'wasm');

describe.skipIf(!rgb)('pictures that people really have', () => {
  it('are read in CMYK, and the first frame of animations, which is said', async () => {
    expect(await evaluated(rgb!, pictures('cmyk'))).toMatchObject({ top1: 1, images: 3, leftOut: [] });
    const animated = await evaluated(rgb!, pictures('animated'));
    expect(animated).toMatchObject({ top1: 1, images: 3 });
  });

  it('are refused where none is whole, by name, and nothing else is said', async () => {
    const { status, stdout, stderr } = await evaluateText(pictures('truncated'));
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^truncated\/blue\/a\.jpg: expected a whole JPEG picture, but its data ends early; .*\n$/,
    );
  });

  it('are counted and named where they are left out, among files of other kinds', async () => {
    const set = join(folder, 'set');
    const classes = { blue: [0, 0, 255], green: [0, 255, 0], red: [255, 0, 0] };
    for (const [name, colour] of Object.entries(classes)) {
      mkdirSync(join(set, name), { recursive: true });
      const picture = drawn(8, 8, () => colour);
      const jpeg = await encoded('jpeg', picture);
      writeFileSync(join(set, name, 'whole.jpg'), jpeg);
      writeFileSync(join(set, name, 'cut.jpg'), jpeg.subarray(0, jpeg.length - 9));
      const ppm = [...Buffer.from('P6 8 8 255\n'), ...Array.from({ length: 64 }, () => colour).flat()];
      writeFileSync(join(set, name, 'beside.ppm'), Uint8Array.from(ppm));
    }
    writeFileSync(join(set, 'notes.md'), 'taken in spring');
    writeFileSync(join(set, 'red', 'model.heic'), '\0\0\0\x18ftypheic');
    const answer = await evaluated(rgb!, set);
    expect(answer).toMatchObject({ top1: 1, images: 6 });
    expect(answer.leftOut.map(({ name }) => name)).toEqual([
      ...['set/blue/cut.jpg', 'set/green/cut.jpg', 'set/red/cut.jpg', 'set/red/model.heic', 'set/notes.md'],
    ]);
    const { stdout, stderr } = await evaluateText(set);
    expect(stdout).toMatch(/Left out +5 files \(set\/blue\/cut\.jpg, .*: expected a whole JPEG picture/);
    expect(stderr).toBe('');
  });
});
