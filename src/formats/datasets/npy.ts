import { fail } from '../../network/failure';
import { startsWith } from '../content';
import { bytesText, type NamedFile } from '../file';
import { halfToFloat } from '../../network/half';
import { ownValue } from '../../network/ownValue';

/** A NumPy array: its values in C order. */
export interface NumpyArray {
  readonly name: string;
  /** NumPy's name of the element type without byte order: `u1`, `i8`, `f4`, … */
  readonly type: string;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Whether the content is that of an `.npy` file. */
export function isNpy({ bytes }: NamedFile): boolean {
  return startsWith(bytes, magic);
}

/** How an element is read; two's complement and IEEE 754 as DataView reads them. */
const readers: Readonly<Record<string, (view: DataView, at: number, little: boolean) => number>> = {
  b1: (view, at) => view.getUint8(at),
  u1: (view, at) => view.getUint8(at),
  i1: (view, at) => view.getInt8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  i2: (view, at, little) => view.getInt16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  f2: (view, at, little) => halfToFloat(view.getUint16(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
};

/**
 * Reads an `.npy` file of format version 1 to 3 (numpy.lib.format).
 *
 * @throws FailureError `invalid-images` where it is cut off, in Fortran order, or of a type other than booleans,
 * integers and floats of 2, 4 or 8 bytes
 */
export function readNpy(file: NamedFile): NumpyArray {
  const { name, bytes } = file;
  const { text, end } = headerOf(file);
  const type = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const extents = /'shape'\s*:\s*\(([^)]*)\)/.exec(text)?.[1];
  if (extents === undefined || order === undefined) return damaged(name, 'its header names no shape');
  const [, byteOrder = '', element = ''] = /^([<>|=]?)(\w+)$/.exec(type ?? '') ?? [];
  const reader = ownValue(readers, element) ?? failType(name, type ?? 'fields of several types');
  const shape = extents.split(',').flatMap((part) => (part.trim() === '' ? [] : [extentOf(part, name)]));
  if (order === 'True' && shape.length > 1) failFortran(name);
  const length = shape.reduce((product, extent) => product * extent, 1);
  const expected = length * Number(element.slice(1));
  if (!Number.isSafeInteger(expected) || bytes.length - end !== expected) {
    const found = `found ${bytesText(bytes.length - end)}`;
    fail(
      'invalid-images',
      `${name}: expected ${bytesText(expected)} (${shape.join('×')} of ${element}) after the header, ${found}; it seems to be cut off, so save it again.`,
    );
  }
  if (element === 'u1') return { name, type: element, shape, values: bytes.subarray(end) };
  const view = new DataView(bytes.buffer, bytes.byteOffset + end, expected);
  const step = Number(element.slice(1));
  // Float32 holds what a picture or a class index needs, in half the memory.
  const values = element === 'f8' ? new Float64Array(length) : new Float32Array(length);
  for (let index = 0; index < length; index++) values[index] = reader(view, index * step, byteOrder !== '>');
  return { name, type: element, shape, values };
}

/** Python 2 wrote an L behind long ones. */
function extentOf(text: string, name: string): number {
  const found = text.trim();
  if (/^\d{1,15}L?$/.test(found)) return parseInt(found, 10);
  return damaged(name, `its shape holds "${found.slice(0, 20)}", which counts nothing`);
}

function headerOf({ name, bytes }: NamedFile): { readonly text: string; readonly end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = (bytes[6] ?? 1) === 1 ? 10 : 12;
  if (bytes.length < start) return damaged(name, 'it ends within its header');
  const end = start + (start === 10 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (end > bytes.length) return damaged(name, 'it ends within its header');
  return { text: new TextDecoder().decode(bytes.subarray(start, end)), end };
}

function damaged(name: string, problem: string): never {
  return fail('invalid-images', `${name}: expected a NumPy array, but ${problem}; save it again.`);
}

function failFortran(name: string): never {
  const advice = 'save numpy.ascontiguousarray(array) instead';
  fail('invalid-images', `${name}: expected a NumPy array in C order, found Fortran order; ${advice}.`);
}

function failType(name: string, type: string): never {
  const objects = /O/.test(type) ? ' (Python objects, which only Python can read)' : '';
  const advice = 'save uint8, integers or floats of at most 64 bits';
  return fail(
    'invalid-images',
    `${name}: expected a NumPy array of numbers, found "${type}"${objects}; ${advice}.`,
  );
}
