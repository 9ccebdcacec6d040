import { fail } from '../../network/failure';
import type { Shape } from '../../network/graph';
import type { ImageSet } from '../../network/images';
import { inputImage } from '../../network/inputImage';
import { shapeText } from '../../network/extents';

/**
 * Requires that a network can be run and judged on images: there are some, they have the size of its input,
 * and their labels are among its classes.
 *
 * @param inputShape of the network's input, read as {@link inputImage} says
 * @param classes number of the network's class scores
 * @throws FailureError `images-do-not-fit` (or `invalid-images` where there are none) with one sentence
 */
export function checkImagesFit(images: ImageSet, inputShape: Shape, classes: number): void {
  const { name, count, height, width, channels, labels } = images;
  if (count === 0)
    fail('invalid-images', `${name}: expected at least one image, found none; open a set that has some.`);
  const size = `${height}×${width}×${channels}`;
  const wanted = inputImage(inputShape);
  if (height !== wanted?.height || width !== wanted.width || channels !== wanted.channels) {
    fail(
      'images-do-not-fit',
      `${name}: images are ${size}, the network expects ${inputText(inputShape)}; open images of that size, or pictures, which are fitted.`,
    );
  }
  if (labels && labels.length !== count) {
    fail(
      'invalid-images',
      `${name}: expected ${count} labels, one per image, found ${labels.length}; open images and labels of one set.`,
    );
  }
  const wrong = labels?.findIndex((label) => label < 0 || label >= classes) ?? -1;
  if (labels && wrong >= 0) {
    const expected = `expected labels from 0 to ${classes - 1} for the network's ${classes} classes`;
    fail(
      'images-do-not-fit',
      `${name}: ${expected}, found ${labels[wrong]} at image ${wrong}; open the images that the network was trained for, or add a table of names and indices.`,
    );
  }
}

function inputText(shape: Shape): string {
  const image = inputImage(shape);
  if (shape.length === 3 || !image) return shapeText(shape);
  const form =
    shape.length === 1 ? `a vector of ${shape[0]} numbers` : `${shapeText(shape)} without channels`;
  return `${form}, read as ${image.height}×${image.width} in grey`;
}
