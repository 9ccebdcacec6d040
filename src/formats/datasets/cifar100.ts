import { fail } from '../../network/failure';
import type { ImageSet } from '../../network/images';
import { baseName, bytesText, type NamedFile } from '../file';
import type { Reading } from '../../network/reading';
import type { ImageFormat, Wanted } from './format';
import { isText, namesOfExactly } from './classNames';
import { interleavePlanes } from './planes';
import { isStray, withLeftOut } from './strays';
import { takeSubset } from './subsets';

const side = 32;
const pixelBytes = 3 * side * side;
/** A coarse label, a fine label, then the planes red, green and blue. */
const recordLength = 2 + pixelBytes;
const coarseClasses = 20;
const fineClasses = 100;

/**
 * CIFAR-100's binary version: records of 3,074 bytes; several files are joined in the order given. The labels are
 * the 100 fine ones, or the 20 coarse ones for a network of 20 classes. A text file beside them names the classes
 * (CIFAR-100 calls its own `fine_label_names.txt` and `coarse_label_names.txt`).
 */
export const cifar100: ImageFormat = { id: 'cifar100', title: 'CIFAR-100 binary', detect, read };

function detect(given: readonly NamedFile[]): number {
  const files = given.filter((file) => !isText(file) && !isStray(file));
  if (files.length === 0) return 0;
  const isGood = ({ bytes }: NamedFile) =>
    bytes.length > 0 && bytes.length % recordLength === 0 && firstWrong(bytes) === null;
  if (files.every(isGood)) return 1;
  return files.every(({ name }) => /cifar-?100/i.test(name)) ? 0.6 : 0;
}

function read(given: readonly NamedFile[], wanted?: Wanted, reading: Reading = {}): ImageSet {
  const records = given.filter((file) => !isText(file) && !isStray(file));
  const { taken: files, subset } = takeSubset(baseName(records[0]!.name), records, reading);
  for (const file of files) requireRecords(file);
  const isCoarse = wanted?.classes === coarseClasses;
  const count = files.reduce((sum, { bytes }) => sum + bytes.length / recordLength, 0);
  const pixels = new Uint8Array(count * pixelBytes);
  const labels = new Int32Array(count);
  let image = 0;
  for (const { bytes } of files) {
    for (let at = 0; at < bytes.length; at += recordLength, image++) {
      labels[image] = bytes[at + (isCoarse ? 0 : 1)]!;
      const planes = bytes.subarray(at + 2, at + recordLength);
      interleavePlanes(planes, 3, pixels.subarray(image * pixelBytes, (image + 1) * pixelBytes));
    }
  }
  const name = files.map((file) => baseName(file.name)).join(' + ');
  const { names: classNames, leftOut } = isCoarse
    ? namesOfExactly(given, coarseClasses, [fineClasses])
    : namesOfExactly(given, fineClasses, [coarseClasses]);
  return {
    ...{ name, count, height: side, width: side, channels: 3, pixels, labels, classNames, subset },
    ...withLeftOut(given.filter(isStray), 'records or a list of classes', leftOut),
  };
}

function requireRecords({ name, bytes }: NamedFile): void {
  if (bytes.length === 0)
    fail('invalid-images', `${name}: expected CIFAR-100 records, found an empty file; download it again.`);
  const rest = bytes.length % recordLength;
  if (rest !== 0) {
    const whole = Math.floor(bytes.length / recordLength).toLocaleString('en-US');
    const found = `found ${bytesText(bytes.length)}: ${whole} × 3,074 and ${bytesText(rest)} more`;
    fail(
      'invalid-images',
      `${name}: expected CIFAR-100 records of 3,074 bytes, ${found}; it seems to be cut off, so download it again.`,
    );
  }
  const wrong = firstWrong(bytes);
  if (wrong !== null) {
    const [coarse, fine] = bytes.subarray(wrong * recordLength);
    const expected = 'expected a coarse label below 20 and a fine one below 100';
    fail(
      'invalid-images',
      `${name}: ${expected}, found ${coarse} and ${fine} at image ${wrong}; open CIFAR-100's binary version.`,
    );
  }
}

function firstWrong(bytes: Uint8Array): number | null {
  for (let at = 0; at < bytes.length; at += recordLength) {
    if (bytes[at]! >= coarseClasses || bytes[at + 1]! >= fineClasses) return at / recordLength;
  }
  return null;
}
