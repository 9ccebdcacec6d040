import { fail } from '../../network/failure';
import { roundsAsItRuns } from '../../network/dynamicLevels';
import type { Network } from '../../network/graph';
import { withScoreOutput } from '../../network/outputs';
import { unpackArchives } from '../archives';
import { describeContent } from '../content';
import type { NamedFile } from '../file';
import { requireInputSize } from './inputSize';
import type { ModelReader, ReadOptions } from './reader';
import { readers } from './readers';
import type { ModelWriter } from './writer';
import { writers } from './writers';
import { greatest } from '../../linalg/extremes';

/**
 * Reads the network among files of any format, chosen by their content; zip archives are unpacked first, and
 * files that belong to no network are passed over.
 *
 * @throws FailureError `unreadable-file` with a sentence that says what was expected and what the file seems to be;
 * `needs-input-size` where neither files nor options say how large the images are
 */
export async function readNetwork(files: readonly NamedFile[], options: ReadOptions = {}): Promise<Network> {
  const unpacked = unpackArchives(files, readers.all);
  const [format, ...others] = formatsIn(unpacked);
  if (!format) return failUnknown(files);
  if (others.length > 0) return failSeveral([format, ...others], unpacked);
  const network = await format.read(unpacked, options);
  requireInputSize(network, options);
  return withScoreOutput(network, options.output ?? null);
}

/** The files that belong to networks, of any format; archives must be unpacked. */
export function networkParts(files: readonly NamedFile[]): readonly NamedFile[] {
  return formatsIn(files).flatMap(({ parts }) => parts(files));
}

/**
 * Writes a network in the format with this id.
 *
 * @throws FailureError `invalid-request` for an unknown format; `unsupported-operator` where the network rounds values as
 * it runs and the format has no such thing; what the format's writer throws
 */
export async function writeNetwork(network: Network, format: string): Promise<readonly NamedFile[]> {
  const writer = writerOf(format);
  const rounding = writer.holdsDynamic ? undefined : network.nodes.find(roundsAsItRuns);
  if (rounding)
    fail(
      'unsupported-operator',
      `${writer.title}: expected values in float32 or on levels that are known before, found "${rounding.name}", which finds them as it runs; choose activations in float32, or TensorFlow Lite.`,
    );
  return writer.write(network);
}

/** The writer with this id. @throws FailureError `invalid-request` for an unknown format */
export function writerOf(format: string): ModelWriter {
  const ids = writers.all.map(({ id }) => id).join(', ');
  return (
    writers.find(format) ??
    fail('invalid-request', `Expected a format to write (${ids}), found "${format}"; choose one of these.`)
  );
}

/** The formats that are surest of these files; several where several are as sure. */
function formatsIn(files: readonly NamedFile[]): readonly ModelReader[] {
  const scores = readers.all.map(({ detect }) => detect(files));
  const best = greatest(scores);
  const surest = best > 0 ? readers.all.filter((_, index) => scores[index] === best) : [];
  // Numbers in a shard can look like the start of another format: what is part of a larger whole is no network.
  const wholes = surest.map(({ parts }) => parts(files));
  const isPartOf = (part: readonly NamedFile[], whole: readonly NamedFile[]) =>
    part.length < whole.length && part.every((file) => whole.includes(file));
  return surest.filter((_, index) => !wholes.some((whole) => isPartOf(wholes[index]!, whole)));
}

function failSeveral(formats: readonly ModelReader[], files: readonly NamedFile[]): never {
  const found = formats.map(({ title, parts }) => `${namesOf(parts(files))} (${title})`).join('; ');
  return fail(
    'unreadable-file',
    `Expected one network, found ${formats.length}: ${found}; choose one of them.`,
  );
}

/** At most three names: a network of many shards would fill the page. */
function namesOf(files: readonly NamedFile[]): string {
  const names = files.slice(0, 3).map(({ name }) => name);
  return [...names, ...(files.length > 3 ? [`${files.length - 3} more`] : [])].join(', ');
}

function failUnknown(files: readonly NamedFile[]): never {
  const titles = readers.all.map(({ title }) => title).join(', ');
  const endings = readers.all.flatMap(({ extensions }) => extensions).join(', ');
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
