import { fail } from '../../network/failure';
import type { ImageSet } from '../../network/images';
import { inputImage, type ImageSize } from '../../network/inputImage';
import type { Reading } from '../../network/reading';
import { baseName, type NamedFile } from '../file';
import { isZip, unzipped } from '../zip';
import { listedNames } from '../../network/zipDirectory';
import { isText, namesAmong } from './classNames';
import type { ImageFormat, Wanted } from './format';
import { isNpy, readNpy, type NumpyArray } from './npy';
import { withinRange } from './pixelRange';
import { interleavePlanes } from './planes';
import { withLeftOut } from './strays';
import { subsetOf, takeSubset } from './subsets';

/**
 * NumPy arrays: images NHWC or NCHW (or N×H×W for grey, or flat in rows) in any {@link withinRange range}, and
 * beside them labels: class indices, or one row of scores per image. As `.npy` files or the entries of one `.npz`;
 * where there are several parts of a set, the one for testing counts unless a person chose another. A text file names
 * the classes.
 */
export const numpy: ImageFormat = { id: 'numpy', title: 'NumPy .npy or .npz', detect, read };

/** Archives whose entries all are arrays; nothing is unpacked to see it. */
function isNpz(file: NamedFile): boolean {
  if (!isZip(file)) return false;
  const names = listedNames(file);
  return names.length > 0 && names.every((name) => name.endsWith('.npy'));
}

function detect(files: readonly NamedFile[]): number {
  if (files.some((file) => isNpy(file) || isNpz(file))) return 1;
  return files.some(({ name }) => /\.np[yz]$/i.test(name)) ? 0.5 : 0;
}

function read(files: readonly NamedFile[], wanted?: Wanted, reading: Reading = {}): ImageSet {
  const isArrays = (file: NamedFile) => isNpy(file) || isZip(file) || /\.np[yz]$/i.test(file.name);
  const arrays = files.filter(isArrays).flatMap(arraysOf);
  const pictures = arrays.filter(({ shape }) => shape.length === 3 || shape.length === 4);
  const named = pictures.length > 0 ? pictures : arrays.filter((array) => flatSize(array, wanted) !== null);
  const set = baseName((files.find(isArrays) ?? files[0]!).name);
  const { taken, subset } = takeSubset(set, named, reading);
  const images = onlyImages(taken, files);
  const labels = labelsFor(
    images,
    arrays.filter((array) => !named.includes(array)),
  );
  const { names: classNames, leftOut } = namesAmong(files, labels);
  return {
    name: set,
    ...pixelsOf(images, reading, wanted),
    labels,
    classNames,
    subset,
    ...withLeftOut(
      files.filter((file) => !isArrays(file) && !isText(file)),
      'arrays or a list of classes',
      leftOut,
    ),
  };
}

function arraysOf(file: NamedFile): NumpyArray[] {
  if (isNpy(file)) return [readNpy(file)];
  if (!isZip(file)) {
    return fail(
      'invalid-images',
      `${file.name}: expected a NumPy array, found other data; save it with numpy.save.`,
    );
  }
  return unzipped(file).map(({ name, bytes }) => readNpy({ name: `${file.name}/${name}`, bytes }));
}

function onlyImages(found: readonly NumpyArray[], files: readonly NamedFile[]): NumpyArray {
  const [first, ...others] = found;
  if (first && others.length === 0) return first;
  const names = (first ? [first, ...others] : files).map(({ name }) => name).join(', ');
  const expected =
    'expected one array of images with 3 or 4 axes (images, height, width, channels), or flat, one a row';
  return fail(
    'invalid-images',
    `${names}: ${expected}, found ${first ? others.length + 1 : 'none'}; save the images as one array.`,
  );
}

/** The labels among arrays of one or two axes: those that share most of their name with the images'. */
function labelsFor(images: NumpyArray, others: readonly NumpyArray[]): Int32Array | null {
  if (others.length === 0) return null;
  const part = subsetOf(images.name);
  const near = others.filter(({ name }) => part !== null && subsetOf(name) === part);
  const [array, ...more] = near.length > 0 ? near : others;
  if (more.length > 0) {
    const names = [array!, ...more].map(({ name }) => name).join(', ');
    return fail(
      'invalid-images',
      `${names}: expected one array of labels, found ${more.length + 1}; leave one beside the images.`,
    );
  }
  const { name, shape, values } = array!;
  const [count = 0] = images.shape;
  const [found = 1, columns = 1] = shape;
  if (found !== count || shape.length > 2 || shape.length === 0) {
    fail(
      'invalid-images',
      `${name}: expected ${count.toLocaleString('en-US')} labels for the images of ${images.name}, found ${shape.join('×') || 'a single value'}; open images and labels of one set.`,
    );
  }
  requireOneClass(array!);
  const labels = Int32Array.from({ length: count }, (_, image) =>
    columns === 1 ? values[image]! : greatest(values, image * columns, columns),
  );
  const wrong = labels.findIndex((label, image) => label < 0 || (columns === 1 && label !== values[image]));
  if (wrong < 0) return labels;
  const label = values[wrong];
  return fail(
    'invalid-images',
    `${name}: expected class indices from 0, found ${label} at image ${wrong}; save whole numbers that count the classes.`,
  );
}

/** Rows of zeros and ones say which classes an image is of: one, where a network's classes are to be compared. */
function requireOneClass({ name, shape, values }: NumpyArray): void {
  const [count = 0, columns = 1] = shape;
  if (columns === 1 || !Array.prototype.every.call(values, (value) => value === 0 || value === 1)) return;
  for (let image = 0; image < count; image++) {
    let classes = 0;
    for (let column = 0; column < columns; column++) classes += values[image * columns + column]!;
    if (classes !== 1) {
      fail(
        'invalid-images',
        `${name}: expected one class for each image, found ${classes} of ${columns} at image ${image}; labels of several classes cannot be compared with one answer, so leave images of one class, or give no labels.`,
      );
    }
  }
}

/** Index of the greatest of some values: one-hot labels and scores alike. */
function greatest(values: ArrayLike<number>, from: number, count: number): number {
  let best = 0;
  for (let index = 1; index < count; index++) if (values[from + index]! > values[from + best]!) best = index;
  return best;
}

/** Fewer values than this in a row are classes or scores, unless the network reads so few. */
const minFlat = 64;

/** Size of the images that lie flat, one a row, as the network takes them; null where the rows are none. */
function flatSize({ shape }: NumpyArray, wanted: Wanted | undefined): ImageSize | null {
  const [, length, ...more] = shape;
  if (length === undefined || more.length > 0) return null;
  if (!wanted) return length >= minFlat ? inputImage([length]) : null;
  const { height, width, channels } = wanted;
  return length === height * width * channels && length > 1 ? { height, width, channels } : null;
}

type Pixels = Pick<ImageSet, 'count' | 'height' | 'width' | 'channels' | 'pixels' | 'range'>;

function pixelsOf(array: NumpyArray, { pixelRange }: Reading, wanted: Wanted | undefined): Pixels {
  const [count = 0, ...rest] = array.shape;
  const { values, note: range } = withinRange(array, pixelRange);
  const flat = flatSize(array, wanted);
  if (flat) return { count, ...flat, pixels: values, range };
  if (rest.length === 2) {
    const [height, width] = rest as [number, number];
    return { count, height, width, channels: 1, pixels: values, range };
  }
  const [first, second, third] = rest as [number, number, number];
  const isColour = (extent: number) => extent === 1 || extent === 3;
  if (isColour(third)) return { count, height: first, width: second, channels: third, pixels: values, range };
  if (!isColour(first)) {
    fail(
      'invalid-images',
      `${array.name}: expected 1 or 3 channels on the last or second axis, found ${array.shape.join('×')}; save grey or colour images.`,
    );
  }
  const size = first * second * third;
  const pixels = values.slice();
  for (let at = 0; at < values.length; at += size)
    interleavePlanes(values.subarray(at, at + size), first, pixels.subarray(at, at + size));
  return { count, height: second, width: third, channels: first, pixels, range };
}
