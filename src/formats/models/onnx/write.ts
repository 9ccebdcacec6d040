import { FailureError, fail } from '../../../network/failure';
import type { GraphNode, Network, Shape } from '../../../network/graph';
import { inferShapes } from '../../../network/shapes';
import { unsupportedNodes } from '../../../network/validate';
import { encodeMessage } from '../protobuf';
import { isRefused, refusalOf, refusals } from '../refusals';
import type { ModelWriter } from '../writer';
import { channelsFirst, inputAxes } from './axes';
import { writtenOpsets } from './opsets';
import { denotations, elementType, modelSchema, type ModelInput, type ValueInfoInput } from './schema';
import { writeActivation, writeLrn, writeSoftmax } from './writing/activations';
import { WriteContext } from './writing/context';
import { writeQuantise } from './writing/quantising';
import {
  writeBatchNorm,
  writeConvolution,
  writeDense,
  writeGlobalPool,
  writePad,
  writePool,
} from './writing/layers';
import { inputExtents, writeInput } from './writing/input';
import {
  resizeNeeds,
  writeGather,
  writeMatrixProduct,
  writeReduce,
  writeResize,
  writeSlice,
  writeTranspose,
} from './writing/rearranging';
import {
  writeCombination,
  writeConcat,
  writeConstant,
  writeFlatten,
  writeParametricRelu,
  writeReshape,
} from './writing/shaping';
import { greatest } from '../../../linalg/extremes';

const producer = 'ENC Studio';
/** Operator set of files written for networks that came from nowhere or from another format. */
const defaultOpset = 13;

export const onnxWriter: ModelWriter = {
  id: 'onnx',
  title: 'ONNX',
  endings: ['.onnx'],
  layout: 'file',
  hint: 'run by ONNX Runtime before it is written',
  weights: ['float16', 'int8', 'uint8'],
  holdsLevels: true,
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
  writeInput(network, context);
  for (const node of network.nodes) writeNode(node, context);
  return encodeMessage(modelSchema, modelOf(network, context));
}

function modelOf(network: Network, context: WriteContext): ModelInput {
  const { name, input, outputs, source, metadata } = network;
  const valueInfo = (value: string, extents: Shape, axes: readonly number[] = []) =>
    valueInfoOf(value, source.batch, extents, axes);
  return {
    irVersion: irVersionOf(context.opset),
    producerName: producer,
    graph: {
      name: name || 'network',
      nodes: context.nodes,
      initializers: context.initializers,
      inputs: [
        valueInfo(input.name, inputExtents(network), input.shape.length === 3 ? inputAxes(network) : []),
      ],
      outputs: outputs.map((value) => valueInfo(value, channelsFirst(context.shape(value)))),
    },
    operatorSets: [{ domain: '', version: context.opset }],
    metadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  };
}

/** @param axes of an image, what the file's axes are in ours: a file says which of them are the channels */
function valueInfoOf(
  name: string,
  batch: string | number,
  shape: Shape,
  axes: readonly number[],
): ValueInfoInput {
  const purpose = (index: number) => (axes[index] === 2 ? denotations.channels : denotations.feature);
  const extents = shape.map((value, index) => ({
    value,
    ...(axes.length > 0 ? { denotation: purpose(index) } : {}),
  }));
  const first = typeof batch === 'number' ? { value: batch } : { parameter: batch };
  const batchAxis = axes.length > 0 ? { ...first, denotation: denotations.batch } : first;
  return {
    name,
    type: { tensor: { elementType: elementType.float, shape: { dimensions: [batchAxis, ...extents] } } },
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
  const { oldest, newest } = writtenOpsets;
  const opset = Math.max(oldest, source.opset ?? defaultOpset);
  return greatest([
    opset <= newest ? opset : defaultOpset,
    ...nodes.map((node) => neededOpset(node, shapes)),
  ]);
}

function neededOpset({ operator, inputs, output }: GraphNode, shapes: ReadonlyMap<string, Shape>): number {
  if (operator.kind === 'pool' && operator.roundUp) return 10;
  if (operator.kind === 'quantise' || isLevelled(operator)) return levelsSince;
  if (operator.kind === 'slice' && operator.step > 1) return 10;
  if (operator.kind === 'resize') return resizeNeeds(operator, shapes.get(inputs[0]!) ?? []);
  const shape = shapes.get(output) ?? [];
  const isImage = shape.length === 3 && shape[0]! * shape[1]! !== 1;
  const isSoftmax = operator.kind === 'softmax' || operator.kind === 'logSoftmax';
  // Older softmaxes work on everything from their axis on, that is on all pixels at once.
  return isSoftmax && isImage ? 13 : writtenOpsets.oldest;
}

/** Operator set from which on channels may have scales of their own. */
const levelsSince = 13;

function isLevelled(operator: GraphNode['operator']): boolean {
  const kernel =
    operator.kind === 'conv2d' ? operator.kernel : operator.kind === 'dense' ? operator.weights : null;
  return kernel?.stored !== undefined && kernel.stored.type !== 'float16';
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
    case 'elementwise':
      return writeCombination(node, operator.function, context);
    case 'parametricRelu':
      return writeParametricRelu(node, operator, context);
    case 'matrixProduct':
      return writeMatrixProduct(node, context);
    case 'transpose':
      return writeTranspose(node, operator, context);
    case 'slice':
      return writeSlice(node, operator, context);
    case 'gather':
      return writeGather(node, operator, context);
    case 'resize':
      return writeResize(node, operator, context);
    case 'reduce':
      return writeReduce(node, operator, context);
    case 'concat':
      return writeConcat(node, operator, context);
    case 'pad':
      return writePad(node, operator, context);
    case 'flatten':
      return writeFlatten(node, operator, context);
    case 'reshape':
      return writeReshape(node, operator, context);
    case 'softmax':
      return writeSoftmax(node, 'Softmax', context);
    case 'logSoftmax':
      return writeSoftmax(node, 'LogSoftmax', context);
    case 'localResponseNormalisation':
      return writeLrn(node, operator, context);
    case 'identity':
      return context.node(node, operator.origin === 'dropout' ? 'Dropout' : 'Identity');
    case 'quantise':
      return writeQuantise(node, operator, context);
    case 'constant':
      return writeConstant(node, operator, context);
    default:
      return operator satisfies never;
  }
}

function cannotWrite({ name, operator }: GraphNode, reason: string): never {
  const title = operator.kind === 'unsupported' ? operator.operator : operator.kind;
  return fail(
    'unsupported-operator',
    `Node "${name}" (${title}) cannot be written: ${reason.replace(/\.$/, '')}; choose another format.`,
  );
}
