import type { Operator, Shape } from '../../../network/graph';
import { cannot, type ReadContext } from './context';
import type { AttributeProto, NodeProto } from './schema';
import type { Constant, Dimension, FloatConstant } from './tensors';
import { asSequence, inUsualOrder } from './arrange';
import { fileExtents, sequenceAxes, type View } from './axes';

/** What a node of the file becomes in our graph; what is absent is the node's own. */
export interface NodeDraft {
  readonly operator: Operator;
  readonly inputs: readonly string[];
  readonly output?: string;
  /** Per axis of the file the axis of ours, where the value does not lie as usual (see {@link View}). */
  readonly axes?: readonly number[];
}

/** One node of an ONNX graph with typed access to its attributes and inputs. */
export class OnnxNode {
  private readonly attributes: ReadonlyMap<string, AttributeProto>;

  constructor(
    readonly proto: NodeProto,
    readonly context: ReadContext,
  ) {
    this.attributes = new Map(proto.attributes.map((attribute) => [attribute.name ?? '', attribute]));
  }

  get opset(): number {
    return this.context.opset;
  }

  /** Name of the first value that the node writes. */
  get output(): string {
    return this.proto.outputs[0] ?? '';
  }

  has(attribute: string): boolean {
    return this.attributes.has(attribute);
  }

  /** A whole number; some writers leave out a zero, so an attribute without a value is one. */
  integer(attribute: string, absent: number): number {
    const found = this.attributes.get(attribute);
    return found ? (found.integer ?? 0) : absent;
  }

  /** A real number, float32 as in a file. */
  float(attribute: string, absent: number): number {
    const found = this.attributes.get(attribute);
    return found ? (found.float ?? 0) : Math.fround(absent);
  }

  text(attribute: string, absent: string): string {
    return this.attributes.get(attribute)?.text ?? absent;
  }

  integers(attribute: string): readonly number[] | null {
    return this.attributes.get(attribute)?.integers ?? null;
  }

  tensor(attribute: string) {
    return this.attributes.get(attribute)?.tensor ?? null;
  }

  floats(attribute: string): Float32Array | null {
    return this.attributes.get(attribute)?.floats ?? null;
  }

  /** Name of an input, or null where it is left out. */
  inputName(index: number): string | null {
    return this.proto.inputs[index] || null;
  }

  /** The constant that an input is, or null where it is absent or computed. */
  constant(index: number): Constant | null {
    const name = this.inputName(index);
    return name === null ? null : (this.context.constants.get(name) ?? null);
  }

  /** Name in the file of an input that is computed while running. */
  computed(index: number): string {
    const name = this.inputName(index);
    if (name === null) cannot(`input ${index + 1} is missing.`);
    if (this.context.constants.has(name))
      cannot(`its input "${name}" is a constant, expected a computed value.`);
    return name;
  }

  /** How a computed input lies in our graph. */
  view(index: number): View {
    const name = this.computed(index);
    return this.context.viewOf(name) ?? cannot(`the shape of its input "${name}" is not known.`);
  }

  /** Name of our value at a computed input, which lies as usual: images channels last. */
  data(index: number): string {
    const name = this.computed(index);
    const view = this.context.viewOf(name);
    return view ? inUsualOrder(view, this.context) : name;
  }

  /** Extents of a computed input as the file has them, batch left out. */
  extents(index: number): Shape {
    return fileExtents(this.view(index), this.context.shapes);
  }

  /** Shape of our value at a computed input that must be an image. */
  imageShape(index: number): Shape {
    const shape = this.context.shapes.get(this.data(index));
    if (!shape) return cannot(`the shape of its input "${this.computed(index)}" is not known.`);
    return shape.length === 3 ? shape : cannot(`it is known for images only, found ${shape.join('×')}.`);
  }

  /** Reads the first input as it lies and writes a value that lies the same way. */
  passOn(operator: Operator): NodeDraft {
    const view = this.context.viewOf(this.computed(0));
    return view ? { operator, inputs: [view.value], axes: view.axes } : this.draft(operator);
  }

  /** Reads the first input, a sequence [channels, length], as an image of height 1, and writes one. */
  alongSequence(operator: Operator): NodeDraft {
    return { operator, inputs: [asSequence(this.view(0), this.context)], axes: sequenceAxes };
  }

  /** Weights at an input: floats that are known when reading. */
  weights(index: number, what: string): FloatConstant {
    const constant = this.constant(index);
    if (!constant) {
      return cannot(
        this.inputName(index) === null ? `its ${what} is missing.` : `its ${what} is computed while running.`,
      );
    }
    if (constant.kind === 'floats') return constant;
    const type = constant.kind === 'integers' ? 'integers' : constant.type;
    return cannot(`its ${what} is of type ${type}, expected floating point.`);
  }

  /** Values of a one-dimensional weight such as a bias; null where the input is left out. */
  vector(index: number, what: string): Float32Array | null {
    if (this.inputName(index) === null) return null;
    return this.context.materialise(this.weights(index, what)).data;
  }

  /** A single number at an input, or null where the input is left out. */
  scalar(index: number, what: string): number | null {
    const values = this.vector(index, what);
    if (values === null) return null;
    return values.length === 1
      ? values[0]!
      : cannot(`its ${what} is ${values.length} numbers, expected one.`);
  }

  /** Whole numbers at an input, all known when reading; null where the input is left out. */
  integersAt(index: number, what: string): readonly number[] | null {
    const dimensions = this.dimensionsAt(index, what);
    return (
      dimensions?.map((element) =>
        element === 'batch' ? cannot(`its ${what} depends on the batch.`) : element,
      ) ?? null
    );
  }

  /** The same where the number of images may be among them. */
  dimensionsAt(index: number, what: string): readonly Dimension[] | null {
    if (this.inputName(index) === null) return null;
    const constant = this.constant(index);
    return constant?.kind === 'integers'
      ? constant.elements
      : cannot(`its ${what} is not known when reading.`);
  }

  /** Axes given as an attribute in older operator sets and as an input in newer ones. */
  axes(inputSince: number): readonly number[] | null {
    return this.opset >= inputSince ? this.integersAt(1, 'list of axes') : this.integers('axes');
  }

  /** A node that reads the first input and writes the first output. */
  draft(operator: Operator, inputs: readonly string[] = [this.data(0)]): NodeDraft {
    return { operator, inputs };
  }
}

/** An axis counted from the front: −1 is the last of `rank`. */
export function fromFront(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}
