import type { Gather, GraphNode, Reduce, Resize, Shape, Slice, Transpose } from '../../../../network/graph';
import { usualAxes } from '../axes';
import type { WriteContext } from './context';
import { filePlaces, inOurOrder, reordered, withBatch, writeInOurOrder } from './order';

/** Transpose of our axes, where the file's are. */
export function writeTranspose(node: GraphNode, { permutation }: Transpose, context: WriteContext): void {
  const places = filePlaces(permutation.length);
  const perm = usualAxes(permutation.length).map((axis) => places[permutation[axis]!]! - 1);
  context.node(node, 'Transpose', { attributes: { perm: withBatch(perm) } });
}

/** Slice; its bounds are attributes before operator set 10, which has no steps. */
export function writeSlice(node: GraphNode, { axis, start, end, step }: Slice, context: WriteContext): void {
  const place = placeOf(node, axis, context);
  if (context.opset < 10) {
    const attributes = {
      ...{ starts: { integers: [start] }, ends: { integers: [end] } },
      axes: { integers: [place] },
    };
    context.node(node, 'Slice', { attributes });
    return;
  }
  const bounds = [
    context.integers(node, 'start', [start]),
    context.integers(node, 'end', [end]),
    context.integers(node, 'axis', [place]),
    context.integers(node, 'step', [step]),
  ];
  context.node(node, 'Slice', { inputs: [...node.inputs, ...bounds] });
}

export function writeGather(node: GraphNode, { axis, indices }: Gather, context: WriteContext): void {
  const inputs = [...node.inputs, context.integers(node, 'indices', indices)];
  context.node(node, 'Gather', { inputs, attributes: { axis: { integer: placeOf(node, axis, context) } } });
}

function placeOf(node: GraphNode, axis: number, context: WriteContext): number {
  const [input] = node.inputs as [string];
  const place = filePlaces(context.shape(input).length)[axis]!;
  return context.isConstant(input) ? place - 1 : place;
}

const reductions = { mean: 'ReduceMean', sum: 'ReduceSum', max: 'ReduceMax', min: 'ReduceMin' } as const;

/** A reduction; what is left of an image is turned to our order of axes. */
export function writeReduce(node: GraphNode, operator: Reduce, context: WriteContext): void {
  const { function: name, axes, keepDimensions } = operator;
  const rank = context.shape(node.inputs[0]!).length;
  const places = filePlaces(rank);
  const write = (placed: GraphNode) => {
    if (axes.length === 0) return context.node(placed, 'Identity');
    const { inputs, attributes } = context.axes(
      placed,
      name === 'sum' ? 13 : 18,
      axes.map((axis) => places[axis]!),
    );
    context.node(placed, reductions[name], {
      inputs: [...placed.inputs, ...inputs],
      attributes: { ...attributes, keepdims: { integer: keepDimensions ? 1 : 0 } },
    });
  };
  if (keepDimensions) return write(node);
  const kept = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => !axes.includes(axis));
  const left = usualAxes(rank).filter((axis) => !axes.includes(axis));
  reordered(
    node,
    context,
    left.map((axis) => kept.indexOf(axis)),
    write,
  );
}

/** Product of computed matrices, whose axes must be in our order and as many on both sides. */
export function writeMatrixProduct(node: GraphNode, context: WriteContext): void {
  const rank = context.shape(node.output).length;
  const inputs = node.inputs.map((value, index) => {
    const turned = inOurOrder(node, value, `operand${index + 1}`, context);
    const missing = rank - context.shape(value).length;
    if (missing === 0 || context.isConstant(value)) return turned;
    const added = Array.from({ length: missing }, (_, axis) => axis + 1);
    const { inputs: axes, attributes } = context.axes(node, 13, added);
    return context.helper(node, `operand${index + 1}/axes`, 'Unsqueeze', [turned, ...axes], attributes);
  });
  writeInOurOrder(node, context, (placed) => context.node(placed, 'MatMul', { inputs }));
}

const coordinateModes = {
  halfPixel: 'half_pixel',
  pytorchHalfPixel: 'pytorch_half_pixel',
  alignCorners: 'align_corners',
  asymmetric: 'asymmetric',
} as const;
const nearestModes = {
  floor: 'floor',
  ceil: 'ceil',
  halfDown: 'round_prefer_floor',
  halfUp: 'round_prefer_ceil',
} as const;

/** Operator set from which on Resize names the axes that it resizes, so that the batch need not be known. */
const resizedAxesSince = 18;

/** The operator set that a Resize needs: its size is told by scales, unless their float32 product falls short. */
export function resizeNeeds({ size, scale }: Resize, [height = 1, width = 1]: Shape): number {
  const reaches = (input: number, factor: number, output: number) =>
    Math.floor(input * Math.fround(factor)) === output;
  const isExact = reaches(height, scale.height, size.height) && reaches(width, scale.width, size.width);
  return isExact ? 11 : resizedAxesSince;
}

/** Resize by scales where they give the size, else by the size (see {@link resizeNeeds}). */
export function writeResize(node: GraphNode, operator: Resize, context: WriteContext): void {
  const { method, size, scale } = operator;
  const bySize = resizeNeeds(operator, context.shape(node.inputs[0]!)) === resizedAxesSince;
  const regions = bySize ? '' : context.floats(node, 'regions', [0], new Float32Array(0));
  const target = bySize
    ? ['', context.integers(node, 'sizes', [size.height, size.width])]
    : [context.floats(node, 'scales', [4], Float32Array.of(1, 1, scale.height, scale.width))];
  const attributes = {
    mode: { text: method },
    coordinate_transformation_mode: { text: coordinateModes[operator.coordinates] },
    ...(bySize ? { axes: { integers: [2, 3] } } : {}),
    ...(method === 'nearest' ? { nearest_mode: { text: nearestModes[operator.rounding] } } : {}),
  };
  context.node(node, 'Resize', { inputs: [...node.inputs, regions, ...target], attributes });
}
