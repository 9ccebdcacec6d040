import { startsWith } from '../content';

/** Formats of single pictures that can be decoded. */
export type Codec = 'jpeg' | 'png' | 'webp';

/** The format of a picture by its content; null where it is none of them. */
export function codecOf(bytes: Uint8Array): Codec | null {
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return 'jpeg';
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png';
  return startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8) ? 'webp' : null;
}

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/**
 * What a picture's header says of its size (before any turn that its camera asks for), so that nothing is decoded
 * that could not be held; null where the header makes no sense.
 */
export function statedSize(bytes: Uint8Array, codec: Codec): PictureSize | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (codec === 'png') return { width: view.getUint32(16), height: view.getUint32(20) };
    return codec === 'webp' ? webpSize(bytes, view) : jpegSize(view);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The three kinds of first chunk: extended, lossless, lossy (RFC 9649). */
function webpSize(bytes: Uint8Array, view: DataView): PictureSize | null {
  const low24 = (at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
  if (startsWith(bytes, 'VP8X', 12)) return { width: low24(24) + 1, height: low24(27) + 1 };
  if (startsWith(bytes, 'VP8L', 12)) {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (!startsWith(bytes, 'VP8 ', 12)) return null;
  return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
}

/** Walks the segments up to the frame header (SOF0 to SOF15 without the tables among them). */
function jpegSize(view: DataView): PictureSize | null {
  for (let at = 2; ;) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    // A filler byte, or a marker without content.
    at +=
      marker === 0xff
        ? 1
        : marker === 1 || (marker >= 0xd0 && marker <= 0xd8)
          ? 2
          : 2 + view.getUint16(at + 2);
  }
}
