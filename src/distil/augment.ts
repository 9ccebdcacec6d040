import type { DrawnImage } from './schedule';

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
  images: readonly DrawnImage[],
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
