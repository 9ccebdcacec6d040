import type { Extent, Operator, Padding, Shape, Tensor } from '../../../../network/graph';
import { samePadding } from '../../layers/call';
import { cannot } from '../../onnx/context';
import type { GraphContext } from './context';
import type { SourceNode } from './graphDef';

export const noPadding: Padding = { top: 0, bottom: 0, left: 0, right: 0 };

/** A node of the file with what it reads. */
export class GraphCall {
  constructor(
    readonly node: SourceNode,
    readonly context: GraphContext,
  ) {}

  /** Name of a computed value that it reads. */
  data(index = 0): string {
    const name = this.node.inputs[index] ?? cannot(`it lacks input ${index}.`);
    const value = this.context.resolve(name);
    if (this.context.constant(name)) cannot(`its input "${name}" is a constant, expected a computed value.`);
    if (!this.context.isComputed(value))
      cannot(`its input "${name}" is a shape that is worked out while running.`);
    return value;
  }

  /** Shape of a computed value that it reads, NHWC without batch. */
  shape(index = 0): Shape {
    return (
      this.context.shapes.get(this.data(index)) ??
      cannot('the shape of its input is not known, because a node before it cannot be computed.')
    );
  }

  imageShape(index = 0): Shape {
    const shape = this.shape(index);
    return shape.length === 3 ? shape : cannot(`it reads ${shape.join('×')}, expected an image.`);
  }

  isConstant(index: number): boolean {
    const name = this.node.inputs[index];
    return name !== undefined && this.context.constant(name) !== null;
  }

  weights(index: number, what: string): Tensor {
    return this.context.tensor(this.node.inputs[index] ?? cannot(`it lacks its ${what}.`), what);
  }

  /** Whole numbers of a constant. */
  integers(index: number, what: string): readonly number[] {
    return Array.from(this.weights(index, what).data);
  }

  /** Adds a node under the file's name, or under that name with a part behind it. */
  emit(operator: Operator, inputs: readonly string[] = [this.data()], part = ''): string {
    const { name: own } = this.node;
    const name = part === '' ? own : this.context.partName(`${own}/${part}`);
    return this.context.emit(name, inputs, operator);
  }

  /** A list [batch, height, width, channels] as height and width. */
  pair(key: string): Extent {
    const values = this.node.integers(key);
    if (values.length === 0) return { height: 1, width: 1 };
    const [batch, height, width, channels] = values;
    const isWhole = values.every((value) => Number.isSafeInteger(value) && value >= 1);
    if (values.length !== 4 || batch !== 1 || channels !== 1 || !isWhole)
      return cannot(`its ${key} are [${values.join(', ')}], expected [1, height, width, 1].`);
    return { height: height!, width: width! };
  }

  requireChannelsLast(): void {
    const format = this.node.text('data_format', 'NHWC');
    if (format !== 'NHWC')
      cannot(`its images have their channels first (${format}); save the network with channels last.`);
  }

  /** SAME, VALID or EXPLICIT padding, worked out for the input's size. */
  padding(window: Extent, stride: Extent, dilation: Extent = { height: 1, width: 1 }): Padding {
    const mode = this.node.text('padding', 'VALID');
    if (mode === 'VALID') return noPadding;
    if (mode === 'SAME') return samePadding(this.imageShape(), window, stride, dilation);
    const explicit = this.node.integers('explicit_paddings');
    if (mode !== 'EXPLICIT') return cannot(`its padding "${mode}" is not known.`);
    return spatialPadding(explicit, 'explicit_paddings');
  }
}

/** Padding from TensorFlow's list: before and behind batch, height, width and channels. */
export function spatialPadding(pads: readonly number[], what: string): Padding {
  const [batch0, batch1, top, bottom, left, right, channels0, channels1] = pads;
  const isWhole = pads.every((value) => Number.isSafeInteger(value) && value >= 0);
  if (pads.length !== 8 || !isWhole || [batch0, batch1, channels0, channels1].some((value) => value !== 0))
    cannot(`its ${what} are [${pads.join(', ')}], expected those of height and width alone.`);
  return { top: top!, bottom: bottom!, left: left!, right: right! };
}
