import type { Frame } from 'omggif';
import { loadPart } from '../../../network/parts';
import { startsWith } from '../../content';
import { viewOf, type PictureFormat } from './format';

/** GIF 87a and 89a; of an animation the first frame. */
export const gif: PictureFormat = {
  id: 'gif',
  title: 'GIF',
  detect: (bytes) => startsWith(bytes, 'GIF87a') || startsWith(bytes, 'GIF89a'),
  size: (bytes) => ({ width: viewOf(bytes).getUint16(6, true), height: viewOf(bytes).getUint16(8, true) }),
  endsEarly: (bytes) => !reachesTrailer(bytes),
  start: async () => {
    const { GifReader } = await loadPart('the decoder of GIF pictures', () => import('omggif'));
    return (bytes) => {
      const reader = new GifReader(bytes as Buffer);
      const { width, height } = reader;
      const frame = reader.frameInfo(0) as Frame & { readonly data_offset: number };
      // The picture's header told how large it is; a frame beyond it would be decoded whole.
      if (frame.x + frame.width > width || frame.y + frame.height > height)
        throw new RangeError('a frame larger than its picture');
      requireCodes(bytes, frame.data_offset);
      const data = new Uint8Array(4 * width * height);
      reader.decodeAndBlitFrameRGBA(0, data);
      return { width, height, data, frames: reader.numFrames() };
    };
  },
};

/** Most codes that LZW as GIF has it knows. */
const mostCodes = 4096;

/**
 * Requires that a frame's codes are ones that are known when they come: the decoder takes others for granted, and an
 * entry of its table that leads to itself keeps it for ever.
 *
 * @param at where the size of the codes stands
 * @throws RangeError where one is not known
 */
function requireCodes(bytes: Uint8Array, at: number): void {
  const size = bytes[at]!;
  if (size < 1 || size > 11) throw new RangeError(`codes of ${size} bits`);
  const clear = 1 << size;
  let [next, width, isFirst] = [clear + 2, size + 1, true];
  let [held, bits] = [0, 0];
  for (const byte of blockBytes(bytes, at + 1)) {
    held |= byte << bits;
    for (bits += 8; bits >= width;) {
      const code = held & ((1 << width) - 1);
      held >>>= width;
      bits -= width;
      if (code === clear + 1) return;
      if (code === clear) {
        [next, width, isFirst] = [clear + 2, size + 1, true];
        continue;
      }
      if (code > next || (code === next && isFirst)) throw new RangeError(`code ${code} before it is known`);
      if (!isFirst && next < mostCodes && ++next === 1 << width && width < 12) width++;
      isFirst = false;
    }
  }
}

/** What blocks hold, up to an empty one. */
function* blockBytes(bytes: Uint8Array, from: number): Generator<number> {
  for (let at = from; (bytes[at] ?? 0) > 0; at += 1 + bytes[at]!) {
    for (const byte of bytes.subarray(at + 1, at + 1 + bytes[at]!)) yield byte;
  }
}

/** Bytes of a colour table that a field of flags announces. */
const tableBytes = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);

/** Walks the blocks up to the byte that ends a file. */
function reachesTrailer(bytes: Uint8Array): boolean {
  const view = viewOf(bytes);
  for (let at = 13 + tableBytes(view.getUint8(10)); ;) {
    const kind = view.getUint8(at);
    if (kind === 0x3b) return true;
    // An extension with its label, or a frame with its header, its colours and the size of its codes.
    const from = kind === 0x21 ? at + 2 : at + 11 + tableBytes(view.getUint8(at + 9));
    if (kind !== 0x21 && kind !== 0x2c) return false;
    at = endOfBlocks(view, from);
  }
}

/** Blocks with their lengths before them, up to an empty one. */
function endOfBlocks(view: DataView, from: number): number {
  let at = from;
  for (let length = view.getUint8(at); length > 0; length = view.getUint8(at)) at += 1 + length;
  return at + 1;
}
