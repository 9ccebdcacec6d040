import type { BatchNorm, Tensor } from '../../../../network/graph';
import { reshapedTensor } from '../../layers/weights';
import { cannot } from '../../onnx/context';
import { activationNamed, slopes } from './activations';
import type { GraphCall } from './call';

/** Conv2D and _FusedConv2D. TensorFlow's kernels [D_h, D_w, I / g, O] lie as ours do. */
export function convolution(call: GraphCall): string {
  call.requireChannelsLast();
  const [, , channels] = call.imageShape();
  const kernel = call.weights(1, 'kernel');
  const inputs = kernel.shape[2] ?? cannot('its kernel has too few axes.');
  if (kernel.shape.length !== 4 || channels! % inputs !== 0)
    cannot(`its kernel is ${kernel.shape.join('×')}, which does not fit ${channels} channels.`);
  return finished(call, emitConvolution(call, kernel, channels! / inputs));
}

/** DepthwiseConv2dNative and FusedDepthwiseConv2dNative: kernel [D_h, D_w, I, m]. */
export function depthwise(call: GraphCall): string {
  call.requireChannelsLast();
  const weights = call.weights(1, 'kernel');
  const { shape } = weights;
  const [height, width, channels, multiplier] = shape;
  if (shape.length !== 4 || channels !== call.imageShape()[2])
    cannot(`its kernel is ${shape.join('×')}, which does not fit ${call.imageShape()[2]} channels.`);
  const kernel = reshapedTensor(weights, [height!, width!, 1, channels! * multiplier!]);
  return finished(call, emitConvolution(call, kernel, channels!));
}

/** A convolution with a kernel that lies as ours; its stride, dilation and padding are TensorFlow's. */
export function emitConvolution(call: GraphCall, kernel: Tensor, groups: number): string {
  const window = { height: kernel.shape[0]!, width: kernel.shape[1]! };
  const stride = call.pair('strides');
  const dilation = call.pair('dilations');
  const padding = call.padding(window, stride, dilation);
  const bias = null;
  return call.emit({ kind: 'conv2d', kernel, bias, stride, dilation, padding, groups });
}

/**
 * MatMul and _FusedMatMul with constant weights, BatchMatMul with constant weights or of two computed matrices per
 * image.
 */
export function matrixProduct(call: GraphCall): string {
  const isFirstTurned = call.node.flag('transpose_a', false) || call.node.flag('adj_x', false);
  if (!call.isConstant(1)) return computedProduct(call, isFirstTurned);
  if (isFirstTurned) cannot('its input is transposed.');
  const weights = call.weights(1, 'weights');
  if (weights.shape.length !== 2) cannot(`its weights are ${weights.shape.join('×')}, expected two axes.`);
  const isTurned = isSecondTurned(call);
  return finished(
    call,
    call.emit({ kind: 'dense', weights: isTurned ? transposed(weights) : weights, bias: null }),
  );
}

function isSecondTurned({ node }: GraphCall): boolean {
  return node.flag('transpose_b', false) || node.flag('adj_y', false);
}

/** Products of computed matrices; the batch must be an axis of its own before their two. */
function computedProduct(call: GraphCall, isFirstTurned: boolean): string {
  const turns = [isFirstTurned, isSecondTurned(call)];
  const operands = turns.map((isTurned, index) => {
    const axes = call.shape(index).length;
    if (axes < 2) return cannot('it multiplies values across images.');
    if (!isTurned) return call.data(index);
    const permutation = [...Array(axes - 2).keys(), axes - 1, axes - 2];
    return call.emit({ kind: 'transpose', permutation }, [call.data(index)], `turned${index + 1}`);
  });
  return call.emit({ kind: 'matrixProduct' }, operands);
}

export function transposed({ shape, data }: Tensor): Tensor {
  const [rows, columns] = shape as [number, number];
  const turned = data.map((_, index) => data[(index % rows) * columns + Math.floor(index / rows)]!);
  return { shape: [columns, rows], data: turned };
}

/** What is fused behind a layer: a bias, batch norm, an activation; the layer itself bears the node's name. */
export function finished(call: GraphCall, layer: string): string {
  const fused = call.node.texts('fused_ops');
  let value = layer;
  let next = 2;
  for (const name of fused) {
    if (name === 'BiasAdd') {
      value = withBias(call, value, call.weights(next++, 'bias'));
    } else if (name === 'FusedBatchNorm') {
      value = emitBatchNorm(call, value, next, name);
      next += 4;
    } else if (name === 'Prelu') {
      value = call.emit(slopes(call, next++), [value], name);
    } else {
      value = call.emit(activationNamed(call, name), [value], name);
    }
  }
  return value;
}

function withBias(call: GraphCall, value: string, { shape, data }: Tensor): string {
  const outputs = (call.context.shapes.get(value) ?? call.shape()).at(-1);
  if (shape.length !== 1 || data.length !== outputs)
    cannot(`its bias is ${shape.join('×')}, expected ${outputs} values.`);
  return call.context.tryBias(value, data, true) ? value : cannot('its layer has a bias already.');
}

/** BiasAdd: part of the layer before it where only this node reads that, else a sum. */
export function biasAdd(call: GraphCall): string {
  const bias = call.weights(1, 'bias');
  const value = call.data();
  if (call.context.tryBias(value, bias.data)) return value;
  const constant = call.emit({ kind: 'constant', value: bias }, [], 'bias');
  return call.emit({ kind: 'add' }, [value, constant]);
}

/** FusedBatchNorm, V2 and V3, at inference. */
export function batchNorm(call: GraphCall): string {
  call.requireChannelsLast();
  if (call.node.flag('is_training', false)) cannot('it is in training mode; save the network for inference.');
  return emitBatchNorm(call, call.data(), 1, '');
}

function emitBatchNorm(call: GraphCall, value: string, first: number, part: string): string {
  const [scale, offset, mean, variance] = ['scale', 'offset', 'mean', 'variance'].map(
    (what, index) => call.weights(first + index, what).data,
  );
  const operator: BatchNorm = {
    kind: 'batchNorm',
    ...{ scale: scale!, offset: offset!, mean: mean!, variance: variance! },
    epsilon: call.node.number('epsilon', 1e-4),
  };
  return call.emit(operator, [value], part);
}
