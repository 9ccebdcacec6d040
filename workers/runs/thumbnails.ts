import { thumbnailsKind } from '../protocol/thumbnails';
import { defineRun } from './run';

/** Copies the pixels of some images; numbers that are no pixels are spread over the bytes, image by image. */
export const thumbnailsRun = defineRun(thumbnailsKind, (context, { images, indices }) => {
  const set = context.images(images);
  const size = set.height * set.width * set.channels;
  const pixels = new Uint8Array(indices.length * size);
  indices.forEach((image, position) => {
    const own = set.pixels.subarray(image * size, (image + 1) * size);
    pixels.set(own instanceof Uint8Array ? own : spread(own), position * size);
  });
  return pixels;
});

function spread(values: Float32Array): Uint8Array {
  const min = values.reduce((least, value) => Math.min(least, value), Infinity);
  const max = values.reduce((greatest, value) => Math.max(greatest, value), -Infinity);
  const scale = max > min ? 255 / (max - min) : 0;
  return Uint8Array.from(values, (value) => Math.round((value - min) * scale));
}
