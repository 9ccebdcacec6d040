import { fail } from '../../network/failure';
import { describeContent } from '../content';
import type { NamedFile } from '../file';
import { codecOf, statedSize, type Codec } from './headers';
import type { Picture } from './resize';

/** Where the WebAssembly of a decoder comes from: fetched in a page, read from the disk in Node. */
export type CodecSource = (codec: Codec) => Promise<BufferSource>;

/** More pixels than any camera makes; four bytes each while a picture is decoded. */
const maxPixels = 100_000_000;

type Decode = (bytes: ArrayBuffer) => Promise<Picture>;

const decoders = new Map<Codec, Promise<Decode>>();

/**
 * Decodes a JPEG, PNG or WebP picture, told by its content. The same WebAssembly runs in a page and in Node, so the
 * pixels are equal. A JPEG is turned as its EXIF orientation says; PNG and WebP are taken as they are.
 *
 * @throws FailureError `invalid-images` naming the file where it is no such picture, too large, or damaged
 */
export async function decodePicture({ name, bytes }: NamedFile, source: CodecSource): Promise<Picture> {
  const codec = codecOf(bytes);
  if (codec === null) {
    const found = describeContent(bytes);
    return fail(
      'invalid-images',
      `${name}: expected a JPEG, PNG or WebP picture, found ${found}; convert it.`,
    );
  }
  const size = statedSize(bytes, codec);
  if (size && size.width * size.height > maxPixels) {
    const found = `${size.width}×${size.height}`;
    return fail(
      'invalid-images',
      `${name}: expected at most 100 million pixels, found ${found}; make it smaller.`,
    );
  }
  const decode = await decoderFor(codec, source);
  try {
    const picture = await decode(bytes.slice().buffer);
    if (picture.width > 0 && picture.height > 0) return picture;
  } catch {
    // Each decoder has its own words, of no use to a person; a trap may have left it in disorder.
    decoders.delete(codec);
  }
  const kind = { jpeg: 'JPEG', png: 'PNG', webp: 'WebP' }[codec];
  return fail(
    'invalid-images',
    `${name}: expected a ${kind} picture, but it is damaged; replace it or leave it out.`,
  );
}

function decoderFor(codec: Codec, source: CodecSource): Promise<Decode> {
  const known = decoders.get(codec);
  if (known) return known;
  const made = startDecoder(codec, source);
  decoders.set(codec, made);
  // A failed download may be tried again.
  made.catch(() => decoders.delete(codec));
  return made;
}

/** The packages' types leave out that a compiled module may be given. */
type Start = (module: WebAssembly.Module) => Promise<unknown>;

async function startDecoder(codec: Codec, source: CodecSource): Promise<Decode> {
  const module = await WebAssembly.compile(await source(codec));
  if (codec === 'png') {
    const { init, decode } = await import('@jsquash/png/decode.js');
    await init(module);
    return (bytes) => decode(bytes);
  }
  if (codec === 'webp') {
    const { init, default: decode } = await import('@jsquash/webp/decode.js');
    await (init as unknown as Start)(module);
    return (bytes) => decode(bytes);
  }
  const { init, default: decode } = await import('@jsquash/jpeg/decode.js');
  await (init as unknown as Start)(module);
  return (bytes) => decode(bytes, { preserveOrientation: true });
}
