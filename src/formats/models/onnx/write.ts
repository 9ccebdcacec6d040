import { FailureError, fail } from '../../../network/failure';
import type { GraphNode, Network, Shape } from '../../../network/graph';
import { inferShapes } from '../../../network/shapes';
import { unsupportedNodes } from '../../../network/validate';
import { encodeMessage } from '../protobuf';
import { isRefused, refusalOf, refusals } from '../operators';
import type { ModelWriter } from '../writer';
import { channelsFirst } from './context';
import { opsetRange } from './opsets';
import { elementType, modelSchema, type ModelInput, type ValueInfoInput } from './schema';
import { writeActivation, writeLrn, writeSoftmax } from './writing/activations';
import { WriteContext } from './writing/context';
import {
  writeBatchNorm,
  writeConvolution,
  writeDense,
  writeGlobalPool,
  writePad,
  writePool,
} from './writing/layers';
import { writeCombination, writeConcat, writeConstant, writeFlatten, writeReshape } from './writing/shaping';

const producer = 'ENC Studio';
/** Operator set of files written for networks that came from nowhere or from another format. */
const defaultOpset = 13;

export const onnxWriter: ModelWriter = {
  id: 'onnx',
  title: 'ONNX',
  endings: ['.onnx'],
  layout: 'file',
  hint: 'run by ONNX Runtime before it is written',
  form: 'ONNX',
  write: (network) => [{ name: `${network.name || 'network'}.onnx`, bytes: writeOnnx(network) }],
};

/**
 * Writes a network as an ONNX file: names, input, outputs and batch as in the network, weights little-endian,
 * batch normalisation kept apart. `network.metadata` becomes the file's metadata.
 *
 * @throws FailureError `unsupported-operator` or `invalid-network` where a node cannot be written
 */
export function writeOnnx(network: Network): Uint8Array {
  const shapes = knownShapes(network);
  const opset = opsetFor(network, shapes);
  const context = new WriteContext(opset, shapes, network);
  for (const node of network.nodes) writeNode(node, context);
  return encodeMessage(modelSchema, modelOf(network, context));
}

function modelOf(network: Network, context: WriteContext): ModelInput {
  const { name, input, outputs, source, metadata } = network;
  const valueInfo = (value: string) => valueInfoOf(value, source.batch, context.shape(value));
  return {
    irVersion: irVersionOf(context.opset),
    producerName: producer,
    graph: {
      name: name || 'network',
      nodes: context.nodes,
      initializers: context.initializers,
      inputs: [valueInfo(input.name)],
      outputs: outputs.map(valueInfo),
    },
    operatorSets: [{ domain: '', version: context.opset }],
    metadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  };
}

function valueInfoOf(name: string, batch: string | number, shape: Shape): ValueInfoInput {
  const extents = channelsFirst(shape).map((value) => ({ value }));
  const first = typeof batch === 'number' ? { value: batch } : { parameter: batch };
  return {
    name,
    type: { tensor: { elementType: elementType.float, shape: { dimensions: [first, ...extents] } } },
  };
}

function knownShapes(network: Network): ReadonlyMap<string, Shape> {
  const { shapes, problems } = inferShapes(network);
  const [problem] = [...unsupportedNodes(network), ...problems];
  if (problem) throw new FailureError(problem.code, problem.message);
  return shapes;
}

/** The source's operator set, or the default, raised where a node needs a newer one. */
function opsetFor({ nodes, source }: Network, shapes: ReadonlyMap<string, Shape>): number {
  const { oldest, newest } = opsetRange;
  const opset = source.opset ?? defaultOpset;
  const isKnown = opset >= oldest && opset <= newest;
  return Math.max(isKnown ? opset : defaultOpset, ...nodes.map((node) => neededOpset(node, shapes)));
}

function neededOpset({ operator, output }: GraphNode, shapes: ReadonlyMap<string, Shape>): number {
  if (operator.kind === 'pool' && operator.roundUp) return 10;
  const shape = shapes.get(output) ?? [];
  const isImage = shape.length === 3 && shape[0]! * shape[1]! !== 1;
  // Older softmaxes work on everything from their axis on, that is on all pixels at once.
  return operator.kind === 'softmax' && isImage ? 13 : opsetRange.oldest;
}

/** The format's version that came with an operator set. */
function irVersionOf(opset: number): number {
  const newest = [
    [21, 10],
    [19, 9],
    [15, 8],
    [12, 7],
    [11, 6],
    [10, 5],
  ].find(([since]) => opset >= since!);
  return newest?.[1] ?? 4;
}

function writeNode(node: GraphNode, context: WriteContext): void {
  const { operator } = node;
  if (isRefused(refusals.onnx, operator)) return cannotWrite(node, refusalOf(refusals.onnx, operator));
  switch (operator.kind) {
    case 'conv2d':
      return writeConvolution(node, operator, context);
    case 'dense':
      return writeDense(node, operator, context);
    case 'batchNorm':
      return writeBatchNorm(node, operator, context);
    case 'activation':
      return writeActivation(node, operator, context);
    case 'pool':
      return writePool(node, operator, context);
    case 'globalPool':
      return writeGlobalPool(node, operator, context);
    case 'add':
    case 'multiply':
      return writeCombination(node, operator.kind, context);
    case 'concat':
      return writeConcat(node, operator, context);
    case 'pad':
      return writePad(node, operator, context);
    case 'flatten':
      return writeFlatten(node, operator, context);
    case 'reshape':
      return writeReshape(node, operator, context);
    case 'softmax':
      return writeSoftmax(node, context);
    case 'localResponseNormalisation':
      return writeLrn(node, operator, context);
    case 'identity':
      return context.node(node, operator.origin === 'dropout' ? 'Dropout' : 'Identity');
    case 'constant':
      return writeConstant(node, operator, context);
    default:
      return operator satisfies never;
  }
}

function cannotWrite({ name, operator }: GraphNode, reason: string): never {
  const title = operator.kind === 'unsupported' ? operator.operator : operator.kind;
  return fail('unsupported-operator', `Node "${name}" (${title}) cannot be written: ${reason}`);
}
