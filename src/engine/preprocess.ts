import * as tf from '@tensorflow/tfjs-core';
import { fail } from '../network/failure';
import type { Shape } from '../network/graph';
import type { ImageSet, Preprocessing } from '../network/images';
import { inputImage } from '../network/inputImage';
import { shapeText } from '../network/shapes';

/** Weights of red, green and blue in brightness (Rec. 601). */
const luma = [0.299, 0.587, 0.114] as const;

/** Channels that a network with this preprocessing reads. */
function channelCount(preprocessing: Preprocessing): 1 | 3 {
  return preprocessing.channels === 'grey' ? 1 : 3;
}

/** x = (pixel − mean[c]) · scale[c], one entry per channel of the network's input. */
interface ChannelScale {
  readonly mean: readonly number[];
  readonly scale: readonly number[];
}

/**
 * Checks that images, turned into numbers, are what the network reads.
 *
 * @throws FailureError 'images-do-not-fit' or 'invalid-request' with the numbers that disagree
 */
export function assertImagesFit(input: Shape, images: ImageSet, preprocessing: Preprocessing): void {
  const found = [images.height, images.width, channelCount(preprocessing)];
  const wanted = inputImage(input);
  const expected = wanted ? [wanted.height, wanted.width, wanted.channels] : input;
  if (!wanted || expected.some((extent, axis) => extent !== found[axis])) {
    const channels = `${preprocessing.channels} channels`;
    fail(
      'images-do-not-fit',
      `The network reads ${shapeText(expected)} (height×width×channels), but "${images.name}" with ${channels} gives ${shapeText(found)}; open images of that size.`,
    );
  }
  channelScale(preprocessing);
}

function channelScale(preprocessing: Preprocessing): ChannelScale {
  const channels = channelCount(preprocessing);
  return {
    mean: perChannel('mean', preprocessing.mean, channels),
    scale: perChannel('scale', preprocessing.scale, channels),
  };
}

function perChannel(name: string, values: readonly number[], channels: number): readonly number[] {
  if (values.some((value) => !Number.isFinite(value))) {
    fail(
      'invalid-request',
      `Expected numbers as ${name} of the images, found ${values.join(', ')}; give one, or one per channel.`,
    );
  }
  if (values.length === channels) return values;
  if (values.length === 1) return Array.from({ length: channels }, () => values[0]!);
  return fail(
    'invalid-request',
    `Expected 1 or ${channels} values as ${name} of the images, found ${values.length}; give as many.`,
  );
}

/**
 * Turns images into the network's input, x = (pixel − mean[c]) · scale[c], NHWC, in float32.
 *
 * Grey from RGB is Rec. 601 luma (0.299 R + 0.587 G + 0.114 B), not rounded; RGB or BGR from grey repeats the
 * value. The result depends on nothing but its arguments.
 *
 * @param indices which images, in this order
 * @param rows batch size of the result; rows beyond the indices are zero
 * @returns [rows, height, width, channels] values
 */
export function preprocess(
  images: ImageSet,
  indices: Uint32Array,
  preprocessing: Preprocessing,
  rows = indices.length,
): Float32Array {
  const channels = channelCount(preprocessing);
  const pixels = images.height * images.width;
  const fill = fillerFor(images, preprocessing);
  const batch = new Float32Array(rows * pixels * channels);
  indices.forEach((image, row) => {
    if (image >= images.count)
      fail(
        'invalid-request',
        `Expected an image of "${images.name}", which has ${images.count}, found number ${image}; open the images again.`,
      );
    const start = image * pixels * images.channels;
    fill(
      images.pixels.subarray(start, start + pixels * images.channels),
      batch.subarray(row * pixels * channels, (row + 1) * pixels * channels),
    );
  });
  return batch;
}

/**
 * The same as a tensor that becomes the caller's.
 *
 * @param input shape of the network's input, which the images must fit
 * @returns [rows, ...input] values
 */
export function inputTensor(
  input: Shape,
  images: ImageSet,
  indices: Uint32Array,
  preprocessing: Preprocessing,
  rows = indices.length,
): tf.Tensor {
  return tf.tensor(preprocess(images, indices, preprocessing, rows), [rows, ...input]);
}

type Pixels = ImageSet['pixels'];
type Filler = (pixels: Pixels, values: Float32Array) => void;

function fillerFor(images: ImageSet, preprocessing: Preprocessing): Filler {
  const { mean, scale } = channelScale(preprocessing);
  if (preprocessing.channels === 'grey' && images.channels === 3) {
    return (pixels, values) => fillGrey(pixels, values, mean[0]!, scale[0]!);
  }
  const sources = sourceChannels(preprocessing, images.channels);
  if (images.pixels instanceof Float32Array)
    return (pixels, values) => fillFromNumbers(pixels, values, images.channels, sources, { mean, scale });
  const tables = mean.map((m, c) => Float32Array.from({ length: 256 }, (_, byte) => (byte - m) * scale[c]!));
  return (pixels, values) => fillFromTables(pixels, values, images.channels, sources, tables);
}

/** From which of the image's channels each of the network's comes. */
function sourceChannels({ channels }: Preprocessing, stored: number): readonly number[] {
  if (channels === 'grey') return [0];
  if (stored === 1) return [0, 0, 0];
  return channels === 'rgb' ? [0, 1, 2] : [2, 1, 0];
}

function fillGrey(pixels: Pixels, values: Float32Array, mean: number, scale: number): void {
  const [red, green, blue] = luma;
  for (let i = 0; i < values.length; i++) {
    const brightness = red * pixels[3 * i]! + green * pixels[3 * i + 1]! + blue * pixels[3 * i + 2]!;
    values[i] = (brightness - mean) * scale;
  }
}

/** Numbers as they stand have no table of 256 entries. */
function fillFromNumbers(
  pixels: Pixels,
  values: Float32Array,
  stored: number,
  sources: readonly number[],
  { mean, scale }: ChannelScale,
): void {
  const channels = sources.length;
  for (let c = 0; c < channels; c++) {
    for (let from = sources[c]!, to = c; to < values.length; from += stored, to += channels)
      values[to] = (pixels[from]! - mean[c]!) * scale[c]!;
  }
}

function fillFromTables(
  pixels: Pixels,
  values: Float32Array,
  stored: number,
  sources: readonly number[],
  tables: readonly Float32Array[],
): void {
  const channels = sources.length;
  for (let c = 0; c < channels; c++) {
    const table = tables[c]!;
    for (let from = sources[c]!, to = c; to < values.length; from += stored, to += channels) {
      values[to] = table[pixels[from]!]!;
    }
  }
}
