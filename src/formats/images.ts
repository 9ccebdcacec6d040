import { fail } from '../network/failure';
import type { ImageSet } from '../network/images';
import type { Reading } from '../network/reading';
import { unpackArchives } from './archives';
import { describeContent } from './content';
import { imageFormats, readImages, type Wanted } from './datasets';
import { requireImageSet } from './datasets/imageSet';
import { withMatchedClasses } from './datasets/classes';
import { foreign, foreignSentence, isForeign } from './datasets/foreign';
import type { NamedFile } from './file';
import { isPicture, picturesTitle, readPictures, type CodecSource } from './pictures';
import { isTable } from './pictures/tables';

export type { CodecSource } from './pictures';

/**
 * Reads images of any kind: many in one file, or pictures in files of their own, from a folder or a zip archive. A
 * CSV or JSON table beside them says which index of the network a class has.
 *
 * @param source of the decoders' WebAssembly, asked only where there are pictures
 * @param wanted by the network that the images are for, where one is open
 * @param reading what a person decided of how the files are read
 * @throws FailureError with a sentence that says what was expected and what was found
 */
export async function openImageFiles(
  files: readonly NamedFile[],
  source: CodecSource,
  wanted?: Wanted,
  reading?: Reading,
): Promise<ImageSet> {
  return requireImageSet(await openAny(files, source, wanted, reading));
}

async function openAny(
  files: readonly NamedFile[],
  source: CodecSource,
  wanted: Wanted | undefined,
  reading: Reading | undefined,
): Promise<ImageSet> {
  const unpacked = unpackArchives(files, [...imageFormats, foreign]);
  const others = unpacked.filter(isForeign);
  if (others.length === 0) return openOwn(files, unpacked, source, wanted, reading);
  const own = unpacked.filter((file) => !others.includes(file));
  const isReadable = own.some(isPicture) || imageFormats.some(({ detect }) => detect(own) > 0);
  if (!isReadable) failForeign(others);
  const images = await openOwn(files, own, source, wanted, reading);
  const leftOut = others.map((file) => ({ name: file.name, reason: foreignSentence(file) }));
  return { ...images, leftOut: [...(images.leftOut ?? []), ...leftOut] };
}

/** The largest file is the one with the images. */
function failForeign(files: readonly NamedFile[]): never {
  const file = files.reduce((a, b) => (b.bytes.length > a.bytes.length ? b : a));
  return fail('unreadable-file', `${file.name}: ${foreignSentence(file)}`);
}

/** Files of formats that are read here. */
async function openOwn(
  files: readonly NamedFile[],
  unpacked: readonly NamedFile[],
  source: CodecSource,
  wanted: Wanted | undefined,
  reading: Reading | undefined,
): Promise<ImageSet> {
  if (unpacked.some(isPicture)) return readPictures(unpacked, source, wanted);
  const [first] = files;
  if (unpacked.length === 0 && first) {
    const expected = `expected images (${[...imageFormats.map(({ title }) => title), picturesTitle].join(', ')})`;
    return fail(
      'unreadable-file',
      `${first.name}: ${expected}, found ${describeContent(first.bytes)}; convert it to one of these.`,
    );
  }
  const held = unpacked.filter((file) => !isTable(file));
  if (held.length === 0) return readImages(unpacked, wanted, reading);
  return withMatchedClasses(readImages(held, wanted, reading), unpacked.filter(isTable), wanted);
}
