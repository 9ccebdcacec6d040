import { loadPart } from '../../../network/parts';
import { startsWith } from '../../content';
import { viewOf, type DecodedPicture, type PictureFormat } from './format';

/** Tags of a TIFF's first directory (TIFF 6.0). */
const tags = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  stripOffsets: 273,
  orientation: 274,
  samples: 277,
  stripBytes: 279,
  planes: 284,
  tileWidth: 322,
  format: 339,
} as const;

/** TIFF of 1, 8 or 16 bits: grey, RGB or with a palette, plain or compressed by LZW or deflate; the first page. */
export const tiff: PictureFormat = {
  id: 'tiff',
  title: 'TIFF',
  detect: (bytes) => startsWith(bytes, [0x49, 0x49, 42, 0]) || startsWith(bytes, [0x4d, 0x4d, 0, 42]),
  size: (bytes) => {
    const [width] = fieldOf(bytes, tags.width);
    const [height] = fieldOf(bytes, tags.height);
    return width !== undefined && height !== undefined ? { width, height } : null;
  },
  endsEarly: (bytes) =>
    pagesOf(bytes).some((page) => {
      const lengths = fieldOf(bytes, tags.stripBytes, page);
      const offsets = fieldOf(bytes, tags.stripOffsets, page);
      return offsets.some((offset, strip) => offset + (lengths[strip] ?? 0) > bytes.length);
    }),
  unsupported: (bytes) => {
    const [compression = 1] = fieldOf(bytes, tags.compression);
    const [photometric = 1] = fieldOf(bytes, tags.photometric);
    const [bits] = fieldOf(bytes, tags.bits);
    const [samples = 1] = fieldOf(bytes, tags.samples);
    if (![1, 5, 8, 32_946].includes(compression))
      return `compression ${compressions[compression] ?? compression}`;
    if (photometric > 3) return `colours of kind ${colours[photometric] ?? photometric}`;
    if (bits === undefined) return 'no number of bits';
    if (![1, 8, 16].includes(bits) || fieldOf(bytes, tags.format).some((format) => format > 1))
      return `${bits} bits ${fieldOf(bytes, tags.format).includes(3) ? 'of floating point ' : ''}per value`;
    if (samples > 1 && fieldOf(bytes, tags.planes)[0] === 2) return 'planes of one colour each';
    if (samples > 1 && fieldOf(bytes, tags.tileWidth).length > 0) return 'tiles instead of strips';
    if (samples > 4) return `${samples} channels`;
    return (fieldOf(bytes, tags.orientation)[0] ?? 1) === 1 ? null : 'a turned picture';
  },
  start: async () => {
    const library = await loadPart('the decoder of TIFF pictures', () => import('tiff'));
    return (bytes) => {
      const [page] = library.decode(bytes, { pages: [0] });
      return { ...coloursOf(page!), frames: library.pageCount(bytes) };
    };
  },
};

const compressions: Readonly<Record<number, string>> = {
  ...{ 2: 'CCITT', 3: 'CCITT fax', 4: 'CCITT fax', 6: 'old JPEG', 7: 'JPEG', 32_773: 'PackBits' },
  ...{ 34_925: 'LZMA', 50_000: 'Zstandard', 50_001: 'WebP' },
};
const colours: Readonly<Record<number, string>> = { 4: 'mask', 5: 'CMYK', 6: 'YCbCr', 8: 'CIELab' };

/** Where the directories of the pages are. */
function pagesOf(bytes: Uint8Array): readonly number[] {
  const view = viewOf(bytes);
  const little = bytes[0] === 0x49;
  const pages: number[] = [];
  let next = view.getUint32(4, little);
  // A directory that follows itself would go on for ever.
  while (next !== 0 && !pages.includes(next)) {
    pages.push(next);
    next = view.getUint32(next + 2 + 12 * view.getUint16(next, little), little);
  }
  return pages;
}

/** Whole numbers of a field, at most so many as a picture has rows; empty where it is not there. */
function fieldOf(bytes: Uint8Array, tag: number, page?: number): readonly number[] {
  const view = viewOf(bytes);
  const little = bytes[0] === 0x49;
  const directory = page ?? view.getUint32(4, little);
  const count = view.getUint16(directory, little);
  for (let entry = 0; entry < count; entry++) {
    const at = directory + 2 + 12 * entry;
    if (view.getUint16(at, little) === tag) return valuesAt(view, at, little);
  }
  return [];
}

/** Bytes of one value: byte, text, 16 and 32 bits. */
const widths: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4 };
const mostValues = 2 ** 20;

function valuesAt(view: DataView, entry: number, little: boolean): readonly number[] {
  const width = widths[view.getUint16(entry + 2, little)] ?? 4;
  const count = view.getUint32(entry + 4, little);
  if (count > mostValues) throw new RangeError('more values than a picture has strips');
  const from = count * width <= 4 ? entry + 8 : view.getUint32(entry + 8, little);
  const read = (at: number) =>
    width === 1 ? view.getUint8(at) : width === 2 ? view.getUint16(at, little) : view.getUint32(at, little);
  return Array.from({ length: count }, (_, index) => read(from + index * width));
}

/** What the library gives of a page. */
interface Page {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>;
  readonly samplesPerPixel: number;
  readonly bitsPerSample: number;
  /** 3 for a palette. */
  readonly type: number;
  readonly palette?: readonly (readonly number[])[] | undefined;
}

function coloursOf(page: Page): DecodedPicture {
  const { width, height, samplesPerPixel: samples, bitsPerSample, type, palette = [] } = page;
  const max = 2 ** bitsPerSample - 1;
  const isColour = samples >= 3;
  const hasOpacity = samples === 2 || samples === 4;
  const data = new Uint8Array(4 * width * height).fill(255);
  const byte = (value: number) => Math.round((255 * value) / max);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const at = pixel * samples;
    for (let c = 0; c < 3; c++) {
      // Palettes have 16 bits, whose lower eight some writers leave empty.
      const value =
        type === 3 ? palette[page.data[at]!]![c]! >> 8 : byte(page.data[at + (isColour ? c : 0)]!);
      data[4 * pixel + c] = value;
    }
    if (hasOpacity) data[4 * pixel + 3] = byte(page.data[at + samples - 1]!);
  }
  return { width, height, data };
}
