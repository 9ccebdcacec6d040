import { loadPart } from '../../../network/parts';
import { startsWith } from '../../content';
import { viewOf, type DecodedPicture, type PictureFormat, type PictureSize } from './format';

/** Chunks in a RIFF container (RFC 9649); of an animation the first frame. */
export const webp: PictureFormat = {
  id: 'webp',
  title: 'WebP',
  detect: (bytes) => startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8),
  size: webpSize,
  // The last byte may be missing that makes the length even.
  endsEarly: (bytes) => viewOf(bytes).getUint32(4, true) + 8 > bytes.length + 1,
  start: async (source) => {
    const module = await WebAssembly.compile(await source('webp'));
    const { init, default: decode } = await loadPart(
      'the decoder of WebP pictures',
      () => import('@jsquash/webp/decode.js'),
    );
    await (init as unknown as Start)(module, { printErr: () => undefined });
    const still = (bytes: Uint8Array) => decode(bytes.slice().buffer);
    return async (bytes) => {
      const frames = framesOf(bytes);
      const [first] = frames;
      if (!first) return still(bytes);
      const own = await still(stillOf(first.content, first));
      // An ImageData of the page has no members of its own to be spread.
      const { width, height, data } = onCanvas(own, first, webpSize(bytes)!);
      return { width, height, data, frames: frames.length };
    };
  },
};

/** The packages' types leave out that a compiled module may be given. */
type Start = (module: WebAssembly.Module, options: object) => Promise<unknown>;

const low24 = (view: DataView, at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);

/** The three kinds of first chunk: extended, lossless, lossy. */
function webpSize(bytes: Uint8Array): PictureSize | null {
  const view = viewOf(bytes);
  if (startsWith(bytes, 'VP8X', 12)) return { width: low24(view, 24) + 1, height: low24(view, 27) + 1 };
  if (startsWith(bytes, 'VP8L', 12)) {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (!startsWith(bytes, 'VP8 ', 12)) return null;
  return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
}

/** One frame of an animation: where it lies on the canvas, and the chunks of its picture. */
interface Frame extends PictureSize {
  readonly left: number;
  readonly top: number;
  readonly content: Uint8Array;
}

/** Bytes of a frame's header, before its picture's chunks. */
const frameHeader = 16;

function framesOf(bytes: Uint8Array): Frame[] {
  if (!startsWith(bytes, 'VP8X', 12)) return [];
  const view = viewOf(bytes);
  const frames: Frame[] = [];
  for (let at = 12; at + 8 <= bytes.length;) {
    const length = view.getUint32(at + 4, true);
    const from = at + 8;
    if (startsWith(bytes, 'ANMF', at))
      frames.push({
        left: 2 * low24(view, from),
        top: 2 * low24(view, from + 3),
        width: low24(view, from + 6) + 1,
        height: low24(view, from + 9) + 1,
        content: bytes.subarray(from + frameHeader, from + length),
      });
    at = from + length + (length % 2);
  }
  return frames;
}

/** A frame's chunks as a file of their own; opacity in a chunk of its own asks for an extended one. */
function stillOf(content: Uint8Array, { width, height }: PictureSize): Uint8Array {
  const text = (word: string) => Array.from(word, (letter) => letter.charCodeAt(0));
  const little = (value: number, count: number) =>
    Array.from({ length: count }, (_, index) => (value >>> (8 * index)) & 255);
  const hasOpacity = startsWith(content, 'ALPH');
  const extended = hasOpacity
    ? [...text('VP8X'), ...little(10, 4), 0x10, 0, 0, 0, ...little(width - 1, 3), ...little(height - 1, 3)]
    : [];
  const head = [
    ...text('RIFF'),
    ...little(4 + extended.length + content.length, 4),
    ...text('WEBP'),
    ...extended,
  ];
  const file = new Uint8Array(head.length + content.length);
  file.set(head);
  file.set(content, head.length);
  return file;
}

/** A frame at its place; what it leaves free is transparent. */
function onCanvas(picture: DecodedPicture, { left, top }: Frame, canvas: PictureSize): DecodedPicture {
  if (picture.width === canvas.width && picture.height === canvas.height) return picture;
  const data = new Uint8Array(4 * canvas.width * canvas.height);
  for (let y = 0; y < picture.height; y++) {
    const row = picture.data.subarray(4 * y * picture.width, 4 * (y + 1) * picture.width);
    data.set(row, 4 * ((top + y) * canvas.width + left));
  }
  return { ...canvas, data };
}
