import { fail } from '../../../network/failure';
import { baseName, bytesText, type NamedFile } from '../../file';
import { unsafeNameReason } from '../../safeNames';
import { MalformedMessage, decodeMessage, type Schema } from '../protobuf';
import { modelSchema, type TensorProto } from './schema';

/** Gives the bytes of weights that lie in another file; `place` names the weight for a sentence. */
export type ExternalData = (tensor: TensorProto, place: string) => Uint8Array;

/** Where a tensor's bytes lie. Only these keys are looked at; whatever else a file says is passed over. */
interface Reference {
  readonly location: string;
  readonly offset: number;
  /** Number of bytes, or null for all that follow. */
  readonly length: number | null;
}

/**
 * Finds weights in the files that came with a network. Names are matched among those files only, beside the
 * network first; nothing is ever looked for on a disk.
 *
 * @returns what throws a FailureError `unreadable-file` where a name is absolute or leads out of the
 * network's folder, or where the file is missing or too short
 */
export function externalDataIn(model: NamedFile, files: readonly NamedFile[]): ExternalData {
  return (tensor, place) => {
    const reference = referenceOf(tensor, place);
    return partOf(fileOf(reference.location, model, files, place), reference, place);
  };
}

function referenceOf({ externalData }: TensorProto, place: string): Reference {
  const text = (wanted: string) => externalData.find(({ key }) => key === wanted)?.value;
  const whole = (wanted: string) => {
    const value = text(wanted);
    if (value === undefined) return null;
    const number = /^\d+$/.test(value) ? Number(value) : NaN;
    if (Number.isSafeInteger(number)) return number;
    throw new MalformedMessage(place, `its ${wanted} is "${value}", expected a number of bytes`);
  };
  const location = text('location');
  if (location === undefined) throw new MalformedMessage(place, 'the file that holds it is not named');
  return { location, offset: whole('offset') ?? 0, length: whole('length') };
}

function fileOf(location: string, model: NamedFile, files: readonly NamedFile[], place: string): NamedFile {
  const reason = unsafeNameReason(location);
  if (reason !== null) {
    fail(
      'unreadable-file',
      `${place}: expected its weights in a file beside the network, found "${location}", which ${reason}; export the network again.`,
    );
  }
  const folder = model.name.slice(0, model.name.length - baseName(model.name).length);
  const beside = folder + location.replace(/^\.\//, '');
  const found =
    files.find(({ name }) => name === beside) ??
    files.find(({ name }) => baseName(name) === baseName(location));
  if (found) return found;
  return fail(
    'unreadable-file',
    `${place}: expected its weights in "${location}", found no such file; open it together with the network.`,
  );
}

function partOf({ name, bytes }: NamedFile, { offset, length }: Reference, place: string): Uint8Array {
  const end = length === null ? bytes.length : offset + length;
  if (offset <= bytes.length && end <= bytes.length) return bytes.subarray(offset, end);
  return fail(
    'unreadable-file',
    `${place}: expected its weights up to byte ${end.toLocaleString('en-US')} of ${baseName(name)}, found ${bytesText(bytes.length)}; copy that file again.`,
  );
}

const { schema: graphSchema } = modelSchema.graph;
/** The part of a network that names other files. */
const namesSchema = {
  graph: {
    number: modelSchema.graph.number,
    kind: 'message',
    schema: {
      initializers: {
        number: graphSchema.initializers.number,
        kind: 'messages',
        schema: { externalData: graphSchema.initializers.schema.externalData },
      },
    },
  },
} as const satisfies Schema;

/** Base names of the other files that an ONNX file's weights lie in; none where it is damaged. */
export function externalNames({ bytes }: NamedFile): ReadonlySet<string> {
  try {
    const tensors = decodeMessage(namesSchema, bytes, '').graph?.initializers ?? [];
    const entries = tensors.flatMap(({ externalData }) => externalData);
    return new Set(
      entries.flatMap(({ key, value }) => (key === 'location' && value ? [baseName(value)] : [])),
    );
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
    return new Set();
  }
}
