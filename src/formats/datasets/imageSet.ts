import { fail } from '../../network/failure';
import type { ImageSet } from '../../network/images';

/** More classes than any network tells apart: ImageNet's largest edition has 21,841. */
export const maxClasses = 100_000;

const whole = (value: number) => Number.isSafeInteger(value) && value >= 1;
const readable = (value: number) => value.toLocaleString('en-US');

/**
 * Requires that a set is one of images, whatever its files said: at least one, sides of at least a pixel, as many
 * pixels as that makes, and a class for each or for none. Every reader's answer goes through here.
 *
 * @throws FailureError `invalid-images`
 */
export function requireImageSet(images: ImageSet): ImageSet {
  const { name, count, height, width, channels, pixels, labels, classNames } = images;
  if (![count, height, width, channels].every(whole))
    fail(
      'invalid-images',
      `${name}: expected at least one image of at least one pixel, found ${count} of ${height}×${width}×${channels}; save the images again.`,
    );
  const expected = count * height * width * channels;
  if (pixels.length !== expected)
    fail(
      'invalid-images',
      `${name}: expected ${readable(expected)} values of pixels, found ${readable(pixels.length)}; save the images again.`,
    );
  if (labels) requireLabels(name, labels, count);
  if (classNames && classNames.length > maxClasses)
    fail(
      'invalid-images',
      `${name}: expected at most ${readable(maxClasses)} classes, found ${readable(classNames.length)} names; open a list of the network's classes.`,
    );
  return images;
}

function requireLabels(name: string, labels: Int32Array, count: number): void {
  if (labels.length !== count)
    fail(
      'invalid-images',
      `${name}: expected a label for each of ${readable(count)} images, found ${readable(labels.length)}; open images and labels of one set.`,
    );
  const wrong = labels.findIndex((label) => label < 0 || label >= maxClasses);
  if (wrong >= 0)
    fail(
      'invalid-images',
      `${name}: expected labels from 0 to ${readable(maxClasses - 1)}, found ${readable(labels[wrong]!)} at image ${wrong}; give every image the index of its class.`,
    );
}
