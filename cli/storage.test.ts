import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Holding } from '../src/network/holding';
import { readNetwork } from '../src/formats/models';
import { encHere } from './testing';
import { isToday } from '../scripts/ofToday';

const folder = mkdtempSync(join(tmpdir(), 'enc-storage-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Compressed {
  readonly bytes: number;
  readonly recipe: string;
  readonly storage?: {
    readonly rounding: string | null;
    readonly range: string | null;
    readonly divergence: number;
  };
  readonly repair?: object;
  readonly comparison: { readonly runtime: object };
  readonly after: { readonly top1: number; readonly images: number } | null;
}

const sample = 'sample:residual';
const images = ['--data', sample, '--images', '80'];
const to = (name: string) => join(folder, name);
const compress = (name: string, ...args: string[]) =>
  encHere<Compressed>('compress', sample, '--target', '0.5', '--out', to(name), ...args);

async function metadataOf(name: string) {
  return (await readNetwork([{ name, bytes: readFileSync(to(name)) }])).metadata;
}

describe('enc compress with fewer bits', () => {
  it('writes float16 and int8 weights that answer the same, in a half and a quarter of the bytes', async () => {
    const plain = await compress('plain.onnx', ...images);
    const half = await compress('half.onnx', '--weights', 'float16', ...images);
    const calibrated = ['--calibration', sample, '--calibration-images', '32'];
    const byte = await compress('byte.onnx', '--weights', 'int8', ...images, ...calibrated);
    expect(half.bytes).toBeLessThan(0.62 * plain.bytes);
    expect(byte.bytes).toBeLessThan(0.4 * plain.bytes);
    expect(new Set([plain.recipe, half.recipe, byte.recipe]).size).toBe(3);
    for (const { after, comparison } of [half, byte]) {
      expect(comparison.runtime).not.toHaveProperty('refusal');
      expect(Math.abs(after!.top1 - plain.after!.top1)).toBeLessThanOrEqual(0.03);
      expect(after!.images).toBe(80);
    }
    expect(half.storage).toMatchObject({ rounding: null, divergence: null });
    expect(byte.storage!.divergence).toBeLessThan(0.01);
    expect(await metadataOf('byte.onnx')).toMatchObject({ 'enc.weights': 'int8', 'enc.recipe': byte.recipe });
  });

  it.runIf(isToday(0, 3))(
    'rounds what is computed, too, over ranges from images that do not count',
    async () => {
      const asked = ['--weights', 'int8', '--activations', 'int8', '--calibration-images', '32'];
      const whole = await compress('whole.onnx', ...asked, ...images);
      expect(whole).not.toHaveProperty('repair');
      expect(whole.storage!.range).toMatch(/^(minmax|percentile-99\.99?)$/);
      expect(whole.after!.images).toBe(48);
      expect(whole.comparison.runtime).not.toHaveProperty('refusal');
      expect(await metadataOf('whole.onnx')).toMatchObject({
        'enc.weights': 'int8',
        'enc.activations': 'int8',
      });
    },
  );

  it('stores a network of which nothing is cut', async () => {
    writeFileSync(to('none.json'), '{}');
    const args = ['compress', sample, '--ranks', to('none.json'), '--weights', 'int8'];
    const { bytes, storage } = await encHere<Compressed>(...args, '--out', to('whole.onnx'));
    expect(storage).toMatchObject({ rounding: null, divergence: null });
    const network = await readNetwork([{ name: 'whole.onnx', bytes: readFileSync(to('whole.onnx')) }]);
    const weights = network.nodes.flatMap(({ operator }) =>
      operator.kind === 'conv2d' ? [operator.kernel.data.length] : [],
    );
    expect(bytes).toBeLessThan(1.6 * weights.reduce((sum, count) => sum + count, 0));
  });

  it.runIf(isToday(1, 3))(
    'stores again as the files that are read do, as far as the format holds that',
    async () => {
      await compress('once.onnx', '--weights', 'int8');
      const again = (name: string, ...args: string[]) =>
        encHere<Compressed>('compress', to('once.onnx'), '--target', '0.4', '--out', to(name), ...args);
      const { holding } = await encHere<{ readonly holding: Holding }>('inspect', to('once.onnx'));
      expect(holding).toEqual({ weights: 'int8', activations: 'float32' });
      expect((await again('again.onnx')).storage).toMatchObject({ weights: 'int8', activations: 'float32' });
      expect(await again('plain.keras')).not.toHaveProperty('storage');
      expect(await again('asked.onnx', '--weights', 'float32')).not.toHaveProperty('storage');
    },
  );

  it.runIf(isToday(2, 3))(
    'leaves rounding to runtimes of TensorFlow Lite, and to nobody in formats without it',
    async () => {
      const dynamic = { weights: 'int8', activations: 'dynamic' };
      const asked = ['--weights', 'int8', '--activations', 'dynamic'];
      const { storage, comparison } = await compress('dynamic.tflite', ...asked);
      expect(storage).toMatchObject({ ...dynamic, range: null });
      expect(comparison.runtime).not.toHaveProperty('refusal');
      const { holding } = await encHere<{ readonly holding: Holding }>('inspect', to('dynamic.tflite'));
      expect(holding).toEqual(dynamic);
      const again = (name: string, ...args: string[]) =>
        encHere<Compressed>('compress', to('dynamic.tflite'), '--target', '0.4', '--out', to(name), ...args);
      expect((await again('again.tflite')).storage).toMatchObject(dynamic);
      expect((await again('again.onnx')).storage).toMatchObject({ weights: 'int8', activations: 'float32' });
      await expect(compress('refused.onnx', ...asked)).rejects.toThrow(
        /^ONNX: expected activations in float32 or int8, found dynamic; choose one of these, or TensorFlow Lite\.$/,
      );
    },
  );

  it.each<[string[], RegExp]>([
    [['--weights', 'int4'], /^--weights: expected auto, float32, float16, int8, uint8, uint16, found "int4"/],
    [
      ['--activations', 'int8'],
      /^activations: expected float32, or int8 or dynamic with int8 weights, found int8 with float32 weights/,
    ],
    [
      ['--weights', 'int8', '--activations', 'int8'],
      /^--activations: expected --calibration or --data, found neither/,
    ],
  ])('refuses %j', async (args, sentence) => {
    await expect(compress('refused.onnx', ...args)).rejects.toThrow(sentence);
  });

  it('refuses what a format does not hold before anything takes long', async () => {
    const levels = ['--weights', 'int8', '--activations', 'int8'];
    await expect(compress('refused.caffemodel', '--weights', 'float16')).rejects.toThrow(
      /^Caffe: expected weights in float32, found float16/,
    );
    await expect(compress('refused.caffemodel', ...levels)).rejects.toThrow(
      /^Caffe: expected weights in float32, found int8/,
    );
  });
});
