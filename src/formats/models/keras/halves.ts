import { sizeOf } from '../../../network/shapes';
import { lookup3 } from './lookup3';

/*
 * The library has no way to write numbers of two bytes. What is to hold them is written as numbers of eight bytes, four
 * to one, which no other data set of ours has; then its header says what the bytes are. Headers are laid out by the
 * HDF5 File Format Specification 3.0, IV.A.1.b and IV.A.2 (messages 0x0001 dataspace, 0x0003 datatype, 0x0008 layout).
 */

/** IEEE 754 binary64 and binary16, little-endian, as a datatype message says them. */
const doubles = [0x11, 0x20, 63, 0, 8, 0, 0, 0, 0, 0, 64, 0, 52, 11, 0, 52, 0xff, 3, 0, 0];
const halves = [0x11, 0x20, 15, 0, 2, 0, 0, 0, 0, 0, 16, 0, 10, 5, 0, 10, 15, 0, 0, 0];
const signature = [0x4f, 0x48, 0x44, 0x52];
/** Signature, version, flags and four times of four bytes. */
const beforeSize = 22;
const messageHeader = 4;

/** Halves that will stand in a file. */
export interface HalfNumbers {
  readonly shape: readonly number[];
  readonly values: Uint16Array;
}

/** What is written for halves until the header says that they are some: their bytes, filled up with zeros. */
export function placeholderOf({ shape, values }: HalfNumbers): {
  readonly shape: number[];
  readonly data: Float64Array;
} {
  const count = Math.max(1, Math.ceil(values.length / 4));
  const data = new Float64Array(count);
  new Uint16Array(data.buffer).set(values);
  return { shape: shape.map((_, axis) => (axis === shape.length - 1 ? count : 1)), data };
}

/**
 * Says in the headers of placeholders that halves are there.
 *
 * @param file changed in place
 * @param written in the order in which they were written
 * @throws Error where the file does not hold one placeholder for each: the library lays files out in another way then
 */
export function sayHalves(file: Uint8Array, written: readonly HalfNumbers[]): void {
  const headers = headersOf(file);
  if (headers.length !== written.length)
    throw new Error(`HDF5: expected ${written.length} headers of halves, found ${headers.length}`);
  headers.forEach((at, index) => rewrite(file, at, written[index]!));
}

/** Where the headers of all placeholders begin. */
function headersOf(file: Uint8Array): readonly number[] {
  const found: number[] = [];
  for (let at = file.indexOf(signature[0]!); at >= 0; at = file.indexOf(signature[0]!, at + 1))
    if (isAt(file, at, signature) && isPlaceholder(file, at)) found.push(at);
  return found;
}

function isPlaceholder(file: Uint8Array, at: number): boolean {
  const { end, dataspace, datatype } = placesOf(file, at);
  if (file[at + 4] !== 2 || file[dataspace] !== 2 || !isAt(file, datatype, doubles)) return false;
  // Numbers may look like a header; its checksum tells.
  return end + 4 <= file.length && viewOf(file).getUint32(end, true) === lookup3(file.subarray(at, end));
}

/** Where a header's parts begin, its dataspace being the first message and its datatype the second. */
function placesOf(file: Uint8Array, at: number) {
  const width = 1 << (file[at + 5]! & 3);
  const first = at + beforeSize + width;
  let size = 0;
  for (let byte = width - 1; byte >= 0; byte--) size = size * 256 + (file[at + beforeSize + byte] ?? 0);
  const dataspace = first + messageHeader;
  const rank = file[dataspace + 1] ?? 0;
  const datatype = dataspace + 4 + 16 * rank + messageHeader;
  return { end: first + size, dataspace, datatype };
}

function rewrite(file: Uint8Array, at: number, { shape, values }: HalfNumbers): void {
  const { end, dataspace, datatype } = placesOf(file, at);
  const view = viewOf(file);
  if (file[dataspace + 1] !== shape.length || values.length !== sizeOf(shape))
    throw new Error(`HDF5: expected a header of ${shape.length} axes, found ${file[dataspace + 1]}`);
  // Extents, and the same again as the greatest that they may become.
  [...shape, ...shape].forEach((extent, index) =>
    view.setBigUint64(dataspace + 4 + 8 * index, BigInt(extent), true),
  );
  file.set(halves, datatype);
  view.setBigUint64(layoutSize(file, datatype + halves.length, end), BigInt(values.byteLength), true);
  view.setUint32(end, lookup3(file.subarray(at, end)), true);
}

/** Where the layout message says how many bytes the numbers take: numbers in one piece, by address and size. */
function layoutSize(file: Uint8Array, from: number, end: number): number {
  const view = viewOf(file);
  for (let at = from; at + messageHeader < end; at += messageHeader + view.getUint16(at + 1, true))
    if (file[at] === 8 && file[at + messageHeader + 1] === 1) return at + messageHeader + 10;
  throw new Error('HDF5: expected numbers in one piece, found no such layout');
}

function isAt(file: Uint8Array, at: number, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => file[at + index] === byte);
}

function viewOf(file: Uint8Array): DataView {
  return new DataView(file.buffer, file.byteOffset, file.byteLength);
}
