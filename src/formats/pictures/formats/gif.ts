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
    const { GifReader } = await import('omggif');
    return (bytes) => {
      const reader = new GifReader(bytes as Buffer);
      const { width, height } = reader;
      const data = new Uint8Array(4 * width * height);
      reader.decodeAndBlitFrameRGBA(0, data);
      return { width, height, data, frames: reader.numFrames() };
    };
  },
};

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
