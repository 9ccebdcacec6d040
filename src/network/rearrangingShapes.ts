import { shapeText } from './extents';
import type { Gather, GraphNode, Reduce, Resize, Shape, Slice, Transpose } from './graph';
import { broadcast, misfit, requireAxis, requireImage, requireWhole } from './operatorShapes';

/** Shape of a value with its axes reordered. */
export function transposeShape(node: GraphNode, { permutation }: Transpose, input: Shape): Shape {
  const isPermutation =
    permutation.length === input.length && input.every((_, axis) => permutation.includes(axis));
  if (isPermutation) return permutation.map((axis) => input[axis]);
  return misfit(node, `[${permutation.join(', ')}] is no order of the axes of ${shapeText(input)}.`);
}

/** Shape of the part of a value that a slice leaves. */
export function sliceShape(node: GraphNode, { axis, start, end, step }: Slice, input: Shape): Shape {
  requireAxis(node, axis, input);
  requireWhole(node, 'bounds', 0, [start, end]);
  requireWhole(node, 'steps', 1, [step]);
  if (start >= end || end > input[axis])
    misfit(node, `${start} to ${end} is no part of axis ${axis} of ${shapeText(input)}.`);
  return withExtent(input, axis, Math.ceil((end - start) / step));
}

/** Shape of a value whose elements along one axis were picked. */
export function gatherShape(node: GraphNode, { axis, indices }: Gather, input: Shape): Shape {
  requireAxis(node, axis, input);
  requireWhole(node, 'indices', 0, indices);
  const beyond = indices.find((index) => index >= input[axis]);
  if (beyond !== undefined || indices.length === 0)
    misfit(node, `index ${beyond ?? 'none'} is not one of axis ${axis} of ${shapeText(input)}.`);
  return withExtent(input, axis, indices.length);
}

function withExtent(shape: Shape, axis: number, extent: number): Shape {
  return shape.map((own, index) => (index === axis ? extent : own));
}

/** Shape of a resized image. */
export function resizeShape(node: GraphNode, { size, scale }: Resize, input: Shape): Shape {
  const [, , channels] = requireImage(node, input);
  requireWhole(node, 'sizes', 1, [size.height, size.width]);
  if (!(scale.height > 0 && scale.width > 0))
    misfit(node, `scales must be greater than 0, found ${scale.height} and ${scale.width}.`);
  return [size.height, size.width, channels];
}

/** Shape of a value with some axes reduced. */
export function reduceShape(node: GraphNode, { axes, keepDimensions }: Reduce, input: Shape): Shape {
  for (const axis of axes) requireAxis(node, axis, input);
  if (keepDimensions) return input.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  return input.filter((_, axis) => !axes.includes(axis));
}

/** Shape of the products of matrices. */
export function matrixProductShape(node: GraphNode, [left = [], right = []]: readonly Shape[]): Shape {
  if (left.length < 2 || right.length < 2 || left.at(-1) !== right.at(-2))
    misfit(node, `matrices of shapes ${shapeText(left)} and ${shapeText(right)} cannot be multiplied.`);
  const lead = broadcast(node, left.slice(0, -2), right.slice(0, -2));
  return [...lead, left.at(-2)!, right.at(-1)!];
}
