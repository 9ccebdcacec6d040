import type { OperatorName } from './names';
import type { Attributes } from './node';
import type { SourceOperator } from './sourceOperator';
import type { Activation, DynamicQuantise, Quantise } from '../../../network/graph';

/** The node of a TensorFlow graph that computes what an operator does. */
export interface Translation {
  readonly op: string;
  /** Those of the operator unless given. */
  readonly inputs?: readonly string[];
  readonly attributes?: Attributes;
  /** What its value goes through at once. */
  readonly after?: readonly (Activation | Quantise | DynamicQuantise)[];
}

type Translate = (source: SourceOperator) => Translation;

const named =
  (op: string): Translate =>
  () => ({ op });

/** An operator of two values with an activation behind it. */
const combination =
  (op: string): Translate =>
  (source) => ({ op, after: source.fused() });

function convolution(source: SourceOperator): Translation {
  return layer(source, '_FusedConv2D', source.turned(1, [1, 2, 3, 0]));
}

function layer(
  source: SourceOperator,
  op: string,
  kernel: readonly string[],
  more: Attributes = {},
): Translation {
  const [input = '', , ...bias] = source.inputs;
  const attributes = {
    strides: source.window('strideH', 'strideW'),
    dilations: [1, source.number('dilationHFactor', 1), source.number('dilationWFactor', 1), 1],
    padding: source.padding(),
    fused_ops: bias.length > 0 ? ['BiasAdd'] : [],
    ...more,
  };
  return { op, inputs: [input, ...kernel, ...bias], attributes, after: source.fused() };
}

function fullyConnected(source: SourceOperator): Translation {
  return layer(source, 'FullyConnected', source.turned(1, [1, 0]), {
    weights_format: source.number('weightsFormat'),
    keep_num_dims: source.flag('keepNumDims'),
  });
}

const pool =
  (op: string): Translate =>
  (source) => ({
    op,
    attributes: {
      ksize: source.window('filterHeight', 'filterWidth'),
      strides: source.window('strideH', 'strideW'),
      padding: source.padding(),
    },
    after: source.fused(),
  });

const reduction =
  (op: string): Translate =>
  (source) => ({ op, attributes: { keep_dims: source.flag('keepDims') } });

const resize =
  (op: string): Translate =>
  (source) => ({
    op,
    attributes: {
      align_corners: source.flag('alignCorners'),
      half_pixel_centers: source.flag('halfPixelCenters'),
    },
  });

/** Where the new shape is no input, it is an option. */
function reshape(source: SourceOperator): Translation {
  const [input = '', shape] = source.inputs;
  return {
    op: 'Reshape',
    inputs: [input, shape ?? source.integers('new shape', source.numbers('newShape'))],
  };
}

function concatenation(source: SourceOperator): Translation {
  const inputs = [...source.inputs, source.integers('axis', [source.number('axis')], [])];
  return { op: 'ConcatV2', inputs, after: source.fused() };
}

function gather(source: SourceOperator): Translation {
  if (source.number('batchDims') !== 0) return { op: 'GATHER with batch_dims' };
  return { op: 'GatherV2', inputs: [...source.inputs, source.integers('axis', [source.number('axis')], [])] };
}

function stridedSlice(source: SourceOperator): Translation {
  const masks = {
    begin_mask: source.number('beginMask'),
    end_mask: source.number('endMask'),
    ellipsis_mask: source.number('ellipsisMask'),
    new_axis_mask: source.number('newAxisMask'),
    shrink_axis_mask: source.number('shrinkAxisMask'),
  };
  return source.flag('offset')
    ? { op: 'STRIDED_SLICE by offsets' }
    : { op: 'StridedSlice', attributes: masks };
}

const byName: Readonly<Record<OperatorName, Translate>> = {
  ABS: named('Abs'),
  ADD: combination('AddV2'),
  ADD_N: named('AddN'),
  AVERAGE_POOL_2D: pool('AvgPool'),
  BATCH_MATMUL: (source) => ({
    op: 'BatchMatMulV2',
    attributes: { adj_x: source.flag('adjX'), adj_y: source.flag('adjY') },
  }),
  CAST: named('Cast'),
  CONCATENATION: concatenation,
  CONV_2D: convolution,
  DEPTHWISE_CONV_2D: (source) => layer(source, 'DepthwiseKernelFirst', source.inputs.slice(1, 2)),
  DEQUANTIZE: named('Identity'),
  DIV: combination('RealDiv'),
  ELU: named('Elu'),
  EXP: named('Exp'),
  EXPAND_DIMS: named('ExpandDims'),
  FULLY_CONNECTED: fullyConnected,
  GATHER: gather,
  GELU: (source) => ({ op: 'Gelu', attributes: { approximate: source.flag('approximate') } }),
  HARD_SWISH: named('HardSwish'),
  LEAKY_RELU: (source) => ({ op: 'LeakyRelu', attributes: { alpha: source.number('alpha') } }),
  LOCAL_RESPONSE_NORMALIZATION: (source) => ({
    op: 'LRN',
    attributes: Object.fromEntries(
      ['radius', 'bias', 'alpha', 'beta'].map((key) => [key, source.number(key)]),
    ),
  }),
  LOG: named('Log'),
  LOGISTIC: named('Sigmoid'),
  LOG_SOFTMAX: named('LogSoftmax'),
  MAXIMUM: named('Maximum'),
  MAX_POOL_2D: pool('MaxPool'),
  MEAN: reduction('Mean'),
  MINIMUM: named('Minimum'),
  MUL: combination('Mul'),
  NEG: named('Neg'),
  PACK: (source) => ({ op: 'Pack', attributes: { axis: source.number('axis') } }),
  PAD: named('Pad'),
  PADV2: named('PadV2'),
  POW: named('Pow'),
  PRELU: named('Prelu'),
  QUANTIZE: named('Quantise'),
  REDUCE_MAX: reduction('Max'),
  REDUCE_MIN: reduction('Min'),
  RELU: named('Relu'),
  RELU6: named('Relu6'),
  RELU_0_TO_1: named('Relu0To1'),
  RELU_N1_TO_1: named('ReluN1To1'),
  RESHAPE: reshape,
  RESIZE_BILINEAR: resize('ResizeBilinear'),
  RESIZE_NEAREST_NEIGHBOR: resize('ResizeNearestNeighbor'),
  RSQRT: named('Rsqrt'),
  SHAPE: named('Shape'),
  SLICE: named('Slice'),
  SOFTMAX: (source) => ({ op: 'Softmax', attributes: { beta: source.number('beta') } }),
  SPLIT: (source) => ({ op: 'Split', attributes: { num_split: source.number('numSplits') } }),
  SPLIT_V: named('SplitV'),
  SQRT: named('Sqrt'),
  SQUARE: named('Square'),
  SQUARED_DIFFERENCE: named('SquaredDifference'),
  SQUEEZE: (source) => ({ op: 'Squeeze', attributes: { squeeze_dims: source.numbers('squeezeDims') } }),
  STRIDED_SLICE: stridedSlice,
  SUB: combination('Sub'),
  SUM: reduction('Sum'),
  TANH: named('Tanh'),
  TRANSPOSE: named('Transpose'),
};

/** Operators of the format that the studio computes with. */
export const translations: ReadonlyMap<string, Translate> = new Map<string, Translate>(
  Object.entries(byName),
);
