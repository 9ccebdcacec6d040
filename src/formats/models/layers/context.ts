import type { GraphNode, Operator, Shape } from '../../../network/graph';
import { outputShape } from '../../../network/shapes';
import { FailureError, fail } from '../../../network/failure';
import { cannot } from '../onnx/context';
import type { WeightSource } from './weights';

/** Most weights (in elements) that one file may ask for: a layer can be called again and again. */
const maxElements = 2 ** 28;

/** What is known about a network while its layers are read one after the other. */
export class LayersContext {
  readonly nodes: GraphNode[] = [];
  /** Shapes of the values read so far, NHWC without batch; none behind a node that cannot be computed. */
  readonly shapes = new Map<string, Shape>();
  /** Values that are another image value with its channels first, by name: what a Permute made. */
  readonly channelsFirst = new Map<string, string>();
  private readonly names = new Set<string>();
  private readonly repeats = new Map<string, number>();
  private elements = 0;

  /**
   * @param weights where the weights of layers are found
   * @param isKeras3 whether functions mean what they mean in Keras 3 (hard_sigmoid changed)
   */
  constructor(
    readonly weights: WeightSource,
    readonly isKeras3: boolean,
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
    return name;
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

  /** Counts elements that are about to be read. */
  count(elements: number): void {
    this.elements += elements;
    if (this.elements > maxElements)
      fail('unreadable-file', `expected at most ${maxElements} weights, found more.`);
  }
}
