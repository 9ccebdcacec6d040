import { fail } from '../../../network/failure';
import { maxNodes, requireFewNodes } from '../../limits';
import { CheckedBytes } from './checkedBytes';
import { BuiltinOperator, Model, type OperatorT, type SubGraphT } from './generated/tflite';

/** What the studio reads of a TensorFlow Lite file. */
export interface TfliteModel {
  /** The first subgraph, which is the network; others are called by operators that the studio does not compute. */
  readonly graph: SubGraphT;
  /** Bytes of each buffer; empty where it has none. */
  readonly buffers: readonly Uint8Array[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Name of an operator's kind: `CONV_2D`, or what a custom one calls itself. */
  readonly kindOf: (operator: OperatorT) => string;
}

/**
 * Reads the structure of a file, every offset and length checked before it is used.
 *
 * @throws FailureError `unreadable-file` with a sentence without the file's name
 */
export function parseModel(bytes: Uint8Array): TfliteModel {
  const model = Model.getRootAsModel(new CheckedBytes(bytes));
  if (model.version() !== 3)
    fail(
      'unreadable-file',
      `expected version 3 of the format, found ${model.version()}; convert the network again.`,
    );
  const count = model.buffersLength();
  requireFewNodes(count / 4, 'buffers');
  const buffers = Array.from({ length: count }, (_, index) => bufferAt(model, index, bytes));
  return {
    graph: graphOf(model),
    buffers,
    metadata: metadataOf(model, buffers),
    kindOf: kindsOf(model),
  };
}

function graphOf(model: Model): SubGraphT {
  const graph = model.subgraphsLength() > 0 ? model.subgraphs(0) : null;
  if (!graph)
    return fail('unreadable-file', 'expected a network, found a file without any; convert it again.');
  requireFewNodes(graph.operatorsLength(), 'operators');
  // A layer has a value, a kernel, a bias and rarely more.
  requireFewNodes(graph.tensorsLength() / 8, 'tensors');
  return graph.unpack();
}

/** Files of more than 2 GB hold their data behind the part that is a FlatBuffer. */
function bufferAt(model: Model, index: number, bytes: Uint8Array): Uint8Array {
  const buffer = model.buffers(index)!;
  const [offset, size] = [Number(buffer.offset()), Number(buffer.size())];
  if (offset <= 1) return buffer.dataArray() ?? new Uint8Array(0);
  if (offset + size > bytes.length)
    fail(
      'unreadable-file',
      `buffer ${index}: expected ${size} bytes at ${offset}, found a file of ${bytes.length}; copy it again.`,
    );
  return bytes.subarray(offset, offset + size);
}

/** Codes were one byte once; larger ones have a field of their own. */
function kindsOf(model: Model): (operator: OperatorT) => string {
  const count = model.operatorCodesLength();
  requireFewNodes(count, 'kinds of operators');
  const kinds = Array.from({ length: count }, (_, index) => {
    const code = model.operatorCodes(index)!;
    const builtin = Math.max(code.deprecatedBuiltinCode(), code.builtinCode());
    const name = BuiltinOperator[builtin] ?? `operator ${builtin}`;
    return name === 'CUSTOM' ? (code.customCode() ?? name) : name;
  });
  return ({ opcodeIndex }) =>
    kinds[opcodeIndex] ??
    fail(
      'unreadable-file',
      `expected one of ${count} kinds of operators, found number ${opcodeIndex}; convert the network again.`,
    );
}

/** Metadata of converters, which is no text for a person. */
const foreign: ReadonlySet<string> = new Set([
  'TFLITE_METADATA',
  'CONVERSION_METADATA',
  'min_runtime_version',
]);
const longestText = 2 ** 16;

function metadataOf(model: Model, buffers: readonly Uint8Array[]): Readonly<Record<string, string>> {
  const count = Math.min(model.metadataLength(), maxNodes);
  const entries = Array.from({ length: count }, (_, index): readonly [string, string][] => {
    const entry = model.metadata(index)!;
    const name = entry.name();
    const bytes = buffers[entry.buffer()];
    if (name === null || foreign.has(name) || !bytes || bytes.length > longestText) return [];
    return [[name, new TextDecoder().decode(bytes)]];
  });
  return Object.fromEntries(entries.flat());
}
