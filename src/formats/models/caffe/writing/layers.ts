import type {
  BatchNorm,
  Conv2d,
  Dense,
  Extent,
  GlobalPool,
  GraphNode,
  Padding,
  Pool,
} from '../../../../network/graph';
import { slidingOutput } from '../../../../network/window';
import { permute } from '../../onnx/tensors';
import { channelAxis } from '../axes';
import { blobInput, cannotWrite, requireFirstAxis, type CaffeWriter } from './context';

export function writeConvolution(node: GraphNode, operator: Conv2d, writer: CaffeWriter): void {
  const { kernel, bias, stride, dilation, padding, groups } = operator;
  const [height, width, inputs, outputs] = kernel.shape as [number, number, number, number];
  const dims = [outputs, inputs, height, width];
  const data = permute(kernel.data, kernel.shape, [3, 2, 0, 1]);
  const isDilated = dilation.height !== 1 || dilation.width !== 1;
  writer.layer(node, 'Convolution', {
    blobs: [blobInput(dims, data), ...(bias ? [blobInput([outputs], bias)] : [])],
    convolution_param: {
      num_output: outputs,
      ...(bias ? {} : { bias_term: 0 }),
      ...(groups === 1 ? {} : { group: groups }),
      ...slidingInput({ height, width }, stride, evenPadding(node, padding)),
      ...(isDilated ? { dilation: [dilation.height, dilation.width] } : {}),
    },
  });
}

/** Window, stride and padding: one number for both directions where they agree, else under names of their own. */
function slidingInput(window: Extent, stride: Extent, pad: Extent) {
  const isEven = (extent: Extent) => extent.height === extent.width;
  return {
    ...(isEven(window)
      ? { kernel_size: [window.height] }
      : { kernel_h: window.height, kernel_w: window.width }),
    ...(isEven(stride) ? { stride: [stride.height] } : { stride_h: stride.height, stride_w: stride.width }),
    ...(isEven(pad)
      ? pad.height === 0
        ? {}
        : { pad: [pad.height] }
      : { pad_h: pad.height, pad_w: pad.width }),
  };
}

function evenPadding(node: GraphNode, { top, bottom, left, right }: Padding): Extent {
  if (top === bottom && left === right) return { height: top, width: left };
  const found = `${top} above, ${bottom} below, ${left} left and ${right} right`;
  return cannotWrite(node, `it pads ${found}, and Caffe pads opposite sides alike`);
}

export function writeDense(node: GraphNode, { weights, bias }: Dense, writer: CaffeWriter): void {
  const [inputs, outputs] = weights.shape as [number, number];
  if (writer.shape(node.inputs[0]!).length !== 1)
    cannotWrite(node, "it works on every pixel of an image apart, and Caffe's InnerProduct on all together");
  const data = permute(weights.data, weights.shape, [1, 0]);
  writer.layer(node, 'InnerProduct', {
    blobs: [blobInput([outputs, inputs], data), ...(bias ? [blobInput([outputs], bias)] : [])],
    inner_product_param: { num_output: outputs, ...(bias ? {} : { bias_term: 0 }) },
  });
}

/** Batch normalisation is two layers in Caffe, of which either may be all there is to do. */
export function writeBatchNorm(node: GraphNode, operator: BatchNorm, writer: CaffeWriter): void {
  const { scale, offset, mean, variance, epsilon } = operator;
  const axis = channelAxis(writer.shape(node.output).length);
  const all = (values: Float32Array, expected: number) => values.every((value) => value === expected);
  const affine = {
    blobs: [blobInput([scale.length], scale), blobInput([offset.length], offset)],
    scale_param: { bias_term: 1, ...(axis === 1 ? {} : { axis }) },
  };
  if (epsilon === 0 && all(mean, 0) && all(variance, 1)) return writer.layer(node, 'Scale', affine);
  requireFirstAxis(node, writer);
  writer.layer(node, 'BatchNorm', {
    blobs: [
      blobInput([mean.length], mean),
      blobInput([variance.length], variance),
      blobInput([1], Float32Array.of(1)),
    ],
    batch_norm_param: { eps: epsilon },
  });
  if (!all(scale, 1) || !all(offset, 0)) writer.after(node, 'scale', 'Scale', affine);
}

export function writePool(node: GraphNode, operator: Pool, writer: CaffeWriter): void {
  const { reduce, window, stride, padding, includePadding } = operator;
  const pad = evenPadding(node, padding);
  if (reduce === 'average' && !includePadding && pad.height + pad.width > 0)
    cannotWrite(node, 'it leaves padding out of averages, and Caffe counts it');
  const input = writer.shape(node.inputs[0]!);
  const size = slidingOutput(operator, input);
  const made = slidingOutput({ ...operator, roundUp: true }, input);
  const lost: readonly Cut[] = [
    ...(made.height > size.height ? [{ axis: 2, at: size.height }] : []),
    ...(made.width > size.width ? [{ axis: 3, at: size.width }] : []),
  ];
  const pooling_param = { pool: reduce === 'max' ? 0 : 1, ...slidingInput(window, stride, pad) };
  writer.layer(node, 'Pooling', {
    pooling_param,
    top: [lost.length > 0 ? `${node.output}_up` : node.output],
  });
  lost.forEach((cut, index) => cutOff(node, cut, index, lost.length, writer));
}

/** What Caffe's axis is cut at. */
interface Cut {
  readonly axis: number;
  readonly at: number;
}

/**
 * Caffe's pools round up. Its newest version can be told not to (`round_mode`), which Caffe 1.0 and OpenCV refuse to
 * read; that the last row or column is sliced off and silenced all of them understand.
 */
function cutOff(node: GraphNode, { axis, at }: Cut, index: number, count: number, writer: CaffeWriter): void {
  const blob = (step: number) =>
    step === count ? node.output : `${node.output}_up${step === 0 ? '' : step}`;
  const rest = `${node.output}_rest${index + 1}`;
  writer.beside(node, `cut${index + 1}`, 'Slice', {
    bottom: [blob(index)],
    top: [blob(index + 1), rest],
    slice_param: { axis, slice_point: [at] },
  });
  writer.beside(node, `silence${index + 1}`, 'Silence', { bottom: [rest], top: [] });
}

export function writeGlobalPool(node: GraphNode, operator: GlobalPool, writer: CaffeWriter): void {
  const settings = { pooling_param: { pool: operator.reduce === 'max' ? 0 : 1, global_pooling: 1 } };
  writer.layer(node, 'Pooling', settings);
  if (!operator.keepDimensions) writer.after(node, 'flatten', 'Flatten');
}
