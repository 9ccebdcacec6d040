import { FailureError, fail } from '../../../../network/failure';
import type { Conv2d, Dense, GraphNode, Operator, Shape, Tensor } from '../../../../network/graph';
import { outputShape, sizeOf } from '../../../../network/shapes';
import type { StoredTensor } from '../../layers/weights';
import { cannot } from '../../onnx/context';
import type { GraphDefNode } from './graphDef';

/** An extent of a shape that is worked out in the graph itself. */
export type Extent = number | 'batch';

/** Most weights (in elements) that one file may ask for: many nodes can name the same one. */
const mostElements = 2 ** 28;

/** What is known about a graph while its nodes are read one after the other. */
export class GraphContext {
  readonly nodes: GraphNode[] = [];
  /** Shapes of computed values, NHWC without batch. */
  readonly shapes = new Map<string, Shape>();
  /** Lists of extents that shape arithmetic gives (Shape, StridedSlice, Pack). */
  readonly extents = new Map<string, readonly Extent[]>();
  /** Values that are another one: Identity and the like. */
  private readonly aliases = new Map<string, string>();
  private readonly readers = new Map<string, number>();
  private elements = 0;

  /**
   * @param constants values of Const nodes by name
   * @param answers values that the network answers with
   */
  constructor(
    private readonly constants: ReadonlyMap<string, StoredTensor>,
    nodes: readonly GraphDefNode[],
    answers: readonly string[],
  ) {
    for (const value of [...nodes.flatMap(({ inputs }) => inputs), ...answers])
      this.readers.set(value, (this.readers.get(value) ?? 0) + 1);
  }

  /** The value that a name stands for. */
  resolve(name: string): string {
    return this.aliases.get(name) ?? name;
  }

  alias(name: string, value: string): void {
    this.aliases.set(name, this.resolve(value));
    this.readers.set(
      this.resolve(value),
      (this.readers.get(this.resolve(value)) ?? 0) + this.readersOf(name) - 1,
    );
  }

  /** A constant by the name of its value; null where it is computed. */
  constant(name: string): StoredTensor | null {
    return this.constants.get(this.resolve(name)) ?? null;
  }

  /** The elements of a constant. */
  tensor(name: string, what: string): Tensor {
    const stored =
      this.constant(name) ?? cannot(`its ${what} is computed while running, expected a constant.`);
    this.elements += sizeOf(stored.shape);
    if (this.elements > mostElements)
      fail('out-of-memory', `expected at most ${mostElements.toLocaleString('en-US')} weights, found more.`);
    return { shape: stored.shape, data: stored.read() };
  }

  /** Adds a node; its value bears its name. */
  emit(name: string, inputs: readonly string[], operator: Operator): string {
    const node: GraphNode = { name, inputs, output: name, operator };
    const shapes = inputs.map((input) => this.shapes.get(input));
    if (operator.kind !== 'unsupported' && shapes.every((shape) => shape !== undefined))
      this.shapes.set(name, shapeOrCannot(node, shapes));
    this.nodes.push(node);
    return name;
  }

  /** Gives the layer that alone writes a value a bias, if it can take one; whether it did. */
  tryBias(value: string, bias: Float32Array, isOwn = false): boolean {
    const index = this.nodes.findLastIndex(({ output }) => output === value);
    const node = this.nodes[index];
    if (!node || (!isOwn && this.readersOf(value) !== 1)) return false;
    const { operator } = node;
    if ((operator.kind !== 'conv2d' && operator.kind !== 'dense') || operator.bias) return false;
    if (outputsOf(operator) !== bias.length) return false;
    this.nodes[index] = { ...node, operator: { ...operator, bias } };
    return true;
  }

  private readersOf(name: string): number {
    return this.readers.get(name) ?? 0;
  }
}

function outputsOf(operator: Conv2d | Dense): number {
  return (operator.kind === 'conv2d' ? operator.kernel : operator.weights).shape.at(-1) ?? 0;
}

function shapeOrCannot(node: GraphNode, shapes: readonly Shape[]): Shape {
  try {
    return outputShape(node, shapes);
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    return cannot(error.message);
  }
}
