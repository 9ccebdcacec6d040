import type { Network, Shape } from '../../../network/graph';

/**
 * How a value of the file lies in our graph. Files reorder axes and take axes of one value away and put them back;
 * none of that moves a number until an operator wants an order of its own.
 */
export interface View {
  /** Name of our value. */
  readonly value: string;
  /** Per axis of the file, batch left out, the axis of ours; ours that are no axis of the file have one value. */
  readonly axes: readonly number[];
}

/** Axes of a value that lies as the graph has it: images channels last, others in the file's order. */
export function usualAxes(rank: number): readonly number[] {
  return rank === 3 ? [2, 0, 1] : Array.from({ length: rank }, (_, axis) => axis);
}

/** Axes of a sequence [channels, length] that lies as an image of height 1. */
export const sequenceAxes: readonly number[] = [2, 1];

export function sameAxes(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((axis, index) => axis === right[index]);
}

/** Per axis of the file's input, batch left out, the axis of ours: as the network's own file had it. */
export function inputAxes({ input, source }: Network): readonly number[] {
  const usual = usualAxes(input.shape.length);
  return source.format === 'onnx' ? (source.inputAxes ?? usual) : usual;
}

/** Extents of a value as the file has it, batch left out. */
export function fileExtents(view: View, shapes: ReadonlyMap<string, Shape>): Shape {
  const shape = shapes.get(view.value)!;
  return view.axes.map((axis) => shape[axis]!);
}

/** [height, width, channels] → [channels, height, width]; other shapes as they are. */
export function channelsFirst(shape: Shape): Shape {
  return shape.length === 3 ? [shape[2]!, shape[0]!, shape[1]!] : shape;
}

/** [channels, height, width] → [height, width, channels]; other shapes as they are. */
export function channelsToLast(shape: Shape): Shape {
  return shape.length === 3 ? [shape[1]!, shape[2]!, shape[0]!] : shape;
}
