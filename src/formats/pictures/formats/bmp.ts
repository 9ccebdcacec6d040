import { startsWith } from '../../content';
import { viewOf, type DecodedPicture, type PictureFormat } from './format';

/*
 * Written here since no package that is kept reads them all in a browser: bmp-ts needs Node's Buffer, fast-bmp passes
 * over palettes and rows from the top down, decode-bmp knows no 16 bits and had its last release in 2020.
 */

/** Windows bitmaps of 1 to 32 bits with or without a palette; not those that are compressed. */
export const bmp: PictureFormat = {
  id: 'bmp',
  title: 'BMP',
  // Two letters say little: the size of the header and the one plane must be there, too.
  detect: (bytes) =>
    startsWith(bytes, 'BM') &&
    bytes.length >= 30 &&
    [12, 40, 52, 56, 108, 124].includes(bytes[14]!) &&
    bytes[15] === 0,
  size: (bytes) => {
    const { width, height } = headerOf(bytes);
    return { width, height };
  },
  endsEarly: (bytes) => {
    const { offset, stride, height } = headerOf(bytes);
    // Some writers leave the last row's padding out.
    return offset + stride * height > bytes.length + 3;
  },
  unsupported: (bytes) => {
    const { compression, bits } = headerOf(bytes);
    if (compression !== 0 && compression !== 3)
      return `compression ${compressions[compression] ?? compression}`;
    return bitsKnown.includes(bits) ? null : `${bits} bits per pixel`;
  },
  start: () => Promise.resolve(decode),
};

const bitsKnown = [1, 4, 8, 16, 24, 32];
const compressions: Readonly<Record<number, string>> = { 1: 'RLE8', 2: 'RLE4', 4: 'JPEG', 5: 'PNG' };

interface Header {
  readonly width: number;
  readonly height: number;
  readonly isFromTop: boolean;
  readonly bits: number;
  readonly compression: number;
  /** Where the pixels begin. */
  readonly offset: number;
  /** Bytes of a row, a multiple of four. */
  readonly stride: number;
  /** Where the palette begins, and the bytes of an entry: blue, green, red and perhaps nothing. */
  readonly palette: number;
  readonly entry: number;
}

function headerOf(bytes: Uint8Array): Header {
  const view = viewOf(bytes);
  const [offset, size] = [view.getUint32(10, true), view.getUint32(14, true)];
  const isCore = size === 12;
  const width = isCore ? view.getUint16(18, true) : view.getInt32(18, true);
  const height = isCore ? view.getUint16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(isCore ? 24 : 28, true);
  const compression = isCore ? 0 : view.getUint32(30, true);
  const masks = size === 40 && compression === 3 ? 12 : 0;
  return {
    width: Math.max(0, width),
    height: Math.abs(height),
    isFromTop: height < 0,
    ...{ bits, compression, offset },
    stride: 4 * Math.ceil((width * bits) / 32),
    palette: 14 + size + masks,
    entry: isCore ? 3 : 4,
  };
}

type Colour = readonly [red: number, green: number, blue: number];

function decode(bytes: Uint8Array): DecodedPicture {
  const header = headerOf(bytes);
  const { width, height, isFromTop, offset, stride, bits } = header;
  const colourAt = bits <= 8 ? indexed(bytes, header) : direct(bytes, header);
  const data = new Uint8Array(4 * width * height).fill(255);
  for (let y = 0; y < height; y++) {
    const row = offset + stride * (isFromTop ? y : height - 1 - y);
    for (let x = 0; x < width; x++) data.set(colourAt(row, x), 4 * (y * width + x));
  }
  return { width, height, data };
}

/** Places in a palette of 1, 4 or 8 bits, the first pixel in the highest. */
function indexed(bytes: Uint8Array, { bits, palette, entry }: Header): (row: number, x: number) => Colour {
  const perByte = 8 / bits;
  return (row, x) => {
    const shift = 8 - bits * ((x % perByte) + 1);
    const index = (bytes[row + Math.floor(x / perByte)]! >> shift) & (2 ** bits - 1);
    const at = palette + entry * index;
    return [bytes[at + 2]!, bytes[at + 1]!, bytes[at]!];
  };
}

/** Colours in fields of 16 or 32 bits, or in three bytes; the fourth byte is opacity to few writers only, so it is not. */
function direct(bytes: Uint8Array, header: Header): (row: number, x: number) => Colour {
  const { bits } = header;
  if (bits === 24) return (row, x) => [bytes[row + 3 * x + 2]!, bytes[row + 3 * x + 1]!, bytes[row + 3 * x]!];
  const view = viewOf(bytes);
  const fields = masksOf(view, header).map((mask) => ({ shift: Math.log2(mask & (-mask >>> 0)), mask }));
  return (row, x) => {
    const value = bits === 16 ? view.getUint16(row + 2 * x, true) : view.getUint32(row + 4 * x, true);
    const [red, green, blue] = fields.map(({ mask, shift }) => {
      const max = mask / 2 ** shift;
      return Math.round((255 * (((value & mask) >>> 0) / 2 ** shift)) / max);
    });
    return [red!, green!, blue!];
  };
}

/** Which bits are red, green and blue. */
function masksOf(view: DataView, { bits, compression }: Header): readonly number[] {
  if (compression === 3) return [54, 58, 62].map((at) => view.getUint32(at, true));
  return bits === 16 ? [0x7c00, 0x3e0, 0x1f] : [0xff0000, 0xff00, 0xff];
}
