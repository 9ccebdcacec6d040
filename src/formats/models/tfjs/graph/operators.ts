import { activation, activationOps, parametricRelu, softmax } from './activations';
import type { GraphCall } from './call';
import { combination, inverseCombination } from './elementwise';
import { batchNorm, biasAdd, convolution, depthwise, matrixProduct } from './layers';
import { concatenation, expandAxes, pad, passOn, pool, reduceSpatial, reshape, squeeze } from './shaping';

/** Adds what a node computes; returns the name of its value. */
type Convert = (call: GraphCall) => string;

/** Operators of a TensorFlow graph that the studio computes with. */
export const graphConverters: ReadonlyMap<string, Convert> = new Map<string, Convert>([
  ['Add', combination('add')],
  ['AddN', combination('add')],
  ['AddV2', combination('add')],
  ['AvgPool', pool('average')],
  ['BiasAdd', biasAdd],
  ['ConcatV2', concatenation],
  ['Conv2D', convolution],
  ['DepthwiseConv2dNative', depthwise],
  ['ExpandDims', expandAxes],
  ['FusedBatchNorm', batchNorm],
  ['FusedBatchNormV2', batchNorm],
  ['FusedBatchNormV3', batchNorm],
  ['FusedDepthwiseConv2dNative', depthwise],
  ['Identity', passOn],
  ['MatMul', matrixProduct],
  ['Max', reduceSpatial('max')],
  ['MaxPool', pool('max')],
  ['Mean', reduceSpatial('average')],
  ['Mul', combination('multiply')],
  ['Pad', pad],
  ['PadV2', pad],
  ['Prelu', parametricRelu],
  ['RealDiv', inverseCombination('multiply')],
  ['Reshape', reshape],
  ['Softmax', softmax],
  ['Squeeze', squeeze],
  ['StopGradient', passOn],
  ['Sub', inverseCombination('add')],
  ['_FusedConv2D', convolution],
  ['_FusedMatMul', matrixProduct],
  ...activationOps.map((op): [string, Convert] => [op, activation]),
]);
