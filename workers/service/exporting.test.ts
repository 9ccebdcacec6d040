import { beforeAll, describe, expect, it } from 'vitest';
import { loadLiteRtProgram } from '../../cli/liteRtProgram';
import { startNodeBackend } from '../../src/engine/testing/nodeBackend';
import { writers } from '../../src/formats/models/writers';
import type { Network } from '../../src/network/graph';
import {
  chainOf,
  evenPadding,
  randomConvolution,
  randomDense,
  seededNumbers,
  square,
} from '../../src/network/testing/builders';
import { exportAndCompare } from './exporting';
import { noiseImages } from './noiseImages';

/** A small classifier; a weight of its last layer is replaced where one is given. */
function classifier(weight?: number): Network {
  const numbers = seededNumbers(5);
  const dense = randomDense(numbers, 96, 4);
  if (weight !== undefined) dense.weights.data[0] = weight;
  return chainOf(
    [6, 4, 3],
    [
      randomConvolution(numbers, { kernel: square(3), padding: evenPadding(1), inputs: 3, outputs: 4 }),
      { kind: 'flatten', order: 'chw' },
      dense,
    ],
  );
}

const firstTwo = { kind: 'slice', axis: 0, start: 0, end: 2, step: 1 } as const;

/** The same with greater or smaller scores. */
function scaled(size: number): Network {
  const network = classifier();
  const nodes = network.nodes.map((node) => {
    const { operator } = node;
    if (operator.kind !== 'dense') return node;
    const by = (data: Float32Array) => data.map((value) => value * size);
    const weights = { ...operator.weights, data: by(operator.weights.data) };
    return { ...node, operator: { ...operator, weights, bias: operator.bias && by(operator.bias) } };
  });
  return { ...network, nodes };
}

const exported = (network: Network, format: string) =>
  exportAndCompare(network, { format }, noiseImages(network.input.shape), () => false, loadLiteRtProgram);

describe('a written file', () => {
  beforeAll(() => startNodeBackend('wasm'));

  it('is run by ONNX Runtime where it is ONNX', async () => {
    const { comparison } = await exported(classifier(), 'onnx');
    expect(comparison.images).toBe(8);
    expect(comparison.largestDifference).toBeLessThan(1e-4);
    expect(comparison.runtime).toMatchObject({ name: expect.stringMatching(/^ONNX Runtime \d/), images: 8 });
  });

  it('is run by LiteRT where it is of TensorFlow Lite, one image at a time or as many as it fixes', async () => {
    for (const batch of ['N', 3]) {
      const network = classifier();
      const { comparison } = await exported({ ...network, source: { ...network.source, batch } }, 'tflite');
      expect(comparison.runtime).toMatchObject({ name: expect.stringMatching(/^LiteRT \d/), images: 8 });
      expect(comparison.runtime).toHaveProperty('largestDifference');
    }
  });

  it.each(['keras', 'caffe'] as const)('is read back alone where it is %s', async (format) => {
    const { comparison } = await exported(classifier(), format);
    expect(comparison.largestDifference).toBeLessThan(1e-4);
    expect(comparison.runtime).toBeNull();
  });

  it('is discarded where its scores cannot be told to agree', async () => {
    await expect(exported(classifier(NaN), 'onnx')).rejects.toThrow(
      /^The written file was discarded: on 8 of 8 images its scores when read back differ .* more than rounding explains/,
    );
  });

  it.each(['onnx', 'keras', 'caffe'])('may have scores of any size as %s', async (format) => {
    for (const size of [1e-4, 1e5]) {
      const { comparison } = await exported(scaled(size), format);
      expect(comparison.largestScore).toBeGreaterThan(size / 10);
      expect(comparison.largestDifference).toBeLessThan(1e-4 * comparison.largestScore);
    }
  });

  it.each<[string, (network: Network) => Network, string]>([
    [
      'fewer-macs',
      () => chainOf([6, 4, 3], [{ kind: 'flatten', order: 'chw' }, randomDense(seededNumbers(5), 72, 4)]),
      'expected 2976 MACs as planned, found 288 when reading it back',
    ],
    [
      'two-classes',
      (network) => chainOf([6, 4, 3], [...network.nodes.map(({ operator }) => operator), firstTwo]),
      'expected 32 scores of the network in memory, found 16 when read back',
    ],
  ])('is discarded where an added writer writes another network (%s)', async (id, other, problem) => {
    const onnx = writers.find('onnx')!;
    const remove = writers.add({ ...onnx, id, write: (network) => onnx.write(other(network)) });
    await expect(exported(classifier(), id)).rejects.toThrow(
      `The written file was discarded: ${problem}; choose another format.`,
    );
    remove();
  });

  it.each([1, 3, 20])('is run by ONNX Runtime where it fixes a batch of %d', async (batch) => {
    const network = classifier();
    const { comparison } = await exported({ ...network, source: { ...network.source, batch } }, 'onnx');
    expect(comparison.runtime).toMatchObject({ images: 8, largestDifference: expect.any(Number) });
  });
});
