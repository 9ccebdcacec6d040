import { fail } from '../../network/failure';
import type { Network } from '../../network/graph';
import { describeContent } from '../content';
import type { NamedFile } from '../file';
import type { ModelFormat } from './format';
import { onnx } from './onnx';

/** All formats of networks that the studio reads and writes. */
export const modelFormats: readonly ModelFormat[] = [onnx];

/**
 * Reads a network from files of any format, chosen by their content.
 *
 * @throws FailureError `unreadable-file` with a sentence that says what was expected and what the file seems to be
 */
export async function readNetwork(files: readonly NamedFile[]): Promise<Network> {
  const candidates = modelFormats.map((format) => ({ format, score: format.detect(files) }));
  const best = candidates.reduce((left, right) => (right.score > left.score ? right : left));
  return best.score > 0 ? best.format.read(files) : failUnknown(files);
}

/**
 * Writes a network in the format with this id.
 *
 * @throws FailureError `invalid-request` for an unknown format; what the format's writer throws
 */
export async function writeNetwork(network: Network, format: string): Promise<readonly NamedFile[]> {
  const known = modelFormats.find(({ id }) => id === format);
  const ids = modelFormats.map(({ id }) => id).join(', ');
  return known
    ? known.write(network)
    : fail('invalid-request', `Expected a format to write (${ids}), found "${format}".`);
}

function failUnknown(files: readonly NamedFile[]): never {
  const titles = modelFormats.map(({ title }) => title).join(', ');
  const endings = modelFormats.flatMap(({ extensions }) => extensions).join(', ');
  const [file] = files;
  if (!file)
    return fail(
      'unreadable-file',
      `Expected a network (${titles}), found no file; choose a ${endings} file.`,
    );
  const found = describeContent(file.bytes);
  return fail(
    'unreadable-file',
    `${file.name}: expected a network (${titles}), found ${found}; choose a ${endings} file.`,
  );
}
