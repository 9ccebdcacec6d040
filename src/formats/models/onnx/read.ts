import { FailureError, fail } from '../../../network/failure';
import type { Network } from '../../../network/graph';
import { stem, type NamedFile } from '../../file';
import { requireFewNodes } from '../../limits';
import { MalformedMessage, decodeMessage } from '../protobuf';
import type { ReadOptions } from '../reader';
import { inUsualOrder } from './arrange';
import { unknownAttribute } from './attributes';
import { sameAxes, usualAxes } from './axes';
import { CannotCompute, ReadContext, cannot } from './context';
import { externalDataIn, type ExternalData } from './external';
import { foldConstant } from './folding';
import { noteForm } from './forms';
import { inputOf, type GraphInput } from './input';
import { OnnxNode, type NodeDraft } from './node';
import { converters } from './operators';
import { followLevels } from './operators/quantising';
import { adviceFor, otherDomainText } from './operators/unknown';
import { readOpsets } from './opsets';
import {
  elementType,
  modelSchema,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from './schema';
import { constantOf, type Constant } from './tensors';

/**
 * Reads an ONNX file. Kernels become [D_h, D_w, I/g, O] and images NHWC; nodes that the studio cannot compute
 * become `unsupported` nodes with the reason, which is no failure here.
 *
 * @param files that came with it and may hold its weights (external data)
 * @throws FailureError `unreadable-file` with a sentence that names the file, where and what is wrong;
 * `needs-input-size` where neither file nor options say how large the images are
 */
export function readOnnx(
  file: NamedFile,
  files: readonly NamedFile[] = [],
  options: ReadOptions = {},
): Network {
  try {
    const model = decodeMessage(modelSchema, file.bytes, 'model');
    return networkOf(model, stem(file.name), externalDataIn(file, files), options);
  } catch (error) {
    if (error instanceof FailureError) return fail(error.code, `${file.name}: ${error.message}`);
    if (!(error instanceof MalformedMessage)) throw error;
    const advice = 'the file seems to be cut off or damaged; download or export it again.';
    return fail(
      'unreadable-file',
      `${file.name}: expected an ONNX network, but at ${error.where} ${error.problem}; ${advice}`,
    );
  }
}

function networkOf(model: ModelProto, name: string, external: ExternalData, options: ReadOptions): Network {
  const opset = opsetOf(model);
  const { graph } = model;
  if (!graph)
    return fail('unreadable-file', 'expected an ONNX network, found no graph in it; export it again.');
  const input = inputOf(graph, options);
  const outputs = graph.outputs.map((output) => output.name ?? '');
  if (outputs.length === 0)
    fail('unreadable-file', 'expected an ONNX network, found a graph without outputs; export it again.');
  const context = new ReadContext(opset, input.batch, new Set(outputs), graph.nodes, external);
  readGraph(graph, context, input);
  for (const output of outputs) finishOutput(output, context);
  const metadata = Object.fromEntries(model.metadata.map(({ key, value }) => [key ?? '', value ?? '']));
  const { shape, axes, batch } = input;
  const isUsual = sameAxes(axes, usualAxes(shape.length));
  const source = { format: 'onnx', opset, batch, ...(isUsual ? {} : { inputAxes: axes }) };
  return { name, input: { name: input.name, shape }, outputs, nodes: context.nodes, metadata, source };
}

function opsetOf({ operatorSets }: ModelProto): number {
  const own = operatorSets.find(({ domain }) => !domain || domain === 'ai.onnx');
  const { oldest, newest } = readOpsets;
  const expected = `expected ONNX operator set ${oldest} to ${newest}`;
  if (own?.version === undefined)
    return fail('unreadable-file', `${expected}, found none; export the network again.`);
  if (own.version >= oldest && own.version <= newest) return own.version;
  return fail(
    'unreadable-file',
    `${expected}, found ${own.version}; export the network with another opset_version.`,
  );
}

function readGraph(graph: GraphProto, context: ReadContext, input: GraphInput): void {
  requireFewNodes(graph.nodes.length, 'nodes');
  context.shapes.set(input.name, input.shape);
  context.views.set(input.name, { value: input.name, axes: input.axes });
  graph.initializers.forEach((tensor, index) => {
    const { name = '' } = tensor;
    if (context.constants.has(name)) failTwice(name, 'as an initializer twice');
    const constant = constantOf(tensor, `initializer ${index}`, context.external);
    noteHalves(constant, tensor);
    context.constants.set(name, constant);
  });
  for (const { outputs } of graph.nodes) {
    const both = outputs.find((output) => output !== '' && context.constants.has(output));
    if (both !== undefined) failTwice(both, 'as an initializer and as an output of a node');
  }
  const nodes = graph.nodes.map((proto) => new OnnxNode(proto, context));
  // Constants first, wherever they stand: a node may look ahead to one that the next node reads.
  const rest = nodes.filter((node) => !(node.proto.operator === 'Constant' && readConstant(node)));
  for (const node of rest) if (!context.absorbed.has(node.proto)) readNode(node);
}

/** Keeps the bits of float16 that lie in the file itself, so that they can be written again. */
function noteHalves(constant: Constant, { dataType, rawData }: TensorProto): void {
  if (constant.kind !== 'floats' || dataType !== elementType.float16 || !rawData) return;
  noteForm(constant, null, () => ({ type: 'float16', values: new Uint16Array(rawData.slice().buffer) }));
}

function failTwice(value: string, found: string): never {
  return fail(
    'unreadable-file',
    `expected every value to be given once, found "${value}" ${found}; export the network again.`,
  );
}

/** Keeps the value of a node that can be computed when reading; false where it cannot. */
function readConstant(node: OnnxNode): boolean {
  const { context, proto, output } = node;
  const constant = isOwnDomain(proto) ? foldConstant(node) : null;
  if (!constant) return false;
  context.constants.set(output, constant);
  if (proto.operator === 'Constant' && proto.name) context.constantNames.set(output, proto.name);
  return true;
}

function readNode(node: OnnxNode): void {
  try {
    if (readConstant(node)) return;
    const drafts = convert(node) ?? [];
    for (const draft of [drafts].flat()) emitDraft(node, draft, !Array.isArray(drafts));
  } catch (error) {
    if (!(error instanceof CannotCompute)) throw error;
    emitUnsupported(node, error.message);
  }
}

/** Appends what a node became; a value that does not lie as usual is an output only once it was put in order. */
function emitDraft(node: OnnxNode, written: NodeDraft, isAlone: boolean): void {
  const { context, proto } = node;
  const { operator, inputs, output = node.output, axes } = withTranspose(written, node);
  const isPlaced = axes !== undefined && !sameAxes(axes, usualAxes(axes.length));
  const hasOther = isPlaced && context.outputs.has(output);
  const value = hasOther ? context.freshValue(`${output}/${operator.kind}`) : output;
  const name = (isAlone && proto.name) || (proto.name && `${proto.name}/${output}`) || output;
  context.emit({ name: context.uniqueName(name), inputs, output: value, operator });
  if (axes) context.views.set(output, { value, axes });
}

/** A value that a Transpose alone reads, to let it lie as usual, is called as the Transpose calls it. */
function withTranspose(draft: NodeDraft, node: OnnxNode): NodeDraft {
  const { context } = node;
  const { axes, output = node.output } = draft;
  const next = axes && context.onlyReader(output);
  if (next?.operator !== 'Transpose') return draft;
  const [batch, ...order] = new OnnxNode(next, context).integers('perm') ?? [];
  const seen = order.map((axis) => axes![axis - 1]!);
  if (batch !== 0 || !sameAxes(seen, usualAxes(axes!.length))) return draft;
  context.absorbed.add(next);
  return { ...draft, axes: seen, output: next.outputs[0] ?? '' };
}

function isOwnDomain({ domain }: NodeProto): boolean {
  return !domain || domain === 'ai.onnx';
}

function convert(node: OnnxNode) {
  const { proto } = node;
  const converter = isOwnDomain(proto) ? converters.get(proto.operator ?? '') : undefined;
  const stranger = converter ? unknownAttribute(proto) : null;
  if (stranger !== null)
    return cannot(`it has an attribute "${stranger.slice(0, 40)}", which no operator set gives it.`);
  followLevels(proto, node.context);
  if (converter) return converter(node);
  return cannot(isOwnDomain(proto) ? adviceFor(proto.operator) : otherDomainText(proto.domain ?? ''));
}

/** Keeps a node that cannot be computed, one for each of its values that something reads. */
function emitUnsupported(node: OnnxNode, reason: string): void {
  const { context, proto } = node;
  const isKnown = isOwnDomain(proto) && converters.has(proto.operator ?? '');
  const root = isKnown ? context.blocked.rootOf(proto.inputs) : null;
  const behind = root === null ? {} : { behind: root };
  const operator = { kind: 'unsupported', operator: proto.operator ?? '', reason, ...behind } as const;
  const inputs = proto.inputs
    .filter((name) => name !== '' && !context.constants.has(name))
    .map((name) => context.views.get(name)?.value ?? name);
  const used = proto.outputs.filter((name) => context.isUsed(name));
  const outputs = used.length > 0 ? used : [node.output];
  for (const output of outputs) {
    context.emit({ name: context.uniqueName(proto.name || output || 'unnamed'), inputs, output, operator });
  }
}

/** Lets an output of the file be a value of ours that lies as the graph has it. */
function finishOutput(output: string, context: ReadContext): void {
  if (context.constants.has(output)) return keepConstant(output, context);
  const view = context.views.get(output);
  if (view && context.shapes.has(view.value)) inUsualOrder(view, context, output);
}

/** A constant that the network answers with needs a node that writes it. */
function keepConstant(output: string, context: ReadContext): void {
  const constant = context.constants.get(output);
  if (constant?.kind !== 'floats' || context.shapes.has(output)) return;
  const value = context.materialise(constant);
  context.emit({
    name: context.uniqueName(output),
    inputs: [],
    output,
    operator: { kind: 'constant', value },
  });
}
