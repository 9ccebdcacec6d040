import type { Operator, Shape } from '../../../network/graph';
import { cannot, type ReadContext } from './context';
import type { AttributeProto, NodeProto } from './schema';
import type { Constant, FloatConstant } from './tensors';

/** What a node of the file becomes in our graph; what is absent is the node's own. */
export interface NodeDraft {
  readonly operator: Operator;
  readonly inputs: readonly string[];
  readonly output?: string;
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

  /** Name of an input that is computed while running. */
  data(index: number): string {
    const name = this.inputName(index);
    if (name === null) cannot(`input ${index + 1} is missing.`);
    if (this.context.constants.has(name))
      cannot(`its input "${name}" is a constant, expected a computed value.`);
    if (this.context.channelsLast.has(name)) cannot('it reads a transposed image.');
    return name;
  }

  /** Shape of a computed input, NHWC without batch. */
  shape(index: number): Shape {
    const name = this.data(index);
    return this.context.shapes.get(name) ?? cannot(`the shape of its input "${name}" is not known.`);
  }

  /** Shape of a computed input that must be an image. */
  imageShape(index: number): Shape {
    const shape = this.shape(index);
    return shape.length === 3
      ? shape
      : cannot(`it is known for images only, found a vector of ${shape.join('×')}.`);
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
    const type = constant.kind === 'other' ? constant.type : 'integers';
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
    if (this.inputName(index) === null) return null;
    const constant = this.constant(index);
    if (constant?.kind !== 'integers') return cannot(`its ${what} is not known when reading.`);
    return constant.elements.map((element) =>
      element === 'batch' ? cannot(`its ${what} depends on the batch.`) : element,
    );
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
