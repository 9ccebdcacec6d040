import { shapeText, sizeOf } from './extents';
import { fail } from './failure';
import type {
  BatchNorm,
  Concat,
  Conv2d,
  Dense,
  Elementwise,
  GlobalPool,
  GraphNode,
  Pad,
  Padding,
  ParametricRelu,
  Pool,
  Reshape,
  Shape,
} from './graph';
import { slidingOutput } from './window';

/** @throws FailureError `invalid-network` with a sentence that names the node */
export function misfit(node: GraphNode, sentence: string): never {
  return fail(
    'invalid-network',
    `Node "${node.name}" (${node.operator.kind}): ${sentence.replace(/\.$/, '')}; export the network again.`,
  );
}

/** The input's shape, which must be an image's. */
export function requireImage(node: GraphNode, input: Shape): Shape {
  if (input.length === 3) return input;
  return misfit(node, `expected an image (height×width×channels), found ${shapeText(input)}.`);
}

/** The input's shape, which must not be a single number. */
export function requireAxes(node: GraphNode, input: Shape): Shape {
  return input.length > 0 ? input : misfit(node, 'expected at least one axis, found a single number.');
}

/** Stops unless a shape has an axis of this index. */
export function requireAxis(node: GraphNode, axis: number, input: Shape): void {
  if (Number.isInteger(axis) && axis >= 0 && axis < input.length) return;
  misfit(node, `axis ${axis} is not one of the ${input.length} axes of its first input.`);
}

function requireLastAxis(node: GraphNode, input: Shape, expected: number, what: string): void {
  if (input.at(-1) === expected) return;
  misfit(node, `expected ${expected} ${what}, found an input of shape ${shapeText(input)}.`);
}

/** Stops unless all values are whole numbers of at least `min`. */
export function requireWhole(node: GraphNode, what: string, min: number, values: readonly number[]): void {
  const wrong = values.find((value) => !Number.isInteger(value) || value < min);
  if (wrong !== undefined) misfit(node, `${what} must be whole numbers of at least ${min}, found ${wrong}.`);
}

function sides(padding: Padding): readonly number[] {
  return [padding.top, padding.bottom, padding.left, padding.right];
}

/** Shape of a convolution's output. */
export function convolutionShape(node: GraphNode, operator: Conv2d, input: Shape): Shape {
  const { kernel, stride, dilation, padding, groups } = operator;
  requireImage(node, input);
  if (kernel.shape.length !== 4)
    misfit(node, `expected a kernel of 4 axes, found ${shapeText(kernel.shape)}.`);
  requireWhole(node, 'kernel extents, strides, dilations and groups', 1, [
    ...kernel.shape,
    ...[stride.height, stride.width, dilation.height, dilation.width, groups],
  ]);
  requireWhole(node, 'padding', 0, sides(padding));
  const outputs = kernel.shape[3];
  if (outputs % groups !== 0)
    misfit(node, `${outputs} output channels cannot be split into ${groups} groups.`);
  requireLastAxis(node, input, kernel.shape[2] * groups, 'input channels');
  return slidShape(node, operator, input, kernel.shape, outputs);
}

/** Shape of a pool's output. */
export function poolShape(node: GraphNode, operator: Pool, input: Shape): Shape {
  const { window, stride, padding } = operator;
  requireImage(node, input);
  const extents = [window.height, window.width, stride.height, stride.width];
  requireWhole(node, 'window and strides', 1, extents);
  requireWhole(node, 'padding', 0, sides(padding));
  const tooWide = Math.max(padding.top, padding.bottom) >= window.height;
  if (tooWide || Math.max(padding.left, padding.right) >= window.width) {
    misfit(node, `padding must be smaller than the window of ${window.height}×${window.width}.`);
  }
  return slidShape(node, operator, input, [window.height, window.width], input[2]);
}

function slidShape(
  node: GraphNode,
  operator: Conv2d | Pool,
  input: Shape,
  window: Shape,
  channels: number,
): Shape {
  const { height, width } = slidingOutput(operator, input);
  if (height >= 1 && width >= 1) return [height, width, channels];
  const size = `${window[0]}×${window[1]}`;
  return misfit(
    node,
    `a window of ${size} does not fit an input of shape ${shapeText(input)} with its padding.`,
  );
}

/** Shape of a dense layer's output: the input's, with another last axis. */
export function denseShape(node: GraphNode, operator: Dense, input: Shape): Shape {
  const { shape } = operator.weights;
  if (shape.length !== 2) misfit(node, `expected weights of 2 axes, found ${shapeText(shape)}.`);
  requireLastAxis(node, input, shape[0], 'inputs on the last axis');
  return [...input.slice(0, -1), shape[1]];
}

/** Batch norm keeps its input's shape, whose last axis must be its channels. */
export function batchNormShape(node: GraphNode, operator: BatchNorm, input: Shape): Shape {
  requireLastAxis(node, input, operator.scale.length, 'channels');
  return input;
}

/** Shape of an image reduced to one value per channel. */
export function globalPoolShape(node: GraphNode, operator: GlobalPool, input: Shape): Shape {
  const channels = requireImage(node, input)[2];
  return operator.keepDimensions ? [1, 1, channels] : [channels];
}

/** Shape of an elementwise operation: axes align at the last one, and an extent of 1 (or a missing axis) stretches. */
export function broadcast(node: GraphNode, left: Shape, right: Shape): Shape {
  const axes = Math.max(left.length, right.length);
  const extentAt = (shape: Shape, axis: number) => shape[axis - axes + shape.length] ?? 1;
  return Array.from({ length: axes }, (_, axis) => {
    const [a, b] = [extentAt(left, axis), extentAt(right, axis)];
    if (a === b || b === 1) return a;
    if (a === 1) return b;
    return misfit(node, `shapes ${shapeText(left)} and ${shapeText(right)} cannot be combined.`);
  });
}

/** Shape of values combined by another function than sum and product, only some of which take more than two. */
export function elementwiseShape(
  node: GraphNode,
  { function: name }: Elementwise,
  inputs: readonly Shape[],
): Shape {
  const takesMore = name === 'maximum' || name === 'minimum';
  if (inputs.length > 2 && !takesMore) misfit(node, `${name} takes two inputs, found ${inputs.length}.`);
  return inputs.reduce((left, right) => broadcast(node, left, right));
}

/** A ReLU with slopes keeps its input's shape, over which its slopes must stretch. */
export function parametricReluShape(node: GraphNode, { slopes }: ParametricRelu, input: Shape): Shape {
  if (broadcast(node, input, slopes.shape).join() === input.join()) return input;
  return misfit(
    node,
    `slopes of shape ${shapeText(slopes.shape)} do not fit an input of shape ${shapeText(input)}.`,
  );
}

/** Shape of values joined on one axis. */
export function concatShape(node: GraphNode, { axis }: Concat, inputs: readonly Shape[]): Shape {
  const [head] = inputs;
  requireAxis(node, axis, head);
  const misfitting = inputs.find((shape) => !equalBut(axis, head, shape));
  if (misfitting)
    misfit(node, `shapes ${shapeText(head)} and ${shapeText(misfitting)} cannot be joined on axis ${axis}.`);
  const joined = inputs.reduce((sum, shape) => sum + shape[axis], 0);
  return head.map((extent, index) => (index === axis ? joined : extent));
}

function equalBut(axis: number, left: Shape, right: Shape): boolean {
  return (
    left.length === right.length && left.every((extent, index) => index === axis || extent === right[index])
  );
}

/** Shape of an image with its padding. */
export function padShape(node: GraphNode, { padding, channels: added }: Pad, input: Shape): Shape {
  const [height, width, channels] = requireImage(node, input);
  const [before, after] = [added?.before ?? 0, added?.after ?? 0];
  requireWhole(node, 'padding', 0, [...sides(padding), before, after]);
  return [
    height + padding.top + padding.bottom,
    width + padding.left + padding.right,
    channels + before + after,
  ];
}

/** The shape that is asked for, where it holds as many values. */
export function reshapeShape(node: GraphNode, { shape }: Reshape, input: Shape): Shape {
  requireWhole(node, 'extents', 1, shape);
  if (sizeOf(shape) === sizeOf(input)) return shape;
  const found = `${shapeText(input)} (${sizeOf(input)} values)`;
  return misfit(node, `cannot reshape ${found} to ${shapeText(shape)} (${sizeOf(shape)} values).`);
}
