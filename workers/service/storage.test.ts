import { beforeAll, describe, expect, it } from 'vitest';
import { loadLiteRtProgram } from '../../cli/liteRtProgram';
import { holdingOf } from '../../src/network/holding';
import { startNodeBackend } from '../../src/engine/testing/nodeBackend';
import { centredRgb, noiseImages as noise } from '../../src/engine/testing/images';
import type { Storage } from '../../src/compression/steps/quantise';
import { applyPatch } from '../../src/network/patch';
import { smallResidualNetwork } from '../../src/network/testing/builders';
import { quantiseNetwork } from '../../src/quantise/quantiseNetwork';
import { readNetwork, writerOf } from '../../src/formats/models';
import { requireStorage } from '../../src/formats/models/writer';
import { exportAndCompare } from './exporting';

const network = smallResidualNetwork(4);
const images = noise(96, 12, 12);
const calibration = {
  images,
  preprocessing: centredRgb,
  indices: Uint32Array.from({ length: 64 }, (_, index) => index),
};
const compared = { ...calibration, indices: Uint32Array.from({ length: 32 }, (_, index) => 64 + index) };

async function exported(storage: Storage, format: string) {
  const request = { network, ...storage, calibration, seed: 1, pause: () => undefined };
  const { patch } = await quantiseNetwork(request);
  return exportAndCompare(applyPatch(network, patch), { format }, compared, () => false, loadLiteRtProgram);
}

describe('a network that is stored in fewer bits', () => {
  beforeAll(() => startNodeBackend('wasm'));

  it.each<[Storage, number]>([
    [{ weights: 'float16', activations: 'float32' }, 1e-4],
    [{ weights: 'int8', activations: 'float32' }, 1e-4],
    [{ weights: 'uint8', activations: 'float32' }, 1e-4],
    [{ weights: 'int8', activations: 'int8' }, 1e-2],
  ])('answers in ONNX Runtime what it does here: %j', async (storage, within) => {
    const { comparison } = await exported(storage, 'onnx');
    expect(comparison.largestDifference).toBeLessThan(1e-6);
    expect(comparison.runtime).toMatchObject({ images: 8 });
    expect(comparison.runtime).not.toHaveProperty('refusal');
    if (!('largestDifference' in comparison.runtime!)) throw new Error('no answer');
    expect(comparison.runtime.largestDifference).toBeLessThan(within);
  });
});

describe('a network whose values are rounded as it runs', () => {
  beforeAll(() => startNodeBackend('wasm'));
  const dynamic: Storage = { weights: 'int8', activations: 'dynamic' };

  it('answers in LiteRT what it does here', async () => {
    const { comparison, files } = await exported(dynamic, 'tflite');
    expect(comparison.largestDifference).toBe(0);
    expect(comparison.runtime).toMatchObject({ images: 8 });
    if (!('largestDifference' in comparison.runtime!)) throw new Error('no answer');
    expect(comparison.runtime.largestDifference).toBeLessThan(1e-4);
    const again = await readNetwork(files);
    expect(holdingOf(again)).toEqual(dynamic);
    // Stored in another way, it is rounded no more, and any format holds it.
    const request = { network: again, calibration: null, seed: 1, pause: () => undefined };
    const { patch } = await quantiseNetwork({ ...request, weights: 'float32', activations: 'float32' });
    const plain = applyPatch(again, patch);
    expect(holdingOf(plain).activations).toBe('float32');
    await expect(exportAndCompare(plain, { format: 'onnx' }, compared, () => false)).resolves.toBeTruthy();
  });
});

describe('what a format does not hold', () => {
  it.each<[string, Storage, RegExp]>([
    [
      'onnx',
      { weights: 'uint16', activations: 'float32' },
      /^ONNX: expected weights in float32, float16, int8, uint8, found uint16; choose one of these, or another format\.$/,
    ],
    [
      'caffe',
      { weights: 'int8', activations: 'float32' },
      /^Caffe: expected weights in float32, found int8;/,
    ],
    [
      'onnx',
      { weights: 'int8', activations: 'dynamic' },
      /^ONNX: expected activations in float32 or int8, found dynamic; choose one of these, or TensorFlow Lite\.$/,
    ],
    [
      'keras',
      { weights: 'float16', activations: 'dynamic' },
      /^Keras: expected activations in float32, found dynamic;/,
    ],
    [
      'tfjs',
      { weights: 'uint8', activations: 'int8' },
      /^TensorFlow\.js: expected activations in float32, found int8; leave/,
    ],
  ])('%s refuses: %j', (format, storage, sentence) => {
    expect(() => requireStorage(writerOf(format), storage)).toThrow(sentence);
  });
});
