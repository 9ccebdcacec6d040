import { fail } from '../../../network/failure';
import type { Shape } from '../../../network/graph';
import type { Preprocessing } from '../../../network/images';
import { sizedShape } from '../inputSize';
import type { ReadOptions } from '../reader';
import type { Blob } from './blobs';
import { isData, isDepthwise, isInTest, layersOf } from './net';
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
  readonly channels: number | undefined;
  readonly height: number | undefined;
  readonly width: number | undefined;
}

type WeightsOf = (layer: string) => readonly Blob[] | null;

/**
 * Finds a net's input: an Input layer, the `input` of older nets, or what a data layer brings in. Data layers
 * know their images only from the crop that training or testing makes, and the channels from the first
 * convolution's weights.
 *
 * @param options size of the images, for nets that do not say it
 * @throws FailureError `unreadable-file` where there is no input, more than one, or its size is not said
 */
export function inputOf(net: NetMessage, weightsOf: WeightsOf, options: ReadOptions): CaffeInput {
  const [name, ...others] = net.input;
  if (name === undefined) return dataInput(net, weightsOf, options);
  if (others.length > 0) failCount(net.input);
  const dims = net.input_shape[0]?.dim ?? net.input_dim;
  return fixedInput(name, dims, options);
}

/** An input whose extents the file states; height and width may be 0 or −1, for any. */
function fixedInput(name: string, dims: readonly number[], options: ReadOptions): CaffeInput {
  const [batch = 0, ...extents] = dims;
  const [channels = 0, height, width] = extents;
  const isImage = extents.length === 3;
  const isFixed = isImage ? channels >= 1 : extents.every((extent) => extent >= 1);
  if (extents.length < 1 || extents.length > 3 || !isFixed) {
    fail(
      'unreadable-file',
      `input "${name}": expected [batch, channels, height, width], found [${dims.join(', ')}]; state these four in the prototxt.`,
    );
  }
  const known = (extent = 0) => (extent >= 1 ? extent : null);
  const shape = isImage
    ? sizedShape(
        `input "${name}"`,
        [known(height), known(width), channels],
        `[${dims.join(', ')}]`,
        options,
        'write the numbers into the prototxt',
      )
    : extents;
  return { name, shape, batch: batch > 0 ? batch : 'N' };
}

function dataInput(net: NetMessage, weightsOf: WeightsOf, options: ReadOptions): CaffeInput {
  const all = layersOf(net);
  const layers = all.filter((layer) => isData(layer) && isInTest(layer));
  const [layer, ...others] = layers;
  if (!layer)
    return fail(
      'unreadable-file',
      'expected a layer that brings images in, found none; open the deploy prototxt.',
    );
  if (others.length > 0) failCount(layers.map(({ name }) => name ?? ''));
  const name = layer.top[0] ?? layer.name ?? 'data';
  const dims = layer.input_param?.shape[0]?.dim ?? layer.dummy_data_param?.shape[0]?.dim;
  if (dims) return fixedInput(name, dims, options);
  const { channels, height = null, width = null } = dataSize(all, layer, weightsOf);
  if (!channels) return failWithoutChannels(layer);
  const place = `layer "${layer.name}" (${layer.type})`;
  const stated = `[N, ${channels}, ${height ?? '?'}, ${width ?? '?'}]`;
  const shape = sizedShape(place, [height, width, channels], stated, options, sizeAdvice(layer));
  return { name, shape, batch: 'N' };
}

const inputParameter = 'input_param { shape { dim: 1 dim: 3 dim: 224 dim: 224 } }';

/** Where a person can write the size down: an Input layer has another place for it than one that reads files. */
function sizeAdvice({ type }: LayerMessage): string {
  return `write ${type === 'Input' ? inputParameter : 'transform_param { crop_size: 224 }'} into the layer`;
}

function failWithoutChannels({ name, type }: LayerMessage): never {
  const colours = 'transform_param { force_color: true }, or force_gray,';
  const advice = `write ${type === 'Input' ? inputParameter : colours} into the layer`;
  const expected = 'expected the number of channels of its images, found none in the file';
  return fail('unreadable-file', `layer "${name}" (${type}): ${expected}; ${advice}.`);
}

function failCount(names: readonly string[]): never {
  const listed = names.map((name) => `"${name}"`).join(', ');
  fail(
    'unreadable-file',
    `expected a net with one input, found ${names.length} (${listed}); open the deploy prototxt of a classifier of images.`,
  );
}

/** What the data layers of either phase that write the same blob say about its images. */
function dataSize(layers: readonly LayerMessage[], layer: LayerMessage, weightsOf: WeightsOf): Size {
  const same = layers.filter((other) => isData(other) && other.top[0] === layer.top[0]);
  const sizes = [layer, ...same].map(statedSize);
  const first = (side: keyof Size) => sizes.find((size) => size[side])?.[side] || undefined;
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

/** Input channels of the convolution that reads a blob; layers that change nothing but its values may lie between. */
function convolutionInputs(
  layers: readonly LayerMessage[],
  blob: string,
  weightsOf: WeightsOf,
): number | undefined {
  const values = new Set([blob]);
  for (const layer of layers) {
    if (!layer.bottom.some((bottom) => values.has(bottom))) continue;
    const kernel = weightsOf(layer.name ?? '')?.[0]?.dims ?? [];
    if (isDepthwise(layer)) return kernel[0];
    if (layer.type === 'Convolution' && kernel[1] !== undefined)
      return kernel[1] * (layer.convolution_param?.group ?? 1);
    if (keepingShape.has(layer.type ?? '')) for (const top of layer.top) values.add(top);
  }
  return undefined;
}

const keepingShape: ReadonlySet<string> = new Set([
  ...['BatchNorm', 'Scale', 'Bias', 'Power', 'Dropout', 'Split', 'LRN', 'MVN', 'Pooling'],
]);

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
