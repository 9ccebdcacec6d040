import { bmp } from './bmp';
import type { PictureFormat, PictureSize } from './format';
import { gif } from './gif';
import { cmykJpeg, jpeg } from './jpeg';
import { netpbm } from './netpbm';
import { png } from './png';
import { tiff } from './tiff';
import { webp } from './webp';

export type { Codec, CodecSource, Decode, DecodedPicture, PictureFormat, PictureSize } from './format';

/** All formats of single pictures; the first that a file is of counts. */
export const pictureFormats: readonly PictureFormat[] = [cmykJpeg, jpeg, png, webp, gif, bmp, tiff, netpbm];

/** Their names for a sentence: "JPEG, PNG, … or PPM". */
export const pictureTitles = [...new Set(pictureFormats.map(({ title }) => title))]
  .join(', ')
  .replace(/, ([^,]*)$/, ' or $1');

/** The format of a picture by its content; null where it is none of them. */
export function pictureFormatOf(bytes: Uint8Array): PictureFormat | null {
  return pictureFormats.find(({ detect }) => detect(bytes)) ?? null;
}

/** What a picture's header says of its size; null where it makes no sense. */
export function statedSize(bytes: Uint8Array): PictureSize | null {
  const size = whereWhole(() => pictureFormatOf(bytes)?.size(bytes), null);
  return size ? { width: size.width, height: size.height } : null;
}

/** What reads of a header, or another value where the file ends within it. */
export function whereWhole<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return otherwise;
    throw error;
  }
}
