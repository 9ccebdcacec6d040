import type {
  BatchNorm,
  Conv2d,
  Dense,
  Extent,
  GraphNode,
  Padding,
  ParametricRelu,
} from '../../../../network/graph';
import { samePadding } from '../../layers/call';
import type { ActivationFunctionType } from '../generated/tflite';
import {
  BuiltinOperator,
  BuiltinOptions,
  Conv2DOptionsT,
  DepthwiseConv2DOptionsT,
  FullyConnectedOptionsT,
  Padding as PaddingMode,
} from '../generated/tflite';
import type { TensorIndex } from './builder';
import { combine } from './combining';
import type { Step, WriteContext } from './context';
import { affineOf } from './fusing';
import { isNoPadding, isSamePadding, padded } from './padding';

const none: Padding = { top: 0, bottom: 0, left: 0, right: 0 };
const one: Extent = { height: 1, width: 1 };

/** CONV_2D or DEPTHWISE_CONV_2D; padding that is not TensorFlow's "same" goes before it. */
export function writeConvolution(
  node: GraphNode,
  operator: Conv2d,
  context: WriteContext,
  activation: ActivationFunctionType,
): Step {
  const { kernel, stride, dilation, padding, groups } = operator;
  const [height = 1, width = 1, inputs = 1] = kernel.shape;
  const read = context.first(node);
  const isSame = isSamePadding(padding, samePadding(read.shape, { height, width }, stride, dilation));
  const isValid = isNoPadding(padding);
  const step = isSame || isValid ? read : padded(node, read, padding, context);
  const mode = isSame && !isValid ? PaddingMode.SAME : PaddingMode.VALID;
  const shape = context.shape(node.output);
  const isDepthwise = groups > 1 && inputs === 1;
  const values = [
    step.tensor,
    kernelOf(node, operator, isDepthwise, context),
    biasOf(node, operator, context),
  ];
  const { width: strideW, height: strideH } = stride;
  if (isDepthwise) {
    const multiplier = kernel.shape[3]! / groups;
    return context.add(node, BuiltinOperator.DEPTHWISE_CONV_2D, values, {
      ...{
        shape,
        version: dilation.height * dilation.width > 1 ? 2 : 1,
        type: BuiltinOptions.DepthwiseConv2DOptions,
      },
      options: new DepthwiseConv2DOptionsT(
        mode,
        strideW,
        strideH,
        multiplier,
        activation,
        dilation.width,
        dilation.height,
      ),
    });
  }
  return context.add(node, BuiltinOperator.CONV_2D, values, {
    ...{ shape, version: groups > 1 ? 6 : 1, type: BuiltinOptions.Conv2DOptions },
    options: new Conv2DOptionsT(mode, strideW, strideH, activation, dilation.width, dilation.height),
  });
}

/** [O, D_h, D_w, I / groups], or [1, D_h, D_w, O] where it is depthwise. */
function kernelOf(
  node: GraphNode,
  { kernel }: Conv2d,
  isDepthwise: boolean,
  context: WriteContext,
): TensorIndex {
  return isDepthwise
    ? context.weights(node, 'kernel', kernel, [2, 0, 1, 3], 3)
    : context.weights(node, 'kernel', kernel, [3, 0, 1, 2], 0);
}

/** Some runtimes want a bias of every layer. */
function biasOf(node: GraphNode, operator: Conv2d | Dense, context: WriteContext): TensorIndex {
  const weights = operator.kind === 'conv2d' ? operator.kernel : operator.weights;
  return context.bias(node, operator.bias ?? new Float32Array(weights.shape.at(-1)!), weights);
}

/** FULLY_CONNECTED of the last axis; on every pixel of an image it is a 1×1 convolution. */
export function writeDense(
  node: GraphNode,
  operator: Dense,
  context: WriteContext,
  activation: ActivationFunctionType,
): Step {
  const { weights, bias } = operator;
  const step = context.first(node);
  if (step.shape.length === 3) {
    const kernel = { ...weights, shape: [1, 1, ...weights.shape] };
    const pointwise = { kernel, bias, stride: one, dilation: one, padding: none, groups: 1 };
    return writeConvolution(node, { kind: 'conv2d', ...pointwise }, context, activation);
  }
  const turned = context.weights(node, 'weights', weights, [1, 0], 0);
  const keepsAxes = step.shape.length > 1;
  return context.add(
    node,
    BuiltinOperator.FULLY_CONNECTED,
    [step.tensor, turned, biasOf(node, operator, context)],
    {
      ...{
        shape: context.shape(node.output),
        version: keepsAxes ? 5 : 1,
        type: BuiltinOptions.FullyConnectedOptions,
      },
      // What XNNPACK does anyway, and other kernels do not unless it is said.
      options: new FullyConnectedOptionsT(activation, 0, keepsAxes, context.isRoundedLater(node)),
    },
  );
}

/** A product and a sum per channel. */
export function writeBatchNorm(node: GraphNode, operator: BatchNorm, context: WriteContext): Step {
  const { factor, offset } = affineOf(operator);
  const floats = (what: string, data: Float64Array) =>
    context.floats(node, what, [data.length], Float32Array.from(data));
  const scaled = combine(node, 'multiply', context.first(node), floats('factor', factor), context, {
    part: 'scaled',
  });
  return combine(node, 'add', scaled, floats('offset', offset), context);
}

export function writeParametricRelu(
  node: GraphNode,
  { slopes }: ParametricRelu,
  context: WriteContext,
): Step {
  const { tensor, shape } = context.first(node);
  const own = [...Array<number>(Math.max(0, shape.length - slopes.shape.length)).fill(1), ...slopes.shape];
  const weights = context.floats(node, 'slope', own, slopes.data);
  return context.add(node, BuiltinOperator.PRELU, [tensor, weights], { shape });
}
