import type { GraphNode, Operator, Shape } from '../../../network/graph';
import { outputShape, shapeText } from '../../../network/shapes';
import { withWeightsOf } from '../../../network/sharing';
import { FailureError, fail } from '../../../network/failure';
import { requireFewNodes } from '../../limits';
import { BlockedValues } from '../blocked';
import { cannot } from '../onnx/context';
import type { WeightSource } from './weights';
import type { Dialect } from './writing/context';

/** Most weights (in elements) that one file may ask for: a layer can be called again and again. */
const maxElements = 2 ** 28;

const channelsToFront: Operator = { kind: 'transpose', permutation: [2, 0, 1] };

/** What is known about a network while its layers are read one after the other. */
export class LayersContext {
  readonly nodes: GraphNode[] = [];
  /** Shapes of the values read so far, NHWC without batch; none behind a node that cannot be computed. */
  readonly shapes = new Map<string, Shape>();
  /** Values that are another image value with its channels first, by name: what a Permute made. */
  readonly channelsFirst = new Map<string, string>();
  /** Values [1, length, channels] that stand for [length, channels]: what layers of one dimension answer with. */
  private readonly rows = new Set<string>();
  readonly blocked = new BlockedValues();
  private readonly names = new Set<string>();
  private readonly reshaped = new Map<string, string>();
  private readonly repeats = new Map<string, number>();
  private elements = 0;
  private calls = 0;
  private readonly read = new Map<string, Operator>();

  /**
   * @param weights where the weights of layers are found
   * @param dialect whose program runs the file: TF.js resizes in other ways than Keras
   * @param isKeras3 whether functions mean what they mean in Keras 3 (hard_sigmoid changed)
   */
  constructor(
    readonly weights: WeightSource,
    readonly isKeras3: boolean,
    readonly dialect: Dialect,
  ) {}

  /** Adds a node; its value bears its name. @returns the value's name */
  emit(wanted: string, inputs: readonly string[], operator: Operator): string {
    const name = this.uniqueName(wanted);
    const node: GraphNode = { name, inputs, output: name, operator };
    const shapes = inputs.map((input) => this.shapes.get(input));
    if (operator.kind !== 'unsupported' && shapes.every((shape) => shape !== undefined)) {
      this.shapes.set(name, this.shapeOrCannot(node, shapes));
    }
    this.nodes.push(node);
    requireFewNodes(this.nodes.length, 'nodes');
    this.blocked.note(node);
    return name;
  }

  /**
   * The value itself, or where a Permute only stands for the order in which an image is counted, that image with
   * its axes reordered: something reads it that has no order of counting.
   */
  settled(value: string): string {
    if (this.rows.has(value)) return this.once(`${value}/rows`, value, this.shapes.get(value)!.slice(1));
    const image = this.channelsFirst.get(value);
    if (image === undefined) return value;
    this.channelsFirst.delete(value);
    if (image === value) return this.emit(`${value}/channels_first`, [value], channelsToFront);
    this.names.delete(value);
    return this.emit(value, [image], channelsToFront);
  }

  /** Whether a value is a row of an image that stands for [length, channels]. */
  isRow(value: string): boolean {
    return this.rows.has(value);
  }

  /** Says that a value is a row of an image that stands for [length, channels]. */
  markRow(value: string): void {
    if (this.shapes.get(value)?.length === 3) this.rows.add(value);
  }

  /** A value [length, channels] as a row of an image. */
  rowOf(value: string): string {
    if (this.rows.has(value)) return value;
    const shape = this.shapes.get(value) ?? cannot('the shape of its input is not known.');
    if (shape.length !== 2) cannot(`it reads sequences (length×channels), found ${shapeText(shape)}.`);
    return this.once(`${value}/row`, value, [1, ...shape]);
  }

  /** A reshape that several readers share. */
  private once(name: string, input: string, shape: Shape): string {
    const known = this.reshaped.get(name);
    if (known !== undefined) return known;
    const value = this.emit(name, [input], { kind: 'reshape', shape, order: 'hwc' });
    this.reshaped.set(name, value);
    return value;
  }

  /**
   * An operator that a layer's call makes: a layer that is called again uses the weights of its first call.
   *
   * @param place which layer, and which of its nodes
   */
  onceRead(place: string, operator: Operator): Operator {
    const former = this.read.get(place);
    if (former) return withWeightsOf(operator, former);
    this.read.set(place, operator);
    return operator;
  }

  /** A name that no node and no value has yet. */
  uniqueName(wanted: string): string {
    let count = this.repeats.get(wanted) ?? 1;
    let name = wanted;
    while (this.names.has(name)) name = `${wanted}_${++count}`;
    this.repeats.set(wanted, count);
    this.names.add(name);
    return name;
  }

  private shapeOrCannot(node: GraphNode, shapes: readonly Shape[]): Shape {
    try {
      return outputShape(node, shapes);
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      // The unsupported node that takes its place shall bear the name.
      this.names.delete(node.name);
      return cannot(error.message);
    }
  }

  /** Counts a call of a layer or of a model that is nested: either may be called again and again. */
  countCall(): void {
    requireFewNodes(++this.calls, 'calls of layers');
  }

  /** Counts elements that are about to be read. */
  count(elements: number): void {
    this.elements += elements;
    if (this.elements > maxElements)
      fail('unreadable-file', `expected at most ${maxElements} weights, found more; save a smaller network.`);
  }
}
