import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { referencePath } from '../../../../scripts/reference';
import { networkCost } from '../../../network/cost';
import type { Network } from '../../../network/graph';
import type { ImageSet } from '../../../network/images';
import { unsupportedNodes, validateNetwork } from '../../../network/validate';
import { readImages } from '../../datasets';
import { sizeOf } from '../../../network/shapes';
import { fixtureInput, runReferenceBatch } from '../../testing/fixtures';
import { largestDifference, toChannelsFirst } from '../../testing/layout';
import { runOnnxRuntime } from '../../testing/onnxRuntime';
import { readNetwork } from '..';
import { readOnnx } from './read';
import { writeOnnx } from './write';

/** Files of the reference collection by path inside it, or null with a skipped test where it is missing. */
function read(path: string): { readonly name: string; readonly bytes: Uint8Array } {
  return { name: path, bytes: readFileSync(referencePath(path)!) };
}

const isMissing = (...paths: readonly string[]) => paths.some((path) => referencePath(path) === null);

/** Counted by shape inference over each ONNX graph, see the collection's README. */
const graphs = [
  { path: 'res56/res56.onnx', nodes: 173, macs: 126_534_272, opset: 13, batch: 'n' },
  { path: 'models/mnist_vgg.onnx', nodes: 14, macs: 10_556_736, opset: 13, batch: 'n' },
  { path: 'models/mnist_mobile.onnx', nodes: 24, macs: 1_231_584, opset: 13, batch: 'n' },
  { path: 'models/light_bvlc_alexnet.onnx', nodes: 24, macs: 654_560_384, opset: 9, batch: 1 },
  { path: 'models/light_vgg19.onnx', nodes: 46, macs: 19_632_062_464, opset: 9, batch: 1 },
  { path: 'models/light_resnet50.onnx', nodes: 176, macs: 4_089_184_256, opset: 9, batch: 1 },
  { path: 'models/light_squeezenet.onnx', nodes: 66, macs: 349_151_936, opset: 9, batch: 1 },
] as const;

const cifar = {
  path: 'res56/res56.onnx',
  expected: 'res56/expected.json',
  images: ['cifar10/test_1000.bin'],
  prepare: (pixel: number) => (pixel - 128) * 0.0078125,
};
const mnist = {
  images: ['mnist/test3000-images-idx3-ubyte.gz', 'mnist/test3000-labels-idx1-ubyte.gz'],
  prepare: (pixel: number) => pixel / 255,
};
const trained = [
  cifar,
  { path: 'models/mnist_vgg.onnx', expected: 'models/mnist_vgg.expected.json', ...mnist },
  { path: 'models/mnist_mobile.onnx', expected: 'models/mnist_mobile.expected.json', ...mnist },
];

describe('networks of the reference collection (../shared/reference; skipped where it is missing)', () => {
  it.for(graphs)('$path is read whole', async ({ path, nodes, macs, opset, batch }, { skip }) => {
    skip(isMissing(path), `${path} is missing`);
    const network = await readNetwork([read(path)]);
    expect(network.nodes).toHaveLength(nodes);
    expect(unsupportedNodes(network)).toEqual([]);
    expect(validateNetwork(network)).toEqual([]);
    expect(networkCost(network).macs).toBe(macs);
    expect(network.source).toEqual({ format: 'onnx', opset, batch });
  });

  it.for(graphs.filter(({ path }) => !path.includes('vgg19')))(
    '$path is the same after writing',
    ({ path }, { skip }) => {
      skip(isMissing(path), `${path} is missing`);
      const network = readOnnx(read(path));
      expect(sameNetwork(readOnnx({ name: path, bytes: writeOnnx(network) }), network)).toBe(true);
    },
  );

  it.for(trained)(
    '$path, written by us, gives the expected outputs in ONNX Runtime',
    async (reference, { skip }) => {
      const { path, expected, images, prepare } = reference;
      skip(isMissing(path, expected, ...images), `${path} or its images are missing`);
      const { first16 } = JSON.parse(readFileSync(referencePath(expected)!, 'utf8')) as {
        first16: number[][];
      };
      const { values, dims } = batchOf(readImages(images.map(read)), first16.length, prepare);
      const answer = await runOnnxRuntime(writeOnnx(readOnnx(read(path))), values, dims);
      expect(answer.dims).toEqual([16, 10]);
      expect(largestDifference(answer.data, first16.flat())).toBeLessThan(1e-4);
    },
  );

  it.for(trained)('$path, read by us, gives the expected outputs in plain loops', (reference, { skip }) => {
    const { path, expected, images, prepare } = reference;
    skip(isMissing(path, expected, ...images), `${path} or its images are missing`);
    const { first16 } = JSON.parse(readFileSync(referencePath(expected)!, 'utf8')) as { first16: number[][] };
    const { values } = batchOf(readImages(images.map(read)), 1, prepare);
    const answer = runReferenceBatch(readOnnx(read(path)), values);
    expect(largestDifference(answer, first16[0]!)).toBeLessThan(1e-4);
  });
});

describe('what tf2onnx writes for Keras (../shared/reference; skipped where it is missing)', () => {
  const path = 'cases/tf2onnx-input/nhwc.onnx';

  it('is read with its images channels last, computed, and written to be fed as the original is', async ({
    skip,
  }) => {
    skip(isMissing(path), `${path} is missing`);
    const file = read(path);
    const network = await readNetwork([file]);
    expect(unsupportedNodes(network)).toEqual([]);
    expect(networkCost(network).macs).toBeGreaterThan(0);
    const dims = [2, ...network.input.shape];
    const values = fixtureInput(sizeOf(dims));
    const { data } = await runOnnxRuntime(file.bytes, values, dims);
    expect(largestDifference(runReferenceBatch(network, values), data)).toBeLessThan(1e-5);
    const written = await runOnnxRuntime(writeOnnx(network), values, dims);
    expect(largestDifference(written.data, data)).toBeLessThan(1e-5);
  });
});

/** The first images of a set, prepared, NCHW. */
function batchOf(images: ImageSet, count: number, prepare: (pixel: number) => number) {
  const { height, width, channels, pixels } = images;
  const size = height * width * channels;
  const values = new Float32Array(count * size);
  for (let index = 0; index < count; index++) {
    const image = Float32Array.from(pixels.subarray(index * size, (index + 1) * size), prepare);
    values.set(toChannelsFirst(image, channels), index * size);
  }
  return { values, dims: [count, channels, height, width] };
}

/** Equality that does not print a million weights where it fails. */
function sameNetwork(left: Network, right: Network): boolean {
  const parts = (network: Network) =>
    JSON.stringify(network, (_, value: unknown) => (value instanceof Float32Array ? checksum(value) : value));
  return parts(left) === parts(right);
}

function checksum(values: Float32Array): string {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let sum = 0;
  for (const word of bits) sum = (Math.imul(sum, 31) + word) >>> 0;
  return `${values.length}:${sum}`;
}
