import { fail } from '../../../network/failure';
import type { StoredTensor } from '../layers/weights';
import { CannotCompute, cannot } from '../onnx/context';
import type { SourceGraph } from '../tfjs/graph/network';
import { TensorType, type OperatorT, type TensorT } from './generated/tflite';
import { holdsLevels, levelsAsItRuns, levelsOf, roundingAfter } from './levels';
import type { TfliteModel } from './model';
import { TfliteNode } from './node';
import { translations, type Translation } from './operators';
import { SourceOperator } from './sourceOperator';
import { storedTensor } from './tensors';

/** What stands for an operator that has no translation; its name is followed by the reason. */
export const untranslated = 'no translation: ';

/**
 * The file's graph as one of TensorFlow, which it was converted from.
 *
 * @throws FailureError `unreadable-file` with a sentence without the file's name
 */
export function sourceGraphOf(model: TfliteModel, name: string): SourceGraph {
  const names = valueNames(model);
  const constants = constantsOf(model, names);
  const inputs = indicesIn(model.graph.inputs, names, 'the network');
  const placeholders = inputs.map((index) => placeholder(model.graph.tensors[index]!, names[index]!));
  const roundings = inputs.flatMap((index) => inputRounding(model.graph.tensors[index]!, index, names));
  const fresh = namesBeside(names);
  const nodes = model.graph.operators.flatMap((operator) => nodeOf(operator, model, names, constants, fresh));
  const all = [...placeholders, ...roundings, ...nodes];
  requireWrittenOnce(all, constants);
  const shapes = inputs.map(
    (index, at) => [placeholders[at]!.name, statedShape(model.graph.tensors[index]!)] as const,
  );
  const outputs = indicesIn(model.graph.outputs, names, 'the network').map((index) => names[index]!);
  const [first] = inputs;
  const batch = first === undefined ? {} : { batch: model.graph.tensors[first]!.shape[0] ?? 1 };
  return {
    ...{ name, nodes: all, constants, ...batch },
    signature: { inputs: new Map(shapes), outputs },
  };
}

/** The shape with −1 for extents that may change. */
function statedShape({ shape, shapeSignature }: TensorT): readonly number[] {
  return shapeSignature.length === shape.length ? shapeSignature : shape;
}

/** Number of images that the file fixes, or "N": one at a time is the usual case, and runtimes resize it. */
export function batchOf({ graph }: TfliteModel): number | string {
  const input = graph.tensors[graph.inputs[0] ?? -1];
  const [batch = -1] = input ? statedShape(input) : [];
  return batch > 1 ? batch : 'N';
}

function placeholder(tensor: TensorT, name: string): TfliteNode {
  const { type } = tensor;
  if (type !== TensorType.FLOAT32 && !holdsLevels(tensor))
    fail(
      'unreadable-file',
      `input "${name}": expected numbers in FLOAT32, or levels with a scale, found ${TensorType[type] ?? type}; convert the network with inputs in float32.`,
    );
  return new TfliteNode(name, 'Placeholder', 'input', []);
}

/** Makes names that no value has yet. */
function namesBeside(names: readonly string[]): (wanted: string) => string {
  const taken = new Set(names);
  return (wanted) => {
    let name = wanted;
    for (let count = 2; taken.has(name); count++) name = `${wanted}_${count}`;
    taken.add(name);
    return name;
  };
}

/** Where a file takes levels, the network takes numbers and rounds them; what is read of the input is that. */
function inputRounding(tensor: TensorT, index: number, names: string[]): readonly TfliteNode[] {
  if (!holdsLevels(tensor)) return [];
  const input = names[index]!;
  const name = namesBeside(names)(`${input}/levels`);
  names[index] = name;
  const { type, scale, zeroPoint } = levelsOf(tensor);
  return [
    new TfliteNode(name, 'Quantise', 'input', [input], {}, [{ kind: 'quantise', type, scale, zeroPoint }]),
  ];
}

/**
 * Names of the values of tensors: none twice, and none that looks like another one's further value. Converters join
 * the names of all that became one operator; the first one is enough.
 */
function valueNames({ graph: { tensors, operators } }: TfliteModel): string[] {
  const taken = new Set<string>();
  const names = tensors.map(({ name }, index) => {
    const text = typeof name === 'string' ? name : '';
    const first = text
      .split(';', 1)[0]!
      .replace(/^serving_default_/, '')
      .replace(/:0$/, '')
      .replaceAll(':', '_');
    const wanted = first || `tensor${index}`;
    let unique = wanted;
    for (let count = 2; taken.has(unique); count++) unique = `${wanted}_${count}`;
    taken.add(unique);
    return unique;
  });
  // A further value of a node is called by the node's name and its number.
  for (const { outputs } of operators)
    for (const [index, output] of outputs.entries())
      if (index > 0 && names[output] !== undefined) names[output] = `${names[outputs[0]!]}:${index}`;
  return names;
}

/** Values of tensors with a buffer; what a DEQUANTIZE makes of one is it in float32. */
function constantsOf({ graph, buffers, kindOf }: TfliteModel, names: readonly string[]) {
  const constants = new Map<string, StoredTensor>();
  graph.tensors.forEach((tensor, index) => {
    const bytes = buffers[tensor.buffer];
    if (!bytes)
      fail(
        'unreadable-file',
        `tensor "${names[index]}": expected one of ${buffers.length} buffers, found number ${tensor.buffer}; convert the network again.`,
      );
    const stored = storedTensor(tensor, names[index]!, bytes);
    if (stored) constants.set(names[index]!, stored);
  });
  for (const operator of graph.operators) {
    if (kindOf(operator) !== 'DEQUANTIZE') continue;
    const [from, to] = [operator.inputs[0], operator.outputs[0]];
    const stored = constants.get(names[from ?? -1] ?? '');
    if (stored && to !== undefined && names[to] !== undefined) constants.set(names[to], stored);
  }
  return constants;
}

function nodeOf(
  operator: OperatorT,
  model: TfliteModel,
  names: readonly string[],
  constants: Map<string, StoredTensor>,
  fresh: (wanted: string) => string,
): readonly TfliteNode[] {
  const kind = model.kindOf(operator);
  const outputs = indicesIn(operator.outputs, names, kind);
  const inputs = indicesIn(operator.inputs, names, kind).map((index) => names[index]!);
  const [first] = outputs;
  if (first === undefined)
    return fail(
      'unreadable-file',
      `${kind}: expected an operator that answers something, found none; convert the network again.`,
    );
  const name = names[first]!;
  if (kind === 'DEQUANTIZE' && constants.has(name)) return [];
  const source = new SourceOperator(operator, name, inputs, constants);
  const tensorsOf = (indices: readonly number[]) => indices.map((index) => model.graph.tensors[index]!);
  const reads = tensorsOf(operator.inputs.filter((index) => index >= 0 && !constants.has(names[index]!)));
  const { op, after = [], ...given } = translated(kind, source, reads, tensorsOf(outputs));
  const read = given.inputs ?? inputs;
  const levels = translations.has(kind) ? levelsAsItRuns(kind, source, operator, model) : null;
  if (!levels) return [new TfliteNode(name, op, kind, read, given.attributes, after)];
  const [input = '', ...others] = read;
  const rounded = fresh(`${name}/rounded`);
  return [
    new TfliteNode(rounded, 'Quantise', kind, [input], {}, [levels]),
    new TfliteNode(name, op, kind, [rounded, ...others], given.attributes, after),
  ];
}

/** What stands for an operator, with the rounding of what the file holds in levels. */
function translated(
  kind: string,
  source: SourceOperator,
  reads: readonly TensorT[],
  answers: readonly TensorT[],
): Translation {
  const translate = translations.get(kind);
  if (!translate) return { op: kind };
  try {
    const roundings = answers.flatMap((answer) => roundingAfter(kind, reads, answer));
    if (roundings.length > 1) cannot('its values are rounded to different levels.');
    const { after = [], ...translation } = translate(source);
    return { ...translation, after: [...after, ...roundings] };
  } catch (error) {
    if (!(error instanceof CannotCompute)) throw error;
    return { op: `${untranslated}${error.message}` };
  }
}

/** Indices of tensors, those of inputs that are left out (−1) not among them. */
function indicesIn(indices: readonly number[], names: readonly string[], reader: string): readonly number[] {
  const given = indices.filter((index) => index !== -1);
  const outside = given.find((index) => names[index] === undefined);
  if (outside !== undefined)
    fail(
      'unreadable-file',
      `${reader}: expected tensors 0 to ${names.length - 1}, found number ${outside}; convert the network again.`,
    );
  return given;
}

function requireWrittenOnce(
  nodes: readonly TfliteNode[],
  constants: ReadonlyMap<string, StoredTensor>,
): void {
  const written = new Set<string>(constants.keys());
  for (const { name } of nodes) {
    if (written.has(name))
      fail(
        'unreadable-file',
        `tensor "${name}": expected every tensor to be given once, found it as a constant or an output twice; convert the network again.`,
      );
    written.add(name);
  }
}
