import { FailureError } from '../../../network/failure';
import type { GraphNode, LocalResponseNormalisation, Network } from '../../../network/graph';
import { inferShapes } from '../../../network/shapes';
import { unsupportedNodes } from '../../../network/validate';
import { countedIn } from '../elementOrder';
import { isRefused, refusalOf, refusals } from '../refusals';
import {
  BatchMatMulOptionsT,
  BuiltinOperator,
  BuiltinOptions,
  LocalResponseNormalizationOptionsT,
  SoftmaxOptionsT,
} from './generated/tflite';
import { reshaped, transposed } from './writing/axes';
import { writeActivation } from './writing/activations';
import type { TensorIndex } from './writing/builder';
import { writeCombination } from './writing/combining';
import { WriteContext, cannotWrite, type Step } from './writing/context';
import { fused, type FusedNode } from './writing/fusing';
import { writeBatchNorm, writeConvolution, writeDense, writeParametricRelu } from './writing/layers';
import { IntegerParts, writeQuantise } from './writing/levels';
import { writePool } from './writing/pooling';
import {
  writeConcat,
  writeFlatten,
  writeGather,
  writeGlobalPool,
  writePad,
  writeReduce,
  writeReshape,
  writeResize,
  writeSlice,
} from './writing/shaping';

/**
 * Writes a network as a TensorFlow Lite file, weights in the form that they are stored in: batch normalisation becomes part of the layers
 * before it, activations part of their operators. `network.metadata` becomes the file's metadata.
 *
 * @throws FailureError `unsupported-operator` naming the layer that the format cannot express, `invalid-network`
 */
export function writeTflite(network: Network): Uint8Array {
  const [problem] = [...unsupportedNodes(network), ...inferShapes(network).problems];
  if (problem) throw new FailureError(problem.code, problem.message);
  const ordered = countedIn('hwc', network);
  const context = new WriteContext(ordered);
  const input = context.input();
  const parts = fused(ordered);
  const integers = new IntegerParts(parts, ordered, context);
  for (const part of parts) {
    if (integers.tryWrite(part, () => writeNode(part, context)!)) continue;
    const step = writeNode(part, context);
    if (step) context.answer(part.node.output, step);
  }
  const { builder } = context;
  for (const [name, text] of Object.entries(network.metadata)) builder.note(name, text);
  return builder.finish('ENC Studio', network.name || 'network', [input], outputsOf(ordered, input, context));
}

/** Tensors of the network's answers; one that passes its input on, or another answer, has to compute something. */
function outputsOf({ outputs }: Network, input: TensorIndex, context: WriteContext): readonly TensorIndex[] {
  const taken = new Set([input]);
  return outputs.map((value) => {
    const step = context.step(value, 'The network');
    const node: GraphNode = {
      name: value,
      inputs: [],
      output: value,
      operator: { kind: 'identity', origin: 'identity' },
    };
    const { tensor } = taken.has(step.tensor) ? reshaped(node, step, step.shape, context) : step;
    taken.add(tensor);
    return tensor;
  });
}

/** Constants are written as part of what reads them. */
function writeNode({ node, activation }: FusedNode, context: WriteContext): Step | null {
  const { operator } = node;
  if (isRefused(refusals.tflite, operator)) return cannotWrite(node, refusalOf(refusals.tflite, operator));
  switch (operator.kind) {
    case 'conv2d':
      return writeConvolution(node, operator, context, activation);
    case 'dense':
      return writeDense(node, operator, context, activation);
    case 'add':
    case 'multiply':
      return writeCombination(node, operator.kind, context, activation);
    case 'elementwise':
      return writeCombination(node, operator.function, context);
    case 'batchNorm':
      return writeBatchNorm(node, operator, context);
    case 'activation':
      return writeActivation(node, operator, context);
    case 'parametricRelu':
      return writeParametricRelu(node, operator, context);
    case 'pool':
      return writePool(node, operator, context);
    case 'globalPool':
      return writeGlobalPool(node, operator, context);
    case 'matrixProduct':
      return writeMatrixProduct(node, context);
    case 'concat':
      return writeConcat(node, operator, context);
    case 'pad':
      return writePad(node, operator, context);
    case 'flatten':
      return writeFlatten(node, operator, context);
    case 'reshape':
      return writeReshape(node, operator, context);
    case 'transpose':
      return transposed(node, context.first(node), operator.permutation, context);
    case 'slice':
      return writeSlice(node, operator, context);
    case 'gather':
      return writeGather(node, operator, context);
    case 'resize':
      return writeResize(node, operator, context);
    case 'reduce':
      return writeReduce(node, operator, context);
    case 'softmax':
      return writeSoftmax(node, context);
    case 'logSoftmax':
      return sameShape(node, BuiltinOperator.LOG_SOFTMAX, context);
    case 'localResponseNormalisation':
      return writeNormalisation(node, operator, context);
    case 'identity':
      return context.first(node);
    case 'quantise':
      writeQuantise(node, operator, context);
      return null;
    case 'dynamicQuantise':
      context.leaveRoundingTo(node.output, context.first(node), operator);
      return null;
    case 'constant':
      return null;
    default:
      return operator satisfies never;
  }
}

function sameShape(node: GraphNode, code: BuiltinOperator, context: WriteContext): Step {
  const { tensor, shape } = context.first(node);
  return context.add(node, code, [tensor], { shape });
}

function writeSoftmax(node: GraphNode, context: WriteContext): Step {
  const { tensor, shape } = context.first(node);
  const options = new SoftmaxOptionsT(1);
  return context.add(node, BuiltinOperator.SOFTMAX, [tensor], {
    shape,
    type: BuiltinOptions.SoftmaxOptions,
    options,
  });
}

function writeNormalisation(
  node: GraphNode,
  { size, alpha, beta, bias }: LocalResponseNormalisation,
  context: WriteContext,
): Step {
  if (size % 2 === 0)
    cannotWrite(node, `it normalises over ${size} channels, and the format over odd numbers`);
  const { tensor, shape } = context.first(node);
  return context.add(node, BuiltinOperator.LOCAL_RESPONSE_NORMALIZATION, [tensor], {
    ...{ shape, type: BuiltinOptions.LocalResponseNormalizationOptions },
    options: new LocalResponseNormalizationOptionsT((size - 1) / 2, bias, alpha / size, beta),
  });
}

function writeMatrixProduct(node: GraphNode, context: WriteContext): Step {
  const tensors = node.inputs.map((value) => context.step(value, node.name).tensor);
  return context.add(node, BuiltinOperator.BATCH_MATMUL, tensors, {
    ...{ shape: context.shape(node.output), type: BuiltinOptions.BatchMatMulOptions },
    options: new BatchMatMulOptionsT(false, false, false),
  });
}
