import { fail } from '../../../network/failure';
import type { Shape } from '../../../network/graph';
import type { Preprocessing } from '../../../network/images';
import type { Blob } from './blobs';
import { isData, isInTest, layersOf } from './net';
import type { LayerMessage, NetMessage } from './schema';

/** The one image (or vector) that a net reads. */
export interface CaffeInput {
  readonly name: string;
  /** NHWC without batch. */
  readonly shape: Shape;
  readonly batch: string | number;
}

/** What is known of an image's size; what is not is undefined. */
interface Size {
  readonly channels?: number | undefined;
  readonly height?: number | undefined;
  readonly width?: number | undefined;
}

/**
 * Finds a net's input: an Input layer, the `input` of older nets, or what a data layer brings in. Data layers
 * know their images only from the crop that training or testing makes, and the channels from the first
 * convolution's weights.
 *
 * @throws FailureError `unreadable-file` where there is no input, more than one, or its size is not said
 */
export function inputOf(net: NetMessage, weightsOf: (layer: string) => readonly Blob[] | null): CaffeInput {
  const [name, ...others] = net.input;
  if (name === undefined) return dataInput(net, weightsOf);
  if (others.length > 0) failCount(net.input);
  const dims = net.input_shape[0]?.dim ?? net.input_dim;
  return fixedInput(name, dims);
}

function fixedInput(name: string, [batch = 0, ...extents]: readonly number[]): CaffeInput {
  const isFixed = extents.every((extent) => extent >= 1);
  if (!isFixed || (extents.length !== 3 && extents.length !== 1)) {
    fail(
      'unreadable-file',
      `input "${name}": expected [batch, channels, height, width], found [${[batch, ...extents].join(', ')}].`,
    );
  }
  const [channels, height, width] = extents;
  const shape = height === undefined ? [channels!] : [height, width!, channels!];
  return { name, shape, batch: batch > 0 ? batch : 'N' };
}

function dataInput(net: NetMessage, weightsOf: (layer: string) => readonly Blob[] | null): CaffeInput {
  const all = layersOf(net);
  const layers = all.filter((layer) => isData(layer) && isInTest(layer));
  const [layer, ...others] = layers;
  if (!layer) return fail('unreadable-file', 'expected a layer that brings images in, found none.');
  if (others.length > 0) failCount(layers.map(({ name }) => name ?? ''));
  const name = layer.top[0] ?? layer.name ?? 'data';
  const dims = layer.input_param?.shape[0]?.dim ?? layer.dummy_data_param?.shape[0]?.dim;
  if (dims) return fixedInput(name, dims);
  const { channels, height, width } = dataSize(all, layer, weightsOf);
  if (channels && height && width) return { name, shape: [height, width, channels], batch: 'N' };
  return fail(
    'unreadable-file',
    `layer "${layer.name}" (${layer.type}): expected the size of its images, found none in the file; add input_shape or a crop_size to its transform_param.`,
  );
}

function failCount(names: readonly string[]): never {
  const listed = names.map((name) => `"${name}"`).join(', ');
  fail('unreadable-file', `expected a net with one input, found ${names.length} (${listed}).`);
}

/** What the data layers of either phase that write the same blob say about its images. */
function dataSize(
  layers: readonly LayerMessage[],
  layer: LayerMessage,
  weightsOf: (layer: string) => readonly Blob[] | null,
): Size {
  const same = layers.filter((other) => isData(other) && other.top[0] === layer.top[0]);
  const sizes = [layer, ...same].map(statedSize);
  const first = (side: keyof Size) => sizes.find((size) => size[side])?.[side];
  const channels = first('channels') ?? convolutionInputs(layers, layer.top[0] ?? '', weightsOf);
  return { channels, height: first('height'), width: first('width') };
}

function statedSize(layer: LayerMessage): Size {
  const { transform_param: transform, memory_data_param: memory, image_data_param: image } = layer;
  const dummy = layer.dummy_data_param;
  const crop = transform?.crop_size || image?.crop_size || layer.data_param?.crop_size || undefined;
  const means = transform?.mean_value.length ?? 0;
  const colours = transform?.force_gray ? 1 : transform?.force_color || means > 1 ? 3 : undefined;
  return {
    channels: memory?.channels ?? dummy?.channels[0] ?? colours,
    height: crop ?? memory?.height ?? dummy?.height[0] ?? image?.new_height,
    width: crop ?? memory?.width ?? dummy?.width[0] ?? image?.new_width,
  };
}

/** Input channels of the convolution that reads a blob. */
function convolutionInputs(
  layers: readonly LayerMessage[],
  blob: string,
  weightsOf: (layer: string) => readonly Blob[] | null,
): number | undefined {
  const reader = layers.find(({ type, bottom }) => type === 'Convolution' && bottom[0] === blob);
  const perGroup = reader && weightsOf(reader.name ?? '')?.[0]?.dims[1];
  return perGroup === undefined ? undefined : perGroup * (reader?.convolution_param?.group ?? 1);
}

/**
 * What a net's data layer does to pixels, x = (pixel − mean) · scale, where it says so. A file of means is
 * not looked for. Caffe reads images as BGR, but data sets that carry no image files (CIFAR, MNIST) keep their
 * own order; three different means tell which: blue is the least in natural images' usual means.
 */
export function suggestedPreprocessing(net: NetMessage, channels: number): Preprocessing | null {
  const layers = layersOf(net).filter((layer) => isData(layer) && isInTest(layer));
  const transform = layers.map((layer) => layer.transform_param).find((found) => found !== undefined);
  if (!transform || transform.mean_file !== undefined) return null;
  const { mean_value: values, scale } = transform;
  if (values.length === 0 && scale === undefined) return null;
  const mean = Array.from({ length: channels }, (_, channel) => values[channel] ?? values[0] ?? 0);
  const isBgr = channels === 3 && new Set(mean).size > 1 && mean[0]! < mean[2]!;
  return {
    channels: channels === 3 ? (isBgr ? 'bgr' : 'rgb') : 'grey',
    mean,
    scale: [scale ?? 1],
  };
}
