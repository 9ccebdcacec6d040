import type { DrawnImage, PlacedImage } from './schedule';

/**
 * Shifts and mirrors images. What a shift uncovers repeats the image's edge, so that letters keep their ground and
 * pictures their colours.
 *
 * @param values [n, height, width, channels]
 * @param images one for each, in the same order
 */
export function augmented(
  values: Float32Array,
  [height = 1, width = 1, channels = 1]: readonly number[],
  images: readonly PlacedImage[],
): Float32Array {
  const size = height * width * channels;
  const result = new Float32Array(values.length);
  const within = (at: number, extent: number) => Math.max(0, Math.min(extent - 1, at));
  images.forEach(({ down, right, isFlipped }, image) => {
    for (let y = 0; y < height; y++) {
      const line = image * size + within(y - down, height) * width * channels;
      for (let x = 0; x < width; x++) {
        const from = within(x - right, width);
        const source = line + (isFlipped ? width - 1 - from : from) * channels;
        const target = image * size + (y * width + x) * channels;
        for (let c = 0; c < channels; c++) result[target + c] = values[source + c]!;
      }
    }
  });
  return result;
}

/**
 * Blends images with others, in place: each value moves towards that of the other image by its share.
 *
 * @param values [n, ...]
 * @param others those that shine through, for the images that are blended, in their order
 */
export function blend(values: Float32Array, others: Float32Array, images: readonly DrawnImage[]): void {
  const size = values.length / images.length;
  let from = 0;
  images.forEach(({ blended }, image) => {
    if (!blended) return;
    for (let at = image * size; at < (image + 1) * size; at++, from++)
      values[at]! += blended.share * (others[from]! - values[at]!);
  });
}
