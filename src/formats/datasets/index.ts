import { fail } from '../../network/failure';
import type { ImageSet } from '../../network/images';
import type { Reading } from '../../network/reading';
import { describeContent } from '../content';
import type { NamedFile } from '../file';
import { gunzipped } from '../gzip';
import { cifar10 } from './cifar10';
import { cifar100 } from './cifar100';
import type { ImageFormat, Wanted } from './format';
import { idx } from './idx';
import { requireImageSet } from './imageSet';
import { numpy } from './numpy';

export { checkImagesFit } from './fit';
export type { ImageFormat, ImageSize, Wanted } from './format';

/** All formats that hold many images of one size; pictures of their own are in `../pictures`. */
export const imageFormats: readonly ImageFormat[] = [cifar10, cifar100, idx, numpy];

/**
 * Reads images from files of any format, chosen by their content; gzip-compressed files are unpacked first.
 *
 * @param wanted by the network, for formats that leave a choice
 * @param reading what a person decided of it
 * @throws FailureError with a sentence that says what was expected and what the file seems to be
 */
export function readImages(files: readonly NamedFile[], wanted?: Wanted, reading?: Reading): ImageSet {
  const unpacked = files.map((file) => gunzipped(file));
  const candidates = imageFormats.map((format) => ({ format, score: format.detect(unpacked) }));
  const best = candidates.reduce((left, right) => (right.score > left.score ? right : left));
  return best.score > 0
    ? requireImageSet(best.format.read(unpacked, wanted, reading))
    : failUnknown(unpacked);
}

function failUnknown([file]: readonly NamedFile[]): never {
  const titles = imageFormats.map(({ title }) => title).join(', ');
  if (!file) return fail('unreadable-file', `Expected images (${titles}), found no file; choose some.`);
  const found = describeContent(file.bytes);
  return fail(
    'unreadable-file',
    `${file.name}: expected images (${titles}), found ${found}; convert it to one of these.`,
  );
}
