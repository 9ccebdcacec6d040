import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawn, encoded } from '../cli/testPictures';
import { writeNetwork } from '../src/formats/models';
import type { Network } from '../src/network/graph';
import {
  activation,
  chainOf,
  evenPadding,
  randomConvolution,
  randomDense,
  seededNumbers,
  square,
} from '../src/network/testing/builders';

/** A network of a few thousand MACs that reads 8×8 grey images and answers 4 classes. */
export function tinyNetwork(seed = 7): Network {
  const numbers = seededNumbers(seed);
  const convolution = (inputs: number, outputs: number, stride = 1) =>
    randomConvolution(numbers, {
      kernel: square(3),
      padding: evenPadding(1),
      inputs,
      outputs,
      stride: square(stride),
    });
  return chainOf(
    [8, 8, 1],
    [
      convolution(1, 8),
      activation('relu'),
      convolution(8, 12),
      activation('relu'),
      convolution(12, 12, 2),
      activation('relu'),
      { kind: 'globalPool', reduce: 'average', keepDimensions: false },
      randomDense(numbers, 12, 4),
    ],
  );
}

/** Thirty-two convolutions that read 32×32 grey images: each layer's curve takes a while to measure. */
export function deepNetwork(seed = 7): Network {
  const numbers = seededNumbers(seed);
  const convolution = (inputs: number) =>
    randomConvolution(numbers, { kernel: square(3), padding: evenPadding(1), inputs, outputs: 32 });
  return chainOf(
    [32, 32, 1],
    [
      convolution(1),
      ...Array.from({ length: 31 }, () => [activation('relu'), convolution(32)]).flat(),
      { kind: 'globalPool', reduce: 'average', keepDimensions: false },
      randomDense(numbers, 32, 4),
    ],
  );
}

/**
 * A network that reads 8×8 grey images, from 0 to 1, and answers how bright they are: class k is nearest to the
 * brightness (k + ½) / classes.
 */
export function levelNetwork(classes: number): Network {
  const levels = Float32Array.from({ length: classes }, (_, index) => (index + 0.5) / classes);
  // −(x − c)² without what all classes share.
  const weights = { shape: [1, classes], data: levels.map((level) => 20 * level) };
  const bias = levels.map((level) => -10 * level * level);
  return chainOf(
    [8, 8, 1],
    [
      { kind: 'globalPool', reduce: 'average', keepDimensions: false },
      { kind: 'dense', weights, bias },
    ],
  );
}

/** A grey picture as bright as one class of {@link levelNetwork}. */
export function levelPicture(index: number, classes: number): Promise<Uint8Array> {
  const value = Math.round((255 * (index + 0.5)) / classes);
  return encoded(
    'png',
    drawn(8, 8, () => [value, value, value]),
  );
}

/** Writes a network as an ONNX file. */
export async function writeOnnxFile(folder: string, name: string, network: Network): Promise<string> {
  const path = join(folder, name);
  writeFileSync(path, (await writeNetwork(network, 'onnx'))[0]!.bytes);
  return path;
}

/** Writes images of seeded noise with labels as a pair of IDX files. */
export function writeIdxFiles(
  folder: string,
  count: number,
  size: number,
  classes: number,
  seed = 3,
): [string, string] {
  const numbers = seededNumbers(seed);
  const pixels = Uint8Array.from({ length: count * size * size }, () => numbers.whole(0, 255));
  const labels = Uint8Array.from({ length: count }, () => numbers.whole(0, classes - 1));
  const images = join(folder, 'tiny-images-idx3-ubyte');
  const answers = join(folder, 'tiny-labels-idx1-ubyte');
  writeFileSync(images, idx(3, [count, size, size], pixels));
  writeFileSync(answers, idx(1, [count], labels));
  return [images, answers];
}

/** IDX: two zero bytes, 0x08 for bytes, the number of axes, each extent as big-endian 32 bits, the values. */
function idx(axes: number, extents: readonly number[], values: Uint8Array): Uint8Array {
  const head = new DataView(new ArrayBuffer(4 + 4 * axes));
  head.setUint32(0, 0x0800 + axes);
  extents.forEach((extent, axis) => head.setUint32(4 + 4 * axis, extent));
  return Buffer.concat([new Uint8Array(head.buffer), values]);
}

/** Writes bytes and gives the path. */
export function writeFile(folder: string, name: string, bytes: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}
