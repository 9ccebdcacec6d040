import { fail } from '../../network/failure';
import { describeContent } from '../content';
import type { NamedFile } from '../file';
import {
  pictureFormatOf,
  pictureTitles,
  statedSize,
  whereWhole,
  type CodecSource,
  type Decode,
  type DecodedPicture,
  type PictureFormat,
} from './formats';

/** More pixels than any camera makes; four bytes each while a picture is decoded. */
export const maxPixels = 100_000_000;

const decoders = new Map<PictureFormat, Promise<Decode>>();

/**
 * Decodes a picture, told by its content. The same code runs in a page and in Node, so the pixels are equal. A JPEG is
 * turned as its EXIF orientation says; others are taken as they are. Of an animation the first frame is taken.
 *
 * @throws FailureError `invalid-images` naming the file where it is no such picture, too large, or damaged
 */
export async function decodePicture(file: NamedFile, source: CodecSource): Promise<DecodedPicture> {
  const format = readableFormat(file);
  const { name, bytes } = file;
  const decode = await decoderFor(format, source);
  try {
    const picture = await decode(bytes);
    if (picture.width > 0 && picture.height > 0) return picture;
  } catch {
    // Each decoder has its own words, of no use to a person; a trap may have left it in disorder.
    decoders.delete(format);
  }
  return fail(
    'invalid-images',
    `${name}: expected a ${format.title} picture, but it is damaged; replace it or leave it out.`,
  );
}

/** The format of a picture that is whole and not too large. */
function readableFormat({ name, bytes }: NamedFile): PictureFormat {
  const format = pictureFormatOf(bytes);
  if (format === null) {
    const found = describeContent(bytes);
    return fail(
      'invalid-images',
      `${name}: expected a ${pictureTitles} picture, found ${found}; convert it.`,
    );
  }
  const { title } = format;
  const size = statedSize(bytes);
  if (size && size.width * size.height > maxPixels) {
    const found = `${size.width}×${size.height}`;
    return fail(
      'invalid-images',
      `${name}: expected at most 100 million pixels, found ${found}; make it smaller.`,
    );
  }
  const unsupported = whereWhole(() => format.unsupported?.(bytes) ?? null, null);
  if (unsupported !== null) {
    return fail(
      'invalid-images',
      `${name}: expected a ${title} picture of a usual kind, found ${unsupported}; save it as PNG.`,
    );
  }
  if (!whereWhole(() => format.endsEarly(bytes), true)) return format;
  return fail(
    'invalid-images',
    `${name}: expected a whole ${title} picture, but its data ends early; replace it or leave it out.`,
  );
}

function decoderFor(format: PictureFormat, source: CodecSource): Promise<Decode> {
  const known = decoders.get(format);
  if (known) return known;
  const made = format.start(source);
  decoders.set(format, made);
  // A failed download may be tried again.
  made.catch(() => decoders.delete(format));
  return made;
}
