import { greatest } from '../../linalg/extremes';
import { fail } from '../../network/failure';
import type { ImageSet, LeftOut } from '../../network/images';
import { baseName, bytesText, type NamedFile } from '../file';
import { linesOf } from '../text';
import type { Reading } from '../../network/reading';
import type { ImageFormat, Wanted } from './format';
import { isText, misfitText, namesAmong } from './classNames';
import { interleavePlanes } from './planes';
import { isStray, withLeftOut } from './strays';
import { takeSubset } from './subsets';

const side = 32;
const plane = side * side;
/** One label byte, then the planes red, green and blue. */
const recordLength = 1 + 3 * plane;

const cifarClasses = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
];

/**
 * CIFAR-10's binary version: records of 3,073 bytes; several files of one part of the set are joined in the order
 * given, those for testing where there are others, too. A text file
 * beside them names the classes, one a line (CIFAR-10 calls its own `batches.meta.txt`), so that data of the same
 * layout may have others than CIFAR-10's ten.
 */
export const cifar10: ImageFormat = { id: 'cifar10', title: 'CIFAR-10 binary', detect, read };

const isRecords = (file: NamedFile) => !isText(file) && !isStray(file);

function detect(given: readonly NamedFile[]): number {
  const files = given.filter(isRecords);
  if (files.length === 0) return 0;
  const classes = greatest([
    cifarClasses.length,
    ...given.filter(isText).map(({ bytes }) => linesOf(bytes).length),
  ]);
  const isWhole = ({ bytes }: NamedFile) => bytes.length > 0 && bytes.length % recordLength === 0;
  const hasLabels = ({ bytes }: NamedFile) =>
    bytes.length >= recordLength && firstWrongLabel(bytes, classes) === null;
  if (files.every((file) => isWhole(file) && hasLabels(file))) return 1;
  return files.every(({ name }) => /\.bin$/i.test(name)) || files.every(isWhole) ? 0.5 : 0;
}

function read(given: readonly NamedFile[], _wanted?: Wanted, reading: Reading = {}): ImageSet {
  const records = given.filter(isRecords);
  const { taken: files, subset } = takeSubset(baseName(records[0]!.name), records, reading);
  for (const file of files) requireWhole(file);
  const { names, leftOut } = namesAmong(given, files.flatMap(labelsIn));
  const classNames = names ?? cifarClasses;
  for (const file of files) requireLabels(file, classNames.length, leftOut);
  const count = files.reduce((sum, { bytes }) => sum + bytes.length / recordLength, 0);
  const pixels = new Uint8Array(count * 3 * plane);
  const labels = new Int32Array(count);
  let image = 0;
  for (const { bytes } of files) {
    for (let at = 0; at < bytes.length; at += recordLength, image++) {
      labels[image] = bytes[at]!;
      const planes = bytes.subarray(at + 1, at + recordLength);
      interleavePlanes(planes, 3, pixels.subarray(image * 3 * plane, (image + 1) * 3 * plane));
    }
  }
  const name = files.map((file) => baseName(file.name)).join(' + ');
  return {
    ...{ name, count, height: side, width: side, channels: 3, pixels, labels, classNames, subset },
    ...withLeftOut(given.filter(isStray), 'records or a list of classes', leftOut),
  };
}

function requireWhole({ name, bytes }: NamedFile): void {
  const rest = bytes.length % recordLength;
  if (bytes.length === 0)
    fail('invalid-images', `${name}: expected CIFAR-10 records, found an empty file; download it again.`);
  if (rest !== 0) {
    const whole = Math.floor(bytes.length / recordLength).toLocaleString('en-US');
    const found = `found ${bytesText(bytes.length)}: ${whole} × 3,073 and ${bytesText(rest)} more`;
    fail(
      'invalid-images',
      `${name}: expected CIFAR-10 records of 3,073 bytes, ${found}; it seems to be cut off, so download it again.`,
    );
  }
}

/** @param lists text files beside the records that name too few classes */
function requireLabels({ name, bytes }: NamedFile, classes: number, lists: readonly LeftOut[]): void {
  const wrong = firstWrongLabel(bytes, classes);
  if (wrong === null) return;
  const [list] = lists;
  if (list) fail('invalid-images', misfitText(list));
  const label = bytes[wrong * recordLength];
  fail(
    'invalid-images',
    `${name}: expected CIFAR-10 labels from 0 to ${classes - 1}, found ${label} at image ${wrong}; open CIFAR-10's binary version, or add a list of all classes.`,
  );
}

function labelsIn({ bytes }: NamedFile): number[] {
  const labels: number[] = [];
  for (let at = 0; at < bytes.length; at += recordLength) labels.push(bytes[at]!);
  return labels;
}

function firstWrongLabel(bytes: Uint8Array, classes: number): number | null {
  for (let at = 0; at < bytes.length; at += recordLength) {
    if (bytes[at]! >= classes) return at / recordLength;
  }
  return null;
}
