/**
 * What the graph must know of each operator: how many values it reads, the shape it writes, the numbers it
 * carries and what it costs. Nothing here has a default, so that the compiler asks for every answer when an
 * operator is added.
 */
import { shapeText, sizeOf } from './extents';
import { fail } from './failure';
import type { GraphNode, Operator, Shape, Tensor } from './graph';
import {
  batchNormShape,
  broadcast,
  concatShape,
  convolutionShape,
  denseShape,
  globalPoolShape,
  padShape,
  poolShape,
  requireAxes,
  parametricReluShape,
  elementwiseShape,
  reshapeShape,
} from './operatorShapes';
import {
  gatherShape,
  matrixProductShape,
  reduceShape,
  resizeShape,
  sliceShape,
  transposeShape,
} from './rearrangingShapes';

/** How many values an operator reads. */
interface InputCount {
  readonly min: number;
  readonly max: number;
}

const one: InputCount = { min: 1, max: 1 };

/** How many values each operator reads. */
export const inputCounts: Readonly<Record<Operator['kind'], InputCount>> = {
  conv2d: one,
  dense: one,
  batchNorm: one,
  activation: one,
  parametricRelu: one,
  pool: one,
  globalPool: one,
  add: { min: 2, max: Infinity },
  multiply: { min: 2, max: Infinity },
  elementwise: { min: 2, max: Infinity },
  matrixProduct: { min: 2, max: 2 },
  concat: { min: 1, max: Infinity },
  pad: one,
  flatten: one,
  reshape: one,
  transpose: one,
  slice: one,
  gather: one,
  resize: one,
  reduce: one,
  softmax: one,
  logSoftmax: one,
  localResponseNormalisation: one,
  identity: one,
  quantise: one,
  dynamicQuantise: one,
  constant: { min: 0, max: 0 },
  unsupported: { min: 0, max: Infinity },
};

/**
 * Shape of the value that an operator writes.
 *
 * @param inputs as many shapes as {@link inputCounts} allows
 * @throws FailureError `invalid-network` where the inputs do not fit, `unsupported-operator`
 */
export function shapeOf(node: GraphNode, operator: Operator, inputs: readonly Shape[]): Shape {
  const [input] = inputs;
  switch (operator.kind) {
    case 'conv2d':
      return convolutionShape(node, operator, input);
    case 'dense':
      return denseShape(node, operator, input);
    case 'batchNorm':
      return batchNormShape(node, operator, input);
    case 'activation':
    case 'identity':
    case 'quantise':
    case 'dynamicQuantise':
      return input;
    case 'softmax':
    case 'logSoftmax':
    case 'localResponseNormalisation':
      return requireAxes(node, input);
    case 'parametricRelu':
      return parametricReluShape(node, operator, input);
    case 'elementwise':
      return elementwiseShape(node, operator, inputs);
    case 'matrixProduct':
      return matrixProductShape(node, inputs);
    case 'transpose':
      return transposeShape(node, operator, input);
    case 'slice':
      return sliceShape(node, operator, input);
    case 'gather':
      return gatherShape(node, operator, input);
    case 'resize':
      return resizeShape(node, operator, input);
    case 'reduce':
      return reduceShape(node, operator, input);
    case 'pool':
      return poolShape(node, operator, input);
    case 'globalPool':
      return globalPoolShape(node, operator, input);
    case 'add':
    case 'multiply':
      return inputs.reduce((left, right) => broadcast(node, left, right));
    case 'concat':
      return concatShape(node, operator, inputs);
    case 'pad':
      return padShape(node, operator, input);
    case 'flatten':
      return [sizeOf(input)];
    case 'reshape':
      return reshapeShape(node, operator, input);
    case 'constant':
      return operator.value.shape;
    case 'unsupported':
      return fail('unsupported-operator', unsupportedText(node.name, operator));
    default:
      return operator satisfies never;
  }
}

/** The sentence that names an operator the studio cannot compute. */
export function unsupportedText(
  nodeName: string,
  operator: { readonly operator: string; readonly reason: string },
): string {
  return `Node "${nodeName}" (${operator.operator}) is not supported: ${operator.reason}`;
}

/** One array of numbers that an operator carries. */
export interface Weights {
  readonly what: string;
  readonly data: Float32Array;
  readonly expected: number;
  /** Where the expected count comes from, for a person. */
  readonly because: string;
  /** Whether training found them; what it only counted on the way (running means) is no parameter. */
  readonly isLearned: boolean;
}

/** Every array of numbers that an operator carries. */
export function weightsOf(operator: Operator): readonly Weights[] {
  switch (operator.kind) {
    case 'conv2d':
      return layerWeights('kernel', operator.kernel, operator.bias);
    case 'dense':
      return layerWeights('weights', operator.weights, operator.bias);
    case 'batchNorm': {
      const because = 'as many as its scale';
      const expected = operator.scale.length;
      return (['scale', 'offset', 'mean', 'variance'] as const).map((what) => ({
        what,
        data: operator[what],
        expected,
        because,
        isLearned: what === 'scale' || what === 'offset',
      }));
    }
    case 'parametricRelu':
      return layerWeights('slopes', operator.slopes, null);
    case 'constant':
      return layerWeights('constant', operator.value, null);
    case 'activation':
    case 'pool':
    case 'globalPool':
    case 'add':
    case 'multiply':
    case 'elementwise':
    case 'matrixProduct':
    case 'concat':
    case 'pad':
    case 'flatten':
    case 'reshape':
    case 'transpose':
    case 'slice':
    case 'gather':
    case 'resize':
    case 'reduce':
    case 'softmax':
    case 'logSoftmax':
    case 'localResponseNormalisation':
    case 'identity':
    case 'quantise':
    case 'dynamicQuantise':
    case 'unsupported':
      return [];
    default:
      return operator satisfies never;
  }
}

function layerWeights(what: string, { shape, data }: Tensor, bias: Float32Array | null): readonly Weights[] {
  const because = `its shape is ${shapeText(shape)}`;
  const weights = { what, data, expected: sizeOf(shape), because, isLearned: true };
  if (!bias) return [weights];
  const expected = shape.at(-1) ?? 0;
  return [
    weights,
    { what: 'bias', data: bias, expected, because: 'one per output channel', isLearned: true },
  ];
}

/**
 * Multiply-accumulates per position of the output, all its channels together. Convolutions, dense layers and
 * products of computed matrices count, everything else is 0, as in most papers' tables.
 *
 * @param inputs shapes of what the operator reads
 */
export function macsPerPosition(operator: Operator, inputs: readonly Shape[]): number {
  switch (operator.kind) {
    // Each output value is one sum over all the weights that lead to its channel.
    case 'conv2d':
      return sizeOf(operator.kernel.shape);
    case 'dense':
      return sizeOf(operator.weights.shape);
    case 'matrixProduct':
      return sizeOf(inputs[1]?.slice(-2) ?? [0]);
    case 'batchNorm':
    case 'activation':
    case 'parametricRelu':
    case 'pool':
    case 'globalPool':
    case 'add':
    case 'multiply':
    case 'elementwise':
    case 'concat':
    case 'pad':
    case 'flatten':
    case 'reshape':
    case 'transpose':
    case 'slice':
    case 'gather':
    case 'resize':
    case 'reduce':
    case 'softmax':
    case 'logSoftmax':
    case 'localResponseNormalisation':
    case 'identity':
    case 'quantise':
    case 'dynamicQuantise':
    case 'constant':
    case 'unsupported':
      return 0;
    default:
      return operator satisfies never;
  }
}
