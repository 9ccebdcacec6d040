import { fail } from '../../network/failure';
import type { ImageSet } from '../../network/images';
import { describeContent } from '../content';
import type { NamedFile } from '../file';
import { gunzipped } from '../gzip';
import { cifar10 } from './cifar10';
import type { ImageFormat, ImageSize } from './format';
import { idx } from './idx';

export { checkImagesFit } from './fit';
export type { ImageFormat, ImageSize } from './format';

/** All formats of images that the studio reads. */
export const imageFormats: readonly ImageFormat[] = [cifar10, idx];

/**
 * Reads images from files of any format, chosen by their content; gzip-compressed files are unpacked first.
 *
 * @param expected size that the network wants, for formats that leave a choice
 * @throws FailureError with a sentence that says what was expected and what the file seems to be
 */
export function readImages(files: readonly NamedFile[], expected?: ImageSize): ImageSet {
  const unpacked = files.map((file) => gunzipped(file));
  const candidates = imageFormats.map((format) => ({ format, score: format.detect(unpacked) }));
  const best = candidates.reduce((left, right) => (right.score > left.score ? right : left));
  return best.score > 0 ? best.format.read(unpacked, expected) : failUnknown(unpacked);
}

function failUnknown([file]: readonly NamedFile[]): never {
  const titles = imageFormats.map(({ title }) => title).join(', ');
  if (!file) return fail('unreadable-file', `Expected images (${titles}), found no file.`);
  const found = describeContent(file.bytes);
  return fail('unreadable-file', `${file.name}: expected images (${titles}), found ${found}.`);
}
