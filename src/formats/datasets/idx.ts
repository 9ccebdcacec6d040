import { fail } from '../../network/failure';
import type { ImageSet } from '../../network/images';
import { startsWith } from '../content';
import { baseName, bytesText, type NamedFile } from '../file';
import type { Reading } from '../../network/reading';
import type { ImageFormat, Wanted } from './format';
import { withLeftOut } from './strays';
import { takeSubset } from './subsets';

/** MNIST's IDX format: a file of grey images (unsigned bytes, 3 axes) and, if given, one of labels (1 axis). */
export const idx: ImageFormat = { id: 'idx', title: 'IDX (MNIST)', detect, read };

const isImages = ({ bytes }: NamedFile) => startsWith(bytes, [0, 0, 8, 3]);
const isLabels = ({ bytes }: NamedFile) => startsWith(bytes, [0, 0, 8, 1]);

function detect(files: readonly NamedFile[]): number {
  if (files.some(isImages) || files.some(isLabels)) return 1;
  return files.some(({ name }) => /idx\d-ubyte/i.test(name)) ? 0.5 : 0;
}

function read(all: readonly NamedFile[], _wanted?: Wanted, reading: Reading = {}): ImageSet {
  const own = all.filter((file) => isImages(file) || isLabels(file));
  const { taken: files, subset } = takeSubset(baseName(all[0]!.name), own, reading);
  const images = onlyFile(files.filter(isImages), all, 'images (idx3-ubyte)');
  const { extents, body } = parsed(images, 3);
  const [count, height, width] = extents as [number, number, number];
  const labelFiles = files.filter(isLabels);
  const labels =
    labelFiles.length === 0
      ? null
      : labelsOf(onlyFile(labelFiles, files, 'labels (idx1-ubyte)'), images, count);
  return {
    name: baseName(images.name),
    count,
    height,
    width,
    channels: 1,
    pixels: body.slice(),
    labels,
    classNames: null,
    subset,
    ...withLeftOut(
      all.filter((file) => !own.includes(file)),
      'images or labels in IDX format',
    ),
  };
}

function onlyFile(found: readonly NamedFile[], all: readonly NamedFile[], what: string): NamedFile {
  const [file] = found;
  if (file && found.length === 1) return file;
  const names = all.map(({ name }) => name).join(', ');
  return fail(
    'invalid-images',
    `${names}: expected one IDX file of ${what}, found ${found.length}; open the files of one set together.`,
  );
}

function labelsOf(file: NamedFile, images: NamedFile, count: number): Int32Array {
  const { extents, body } = parsed(file, 1);
  if (extents[0] === count) return Int32Array.from(body);
  const expected = `expected ${count.toLocaleString('en-US')} labels for the images of ${images.name}`;
  return fail(
    'invalid-images',
    `${file.name}: ${expected}, found ${extents[0]!.toLocaleString('en-US')}; open images and labels of one set.`,
  );
}

/** Extents (big-endian 32-bit) and the bytes after them, whose number must be their product. */
function parsed({ name, bytes }: NamedFile, axes: number): { extents: readonly number[]; body: Uint8Array } {
  const start = 4 + 4 * axes;
  if (bytes.length < start)
    fail(
      'invalid-images',
      `${name}: expected an IDX header of ${start} bytes, found ${bytesText(bytes.length)}; it seems to be cut off, so download it again.`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const extents = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const expected = extents.reduce((product, extent) => product * extent, 1);
  if (extents.some((extent) => extent === 0))
    fail(
      'invalid-images',
      `${name}: expected at least one of everything, found ${extents.join('×')} in its header; download it again.`,
    );
  const body = bytes.subarray(start);
  if (body.length !== expected) {
    fail(
      'invalid-images',
      `${name}: expected ${bytesText(expected)} (${extents.join('×')}) after the header, found ${bytesText(body.length)}; it seems to be cut off, so download it again.`,
    );
  }
  return { extents, body };
}
