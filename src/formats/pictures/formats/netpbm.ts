import type { DecodedPicture, PictureFormat, PictureSize } from './format';

/** PBM, PGM and PPM, as text or as bytes, of up to 16 bits. */
export const netpbm: PictureFormat = {
  id: 'netpbm',
  title: 'PPM',
  detect: (bytes) => /^P[1-6][\s#]/.test(latin(bytes.subarray(0, 3))) && headerOf(bytes) !== null,
  size: headerOf,
  endsEarly: (bytes) => {
    const header = headerOf(bytes)!;
    return header.isText
      ? textValues(bytes, header).length < valuesOf(header)
      : header.body + bytesOf(header) > bytes.length;
  },
  start: () => Promise.resolve(decode),
};

interface Header extends PictureSize {
  readonly channels: 1 | 3;
  /** Black and white, of which 1 is black. */
  readonly isBits: boolean;
  readonly isText: boolean;
  /** Value of white. */
  readonly max: number;
  /** Where the pixels begin. */
  readonly body: number;
}

const latin = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes);
/** Comments may make a header longer, but nobody writes more. */
const longestHeader = 4096;

/** The magic number, width, height and, but for black and white, the value of white; comments go on to the line's end. */
function headerOf(bytes: Uint8Array): Header | null {
  const text = latin(bytes.subarray(0, longestHeader));
  const kind = Number(text[1]);
  const isBits = kind === 1 || kind === 4;
  const gap = '(?:\\s|#[^\\n]*\\n)+';
  const fields = isBits ? 2 : 3;
  const found = new RegExp(`^P\\d${`${gap}(\\d{1,9})`.repeat(fields)}\\s`).exec(text);
  if (!found) return null;
  const [width, height, max = 1] = found.slice(1).map(Number) as [number, number, number?];
  if (max < 1 || max > 65_535) return null;
  return {
    ...{ width, height, max, isBits },
    channels: kind % 3 === 0 ? 3 : 1,
    isText: kind <= 3,
    body: found[0].length,
  };
}

const valuesOf = ({ width, height, channels }: Header) => width * height * channels;
const strideOf = ({ width }: Header) => Math.ceil(width / 8);

function bytesOf(header: Header): number {
  if (header.isBits) return strideOf(header) * header.height;
  return valuesOf(header) * (header.max > 255 ? 2 : 1);
}

function textValues(bytes: Uint8Array, { body, isBits }: Header): readonly number[] {
  const text = new TextDecoder('latin1').decode(bytes.subarray(body)).replace(/#[^\n]*/g, ' ');
  // Bits need no spaces between them.
  return (text.match(isBits ? /[01]/g : /\d+/g) ?? []).map(Number);
}

function decode(bytes: Uint8Array): DecodedPicture {
  const header = headerOf(bytes)!;
  const { width, height, channels, max, isBits } = header;
  const valueAt = header.isText ? textReader(bytes, header) : byteReader(bytes, header);
  const data = new Uint8Array(4 * width * height).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let c = 0; c < 3; c++) {
      const value = valueAt(pixel * channels + (channels === 3 ? c : 0));
      data[4 * pixel + c] = Math.round((255 * Math.min(max, isBits ? 1 - value : value)) / max);
    }
  }
  return { width, height, data };
}

function textReader(bytes: Uint8Array, header: Header): (index: number) => number {
  const values = textValues(bytes, header);
  return (index) => values[index]!;
}

function byteReader(bytes: Uint8Array, header: Header): (index: number) => number {
  const { body, width, isBits, max } = header;
  if (isBits) {
    return (index) => {
      const [x, y] = [index % width, Math.floor(index / width)];
      return (bytes[body + y * strideOf(header) + (x >> 3)]! >> (7 - (x & 7))) & 1;
    };
  }
  if (max <= 255) return (index) => bytes[body + index]!;
  return (index) => (bytes[body + 2 * index]! << 8) | bytes[body + 2 * index + 1]!;
}
