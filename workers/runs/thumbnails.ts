import { thumbnailsKind } from '../protocol/thumbnails';
import { defineRun } from './run';

/** Copies the pixels of some images. */
export const thumbnailsRun = defineRun(thumbnailsKind, (context, { images, indices }) => {
  const set = context.images(images);
  const size = set.height * set.width * set.channels;
  const pixels = new Uint8Array(indices.length * size);
  indices.forEach((image, position) => {
    pixels.set(set.pixels.subarray(image * size, (image + 1) * size), position * size);
  });
  return pixels;
});
