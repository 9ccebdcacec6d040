import { isOrderless, sizeOf } from '../../../../network/extents';
import type {
  Concat,
  Flatten,
  Gather,
  GlobalPool,
  GraphNode,
  Pad,
  Reduce,
  Reshape,
  Resize,
  Slice,
} from '../../../../network/graph';
import {
  ActivationFunctionType,
  BuiltinOperator,
  BuiltinOptions,
  ConcatenationOptionsT,
  GatherOptionsT,
  ReducerOptionsT,
  ResizeBilinearOptionsT,
  ResizeNearestNeighborOptionsT,
  StridedSliceOptionsT,
} from '../generated/tflite';
import { cannotWrite, type Step, type WriteContext } from './context';
import { reshaped, transposed } from './axes';
import { pad } from './padding';

/** What a node reads, with its elements lying in the wanted order. */
function ordered(node: GraphNode, order: Flatten['order'], context: WriteContext): Step {
  const step = context.first(node);
  if (order === 'hwc' || isOrderless(step.shape)) return step;
  return transposed(node, step, [2, 0, 1], context, 'channelsFirst');
}

export function writeFlatten(node: GraphNode, { order }: Flatten, context: WriteContext): Step {
  const step = ordered(node, order, context);
  return step.shape.length === 1 ? step : reshaped(node, step, [sizeOf(step.shape)], context);
}

/** Counted channels first, an image is made in that order and its axes are then put right. */
export function writeReshape(node: GraphNode, { shape, order }: Reshape, context: WriteContext): Step {
  const step = ordered(node, order, context);
  if (order === 'hwc' || isOrderless(shape)) return reshaped(node, step, shape, context);
  const [height = 1, width = 1, channels = 1] = shape;
  const turned = reshaped(node, step, [channels, height, width], context, 'channelsFirstImage');
  return transposed(node, turned, [1, 2, 0], context);
}

export function writeConcat(node: GraphNode, { axis }: Concat, context: WriteContext): Step {
  const steps = node.inputs.map((value) => context.step(value, node.name));
  const [only] = steps;
  if (only && steps.length === 1) return only;
  return context.add(
    node,
    BuiltinOperator.CONCATENATION,
    steps.map(({ tensor }) => tensor),
    {
      ...{ shape: context.shape(node.output), type: BuiltinOptions.ConcatenationOptions },
      options: new ConcatenationOptionsT(axis + 1, ActivationFunctionType.NONE),
    },
  );
}

export function writePad(node: GraphNode, { padding, channels, value }: Pad, context: WriteContext): Step {
  const { top, bottom, left, right } = padding;
  const pads = [top, bottom, left, right, channels?.before ?? 0, channels?.after ?? 0];
  return pad(node, context.first(node), pads, context.shape(node.output), context, { value });
}

const reductions = {
  mean: BuiltinOperator.MEAN,
  sum: BuiltinOperator.SUM,
  max: BuiltinOperator.REDUCE_MAX,
  min: BuiltinOperator.REDUCE_MIN,
} as const;

export function writeReduce(
  node: GraphNode,
  { function: name, axes, keepDimensions }: Omit<Reduce, 'kind'>,
  context: WriteContext,
): Step {
  const step = context.first(node);
  if (axes.length === 0) return step;
  const places = context.integers(
    node,
    'axes',
    axes.map((axis) => axis + 1),
  );
  return context.add(node, reductions[name], [step.tensor, places], {
    ...{ shape: context.shape(node.output), type: BuiltinOptions.ReducerOptions },
    options: new ReducerOptionsT(keepDimensions),
  });
}

export function writeGlobalPool(node: GraphNode, operator: GlobalPool, context: WriteContext): Step {
  const name = operator.reduce === 'max' ? 'max' : 'mean';
  return writeReduce(
    node,
    { function: name, axes: [0, 1], keepDimensions: operator.keepDimensions },
    context,
  );
}

/** STRIDED_SLICE of one axis, the others whole. */
export function writeSlice(
  node: GraphNode,
  { axis, start, end, step: every }: Slice,
  context: WriteContext,
): Step {
  const step = context.first(node);
  const rank = step.shape.length + 1;
  const bounds = (what: string, own: number, others: number) =>
    context.integers(
      node,
      what,
      Array.from({ length: rank }, (_, at) => (at === axis + 1 ? own : others)),
    );
  const inputs = [step.tensor, bounds('start', start, 0), bounds('end', end, 0), bounds('step', every, 1)];
  const whole = (2 ** rank - 1) & ~(1 << (axis + 1));
  return context.add(node, BuiltinOperator.STRIDED_SLICE, inputs, {
    ...{ shape: context.shape(node.output), type: BuiltinOptions.StridedSliceOptions },
    options: new StridedSliceOptionsT(whole, whole, 0, 0, 0, false),
  });
}

export function writeGather(node: GraphNode, { axis, indices }: Gather, context: WriteContext): Step {
  const inputs = [context.first(node).tensor, context.integers(node, 'indices', indices)];
  return context.add(node, BuiltinOperator.GATHER, inputs, {
    ...{ shape: context.shape(node.output), type: BuiltinOptions.GatherOptions },
    options: new GatherOptionsT(axis + 1, 0),
  });
}

/** RESIZE_BILINEAR or RESIZE_NEAREST_NEIGHBOR, which know three ways of placing pixels and one of rounding for each. */
export function writeResize(node: GraphNode, operator: Resize, context: WriteContext): Step {
  const step = context.first(node);
  const [height = 1, width = 1] = step.shape;
  const { size, scale, method } = operator;
  const isExact =
    Math.abs(scale.height - size.height / height) < 1e-6 && Math.abs(scale.width - size.width / width) < 1e-6;
  const isOnePixel = size.height === 1 || size.width === 1;
  const coordinates =
    operator.coordinates === 'pytorchHalfPixel' && !isOnePixel ? 'halfPixel' : operator.coordinates;
  const isAligned = coordinates === 'alignCorners';
  const rounding = coordinates === 'asymmetric' ? 'floor' : 'halfUp';
  if (coordinates === 'pytorchHalfPixel')
    cannotWrite(node, 'it places the one pixel that is left as PyTorch does');
  if (method === 'nearest' && operator.rounding !== rounding)
    cannotWrite(
      node,
      `it takes the nearest pixel by ${operator.rounding} where the format takes ${rounding}`,
    );
  if (!isExact && !isAligned)
    cannotWrite(node, 'its scale is not that of its sizes, and the format goes by the sizes alone');
  const inputs = [step.tensor, context.integers(node, 'size', [size.height, size.width])];
  const flags = [isAligned, coordinates === 'halfPixel'] as const;
  const [code, type, options] =
    method === 'nearest'
      ? ([
          BuiltinOperator.RESIZE_NEAREST_NEIGHBOR,
          BuiltinOptions.ResizeNearestNeighborOptions,
          new ResizeNearestNeighborOptionsT(...flags),
        ] as const)
      : ([
          BuiltinOperator.RESIZE_BILINEAR,
          BuiltinOptions.ResizeBilinearOptions,
          new ResizeBilinearOptionsT(0, 0, ...flags),
        ] as const);
  const version = flags.includes(true) ? 3 : 1;
  return context.add(node, code, inputs, { shape: context.shape(node.output), version, type, options });
}
