import { FailureError, fail } from '../../../network/failure';
import type { Network, Shape } from '../../../network/graph';
import { stem, type NamedFile } from '../../file';
import { MalformedMessage, decodeMessage } from '../protobuf';
import { CannotCompute, ReadContext, cannot, channelsToLast } from './context';
import { externalDataIn, type ExternalData } from './external';
import { foldConstant } from './folding';
import { OnnxNode } from './node';
import { converters } from './operators';
import { opsetRange } from './opsets';
import {
  elementTypeText,
  isFloatType,
  modelSchema,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type ValueInfoProto,
} from './schema';
import { constantOf } from './tensors';

/**
 * Reads an ONNX file. Kernels become [D_h, D_w, I/g, O] and images NHWC; nodes that the studio cannot compute
 * become `unsupported` nodes with the reason, which is no failure here.
 *
 * @param files that came with it and may hold its weights (external data)
 * @throws FailureError `unreadable-file` with a sentence that names the file, where and what is wrong
 */
export function readOnnx(file: NamedFile, files: readonly NamedFile[] = []): Network {
  try {
    const model = decodeMessage(modelSchema, file.bytes, 'model');
    return networkOf(model, stem(file.name), externalDataIn(file, files));
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

function networkOf(model: ModelProto, name: string, external: ExternalData): Network {
  const opset = opsetOf(model);
  const { graph } = model;
  if (!graph)
    return fail('unreadable-file', 'expected an ONNX network, found no graph in it; export it again.');
  const { input, batch } = inputOf(graph);
  const outputs = graph.outputs.map((output) => output.name ?? '');
  if (outputs.length === 0)
    fail('unreadable-file', 'expected an ONNX network, found a graph without outputs.');
  const context = new ReadContext(opset, batch, new Set(outputs), graph.nodes, external);
  readGraph(graph, context, input);
  for (const output of outputs) if (context.constants.has(output)) keepConstant(output, context);
  const metadata = Object.fromEntries(model.metadata.map(({ key, value }) => [key ?? '', value ?? '']));
  return { name, input, outputs, nodes: context.nodes, metadata, source: { format: 'onnx', opset, batch } };
}

function opsetOf({ operatorSets }: ModelProto): number {
  const own = operatorSets.find(({ domain }) => !domain || domain === 'ai.onnx');
  const { oldest, newest } = opsetRange;
  const expected = `expected ONNX operator set ${oldest} to ${newest}`;
  if (own?.version === undefined)
    return fail('unreadable-file', `${expected}, found none; export the network again.`);
  if (own.version >= oldest && own.version <= newest) return own.version;
  return fail(
    'unreadable-file',
    `${expected}, found ${own.version}; export the network with another opset_version.`,
  );
}

/** The one input that is no weight; its type and size must be known. */
function inputOf(graph: GraphProto): { input: Network['input']; batch: string | number } {
  const weights = new Set(graph.initializers.map(({ name }) => name));
  const inputs = graph.inputs.filter(({ name }) => !weights.has(name));
  const [input] = inputs;
  if (!input || inputs.length > 1) {
    const names = inputs.map(({ name }) => `"${name}"`).join(', ');
    return fail(
      'unreadable-file',
      `expected a network with one input, found ${inputs.length} ${names && `(${names})`}.`,
    );
  }
  return { input: { name: input.name ?? '', shape: inputShape(input) }, batch: batchOf(input) };
}

function inputShape(input: ValueInfoProto): Shape {
  const place = `input "${input.name}"`;
  const type = input.type?.tensor;
  if (!isFloatType(type?.elementType))
    fail(
      'unreadable-file',
      `${place}: expected floating-point values, found ${elementTypeText(type?.elementType)}.`,
    );
  const dimensions = type?.shape?.dimensions ?? [];
  const extents = dimensions.slice(1).map(({ value }) => value ?? 0);
  const text = dimensions.map(({ value, parameter }) => parameter || (value ?? '?')).join(', ');
  if (extents.length !== 3 && extents.length !== 1) {
    fail(
      'unreadable-file',
      `${place}: expected [batch, channels, height, width] or [batch, features], found [${text}].`,
    );
  }
  if (!extents.every((extent) => extent >= 1)) {
    fail(
      'unreadable-file',
      `${place}: expected a fixed size, found [${text}]; export the network with only the batch dynamic.`,
    );
  }
  return channelsToLast(extents);
}

/** A name for a dynamic batch, or the number that the file fixes. */
function batchOf(input: ValueInfoProto): string | number {
  const batch = input.type?.tensor?.shape?.dimensions[0];
  return batch?.parameter || (batch?.value !== undefined && batch.value > 0 ? batch.value : 'N');
}

function readGraph(graph: GraphProto, context: ReadContext, input: Network['input']): void {
  context.shapes.set(input.name, input.shape);
  graph.initializers.forEach((tensor, index) => {
    context.constants.set(tensor.name ?? '', constantOf(tensor, `initializer ${index}`, context.external));
  });
  const nodes = graph.nodes.map((proto) => new OnnxNode(proto, context));
  // Constants first, wherever they stand: a node may look ahead to one that the next node reads.
  const rest = nodes.filter((node) => !(node.proto.operator === 'Constant' && readConstant(node)));
  for (const node of rest) if (!context.absorbed.has(node.proto)) readNode(node);
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
  const { context, proto } = node;
  try {
    if (readConstant(node)) return;
    const draft = convert(node);
    if (!draft) return;
    const { operator, inputs, output = node.output } = draft;
    context.emit({ name: context.uniqueName(proto.name || output), inputs, output, operator });
  } catch (error) {
    if (!(error instanceof CannotCompute)) throw error;
    emitUnsupported(node, error.message);
  }
}

function isOwnDomain({ domain }: NodeProto): boolean {
  return !domain || domain === 'ai.onnx';
}

function convert(node: OnnxNode) {
  const { proto } = node;
  const converter = isOwnDomain(proto) ? converters.get(proto.operator ?? '') : undefined;
  if (!converter)
    return cannot(
      isOwnDomain(proto)
        ? 'the studio does not know this operator.'
        : `it is of the domain "${proto.domain}".`,
    );
  return converter(node);
}

/** Keeps a node that cannot be computed, one for each of its values that something reads. */
function emitUnsupported(node: OnnxNode, reason: string): void {
  const { context, proto } = node;
  const operator = { kind: 'unsupported', operator: proto.operator ?? '', reason } as const;
  const inputs = proto.inputs
    .filter((name) => name !== '' && !context.constants.has(name))
    .map((name) => context.channelsLast.get(name) ?? name);
  const used = proto.outputs.filter((name) => context.isUsed(name));
  const outputs = used.length > 0 ? used : [node.output];
  for (const output of outputs) {
    context.emit({ name: context.uniqueName(proto.name || output || 'unnamed'), inputs, output, operator });
  }
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
