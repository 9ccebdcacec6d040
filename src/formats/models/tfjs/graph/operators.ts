import {
  activation,
  activationOps,
  clip,
  inverseRoot,
  logSoftmax,
  parametricRelu,
  softmax,
} from './activations';
import type { GraphCall } from './call';
import { combination, elementwise, inverseCombination, power, squaredDifference } from './elementwise';
import { batchNorm, biasAdd, convolution, depthwise, matrixProduct } from './layers';
import { resize } from './resizing';
import { concatenation, expandAxes, pad, passOn, pool, reduction, reshape, squeeze, stack } from './shaping';
import { gather, slice, split, stridedSlice, transpose } from './slicing';

/** Adds what a node computes; returns the name of its value. */
export type Convert = (call: GraphCall) => string;

/** Operators of a TensorFlow graph that the studio computes with. */
export const graphConverters: ReadonlyMap<string, Convert> = new Map<string, Convert>([
  ['Add', combination({ kind: 'add' })],
  ['AddN', combination({ kind: 'add' })],
  ['AddV2', combination({ kind: 'add' })],
  ['AvgPool', pool('average')],
  ['BatchMatMul', matrixProduct],
  ['BatchMatMulV2', matrixProduct],
  ['BiasAdd', biasAdd],
  ['Cast', passOn],
  ['ClipByValue', clip],
  ['ConcatV2', concatenation],
  ['Conv2D', convolution],
  ['DepthwiseConv2dNative', depthwise],
  ['ExpandDims', expandAxes],
  ['FusedBatchNorm', batchNorm],
  ['FusedBatchNormV2', batchNorm],
  ['FusedBatchNormV3', batchNorm],
  ['FusedDepthwiseConv2dNative', depthwise],
  ['GatherV2', gather],
  ['Identity', passOn],
  ['LogSoftmax', logSoftmax],
  ['MatMul', matrixProduct],
  ['Max', reduction('max')],
  ['MaxPool', pool('max')],
  ['Maximum', elementwise('maximum')],
  ['Mean', reduction('mean')],
  ['Min', reduction('min')],
  ['Minimum', elementwise('minimum')],
  ['Mul', combination({ kind: 'multiply' })],
  ['Pack', stack],
  ['Pad', pad],
  ['PadV2', pad],
  ['Pow', power],
  ['Prelu', parametricRelu],
  ['RealDiv', inverseCombination('multiply')],
  ['Reshape', reshape],
  ['ResizeBilinear', resize('linear')],
  ['ResizeNearestNeighbor', resize('nearest')],
  ['Rsqrt', inverseRoot],
  ['Slice', slice],
  ['Softmax', softmax],
  ['Split', split],
  ['SplitV', split],
  ['SquaredDifference', squaredDifference],
  ['Squeeze', squeeze],
  ['StopGradient', passOn],
  ['StridedSlice', stridedSlice],
  ['Sub', inverseCombination('add')],
  ['Sum', reduction('sum')],
  ['Transpose', transpose],
  ['_FusedConv2D', convolution],
  ['_FusedMatMul', matrixProduct],
  ...activationOps.map((op): [string, Convert] => [op, activation]),
]);
