import { fail, outcomeOf, unwrap, type Failure } from '../../network/failure';
import type { ImageSet, LeftOut } from '../../network/images';
import type { Wanted } from '../datasets/format';
import { baseName, bytesText, type NamedFile } from '../file';
import { describeContent } from '../content';
import { decodePicture, maxPixels } from './decoding';
import { pictureFormatOf, pictureTitles, statedSize, type CodecSource, type PictureSize } from './formats';
import { labelsOf, saysClasses, type Labelled } from './labelling';
import { covering } from './resize';

export type { CodecSource } from './formats';

/** Name for a person, among those of the other formats. */
export const picturesTitle = `${pictureTitles} pictures, in folders named by class or with a CSV or JSON of labels`;

/** Most bytes that all pictures together may take, fitted to the network's input. */
const maxBytes = 2 ** 30;
/** Sides up to this are kept where no network says which size it wants. */
const modalSide = 256;
const defaultSize: PictureSize = { width: 224, height: 224 };

/** Whether a file is a single picture, by content or by a name that says so. */
export function isPicture({ name, bytes }: NamedFile): boolean {
  return (
    pictureFormatOf(bytes) !== null ||
    /\.(jpe?g|jpe|jfif|png|webp|gif|bmp|dib|tiff?|p[bgpn]m|avif|hei[cf]|jxl|jp2|psd|tga)$/i.test(name)
  );
}

/**
 * Reads pictures of any size, each in a file of its own. Where they lie in folders of several names, these are their
 * classes; a CSV or JSON table beside them may give labels or class indices, a text file the names of the classes.
 * Each is decoded, scaled until it covers the network's input and cut to its centre; only the result is kept. Without
 * a network they keep their size if it is the same for all and at most 256, else they become 224×224. Pictures that
 * cannot be decoded and files that are none are left out, and named.
 *
 * @throws FailureError naming the first picture where none can be decoded, or what is wrong with the labels
 */
export async function readPictures(
  files: readonly NamedFile[],
  source: CodecSource,
  wanted?: Wanted,
): Promise<ImageSet> {
  // Folders may come in any order; the same pictures shall be the same set.
  const pictures = files.filter(isPicture).sort((a, b) => (a.name < b.name ? -1 : 1));
  const name = titleOf(pictures);
  const labelled = labelsOf(name, pictures, folderClasses(pictures), files, wanted);
  const { width, height } = wanted && wanted.width > 0 ? wanted : commonSize(pictures);
  const channels = wanted?.channels === 1 ? 1 : 3;
  const size = width * height * channels;
  if (size * pictures.length > maxBytes) {
    const found = `${pictures.length.toLocaleString('en-US')} of ${width}×${height}`;
    fail(
      'invalid-images',
      `${name}: expected pictures that take at most ${bytesText(maxBytes)}, found ${found}; open fewer.`,
    );
  }
  requireTime(name, pictures);
  const pixels = new Uint8Array(size * pictures.length);
  const kept: number[] = [];
  const leftOut: LeftOut[] = [];
  let animated = 0;
  for (const [index, picture] of pictures.entries()) {
    const outcome = await outcomeOf(() => decodePicture(picture, source));
    if (!outcome.ok && outcome.failure.code === 'invalid-images')
      leftOut.push(leftOutFor(picture, outcome.failure));
    else {
      const decoded = unwrap(outcome);
      const colours = covering(decoded, height, width);
      pixels.set(channels === 1 ? brightness(colours) : colours, kept.length * size);
      if ((decoded.frames ?? 1) > 1) animated++;
      kept.push(index);
    }
  }
  if (kept.length === 0) failAll(leftOut);
  for (const stray of strays(files, pictures, wanted)) leftOut.push(stray);
  return {
    ...{ name, count: kept.length, height, width, channels },
    pixels: pixels.subarray(0, kept.length * size),
    ...labelsOfKept(labelled, kept),
    isFitted: true,
    ...(leftOut.length > 0 ? { leftOut } : {}),
    ...(animated > 0 ? { animated } : {}),
  };
}

/** Pixels that all pictures of a set may have before they are fitted: an hour of decoding. */
const maxDecoded = 2e10;

/** Headers tell how long decoding takes; it is refused before it has begun. */
function requireTime(name: string, pictures: readonly NamedFile[]): void {
  const found = pictures.reduce((sum, { bytes }) => {
    const stated = statedSize(bytes);
    const pixels = stated ? stated.width * stated.height : 0;
    // Larger ones are left out by themselves.
    return sum + (pixels > maxPixels ? 0 : pixels);
  }, 0);
  if (found > maxDecoded)
    fail(
      'invalid-images',
      `${name}: expected pictures of at most 20,000 million pixels together, found ${Math.round(found / 1e6).toLocaleString('en-US')} million; make them smaller, or open fewer.`,
    );
}

/** The sentence about the first one. */
function failAll([first, ...others]: readonly LeftOut[]): never {
  const more = others.length === 0 ? '' : ` None of the other ${others.length} can be read either.`;
  return fail('invalid-images', `${first!.name}: ${first!.reason}${more}`);
}

/** The sentence without the file's name, which stands beside it. */
function leftOutFor({ name }: NamedFile, { message }: Failure): LeftOut {
  return { name, reason: message.replace(`${name}: `, '') };
}

/** The labels of some of the pictures. */
function labelsOfKept(labelled: Labelled, kept: readonly number[]): Labelled {
  const { labels, labelChoices } = labelled;
  const some = (all: Int32Array) => Int32Array.from(kept, (index) => all[index]!);
  const readings = labelChoices?.readings.map((reading) => ({ ...reading, labels: some(reading.labels) }));
  return {
    ...labelled,
    labels: labels && some(labels),
    labelChoices: labelChoices && { ...labelChoices, readings: readings! },
  };
}

/** Files that say nothing of the pictures. */
function strays(
  files: readonly NamedFile[],
  pictures: readonly NamedFile[],
  wanted: Wanted | undefined,
): LeftOut[] {
  const count = wanted?.classes ?? null;
  const others = files.filter((file) => !isPicture(file) && !saysClasses(file, pictures, count));
  return others.map(({ name, bytes }) => ({
    name,
    reason: `expected a picture, a table of labels or a list of classes, found ${describeContent(bytes)}`,
  }));
}

/** Rec. 601, as where colour images meet a grey network elsewhere. */
function brightness(colours: Uint8Array): Uint8Array {
  const at = (index: number) =>
    0.299 * colours[3 * index]! + 0.587 * colours[3 * index + 1]! + 0.114 * colours[3 * index + 2]!;
  return Uint8Array.from({ length: colours.length / 3 }, (_, index) => Math.round(at(index)));
}

/** The folder that all lie in, or the first picture's name. */
function titleOf(pictures: readonly NamedFile[]): string {
  const [first] = pictures;
  const folders = foldersOf(first?.name ?? '');
  const depth = pictures.reduce((shared, { name }) => {
    const own = foldersOf(name);
    const other = folders.findIndex((folder, index) => index < shared && folder !== own[index]);
    return other < 0 ? shared : other;
  }, folders.length);
  const more = pictures.length > 1 ? ` and ${pictures.length - 1} more` : '';
  return (depth > 0 ? folders[depth - 1] : undefined) ?? `${baseName(first?.name ?? 'pictures')}${more}`;
}

function foldersOf(name: string): string[] {
  return name.split(/[/\\]/).slice(0, -1);
}

/** The folder each picture lies in, where there are several such folders; else they carry no classes. */
function folderClasses(pictures: readonly NamedFile[]): readonly string[] | null {
  const folders = pictures.map(({ name }) => foldersOf(name).at(-1) ?? '');
  const isLabelled = new Set(folders).size > 1 && !folders.includes('');
  return isLabelled ? folders : null;
}

function commonSize(pictures: readonly NamedFile[]): PictureSize {
  const sizes = pictures.flatMap(({ bytes }) => statedSize(bytes) ?? []);
  const [first] = sizes;
  const isCommon = sizes.every((size) => size.width === first?.width && size.height === first.height);
  const isSmall =
    first && Math.min(first.width, first.height) > 0 && Math.max(first.width, first.height) <= modalSide;
  return first && isCommon && isSmall ? first : defaultSize;
}
