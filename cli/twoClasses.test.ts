import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referencePath } from '../scripts/reference';
import type { Conv2d, Network, Operator } from '../src/network/graph';
import {
  activation,
  chainOf,
  evenPadding,
  randomConvolution,
  seededNumbers,
  square,
} from '../src/network/testing/builders';
import type { ExportedNetwork } from '../workers/protocol/export';
import { greyPictures, writtenNetwork } from './testFiles';
import { encHere } from './testing';

const folder = mkdtempSync(join(tmpdir(), 'enc-two-'));
afterAll(() => rmSync(folder, { recursive: true }));

const reference = referencePath('cases/one-sigmoid-output/binary.onnx');
const endings: Readonly<Record<string, readonly Operator[]>> = {
  sigmoid: [activation('sigmoid')],
  logit: [],
  hardSigmoid: [activation('hardSigmoid', 0.2, 0.5)],
};

/** A convolution that passes every channel on; a little noise gives its kernel every rank. */
function passingOn(inputs: number, outputs: number): Conv2d {
  const kernel = { kernel: square(3), padding: evenPadding(1), bias: false };
  const own = randomConvolution(seededNumbers(2), { ...kernel, inputs, outputs });
  own.kernel.data.forEach((value, index) => (own.kernel.data[index] = value * 1e-3));
  for (let c = 0; c < Math.min(inputs, outputs); c++) own.kernel.data[(4 * inputs + c) * outputs + c] = 1;
  return own;
}

/** One score for a picture of 8×8: positive where it is brighter than half. */
function brightness(ending: readonly Operator[]): Network {
  const weights = { shape: [8, 1], data: Float32Array.of(2, 2, 2, 0, 0, 0, 0, 0) };
  return chainOf(
    [8, 8, 3],
    [
      passingOn(3, 8),
      activation('relu'),
      passingOn(8, 8),
      { kind: 'globalPool', reduce: 'average', keepDimensions: false },
      { kind: 'dense', weights, bias: Float32Array.of(-3) },
      ...ending,
    ],
  );
}

interface Written {
  readonly comparison: ExportedNetwork['comparison'];
  readonly before: { readonly top1: number } | null;
}

describe('a network with one score', () => {
  it.skipIf(!reference)('is inspected and written (skipped without ../shared/reference)', async () => {
    const out = join(folder, 'reference.onnx');
    const { comparison } = await encHere<Written>('compress', reference!, '--target', '0.5', '--out', out);
    expect(comparison.runtime).toMatchObject({ images: 8 });
  });

  let pictures: string;
  beforeAll(async () => {
    pictures = await greyPictures(join(folder, 'pictures'), 8, {
      bright: [255, 230, 200, 180, 160, 140, 20],
      dark: [0, 20, 40, 60, 80, 100],
    });
  });

  describe.each(Object.keys(endings))('at its end: %s', (name) => {
    let model: string;
    beforeAll(async () => {
      model = await writtenNetwork(join(folder, `${name}.onnx`), brightness(endings[name]!));
    });

    it('answers the second of two classes from a threshold of 0.5 on', async () => {
      // Folders in alphabetical order: bright is the first class, and the network says the second for bright ones.
      const { top1, images } = await encHere<{ top1: number; images: number }>(
        ...['evaluate', model, '--data', pictures],
      );
      expect([Math.round(top1 * images), images]).toEqual([1, 13]);
    });

    // Whatever ends it is written, repaired and measured alike.
    if (name === 'hardSigmoid') return;

    it('is compressed, repaired and measured', async () => {
      const { comparison, before } = await encHere<Written>(
        ...['compress', model, '--target', '0.6', '--include', 'conv2d0', '--data', pictures],
        ...['--repair', '--calibration', pictures, '--calibration-images', '12'],
        ...['--out', join(folder, `small-${name}.keras`)],
      );
      expect(before!.top1).toBeCloseTo(1 / 13, 5);
      expect(comparison.largestDifference).toBeLessThan(1e-5);
    });

    if (name !== 'sigmoid') return;

    it('has curves of divergence', async () => {
      const { layers } = await encHere<{ layers: { points: { divergence: number }[] }[] }>(
        ...['curves', model, '--metric', 'divergence', '--data', pictures, '--include', 'conv2d0'],
      );
      const distances = layers.flatMap(({ points }) => points.map(({ divergence }) => divergence));
      expect(distances.length).toBeGreaterThan(1);
      for (const distance of distances) expect(distance).toBeGreaterThanOrEqual(0);
    });
  });
});
