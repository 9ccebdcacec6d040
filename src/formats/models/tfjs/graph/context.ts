import { FailureError, fail } from '../../../../network/failure';
import type { Conv2d, Dense, GraphNode, Operator, Shape, Tensor } from '../../../../network/graph';
import { outputShape, sizeOf } from '../../../../network/shapes';
import { tensorOf, type StoredTensor } from '../../layers/weights';
import { BlockedValues } from '../../blocked';
import { cannot } from '../../onnx/context';
import type { SourceNode } from './graphDef';

/** An extent of a shape that is worked out in the graph itself. */
export type Extent = number | 'batch';

/** Most weights (in elements) that one file may ask for: many nodes can name the same one. */
const maxElements = 2 ** 28;

/** What is known about a graph while its nodes are read one after the other. */
export class GraphContext {
  readonly nodes: GraphNode[] = [];
  readonly blocked = new BlockedValues();
  /** Shapes of computed values, NHWC without batch. */
  readonly shapes = new Map<string, Shape>();
  /** Lists of extents that shape arithmetic gives (Shape, StridedSlice, Pack). */
  readonly extents = new Map<string, readonly Extent[]>();
  /** Values that are another one: Identity and the like. */
  private readonly aliases = new Map<string, string>();
  private readonly readers = new Map<string, number>();
  /** Values that are computed: the input and what nodes write. */
  private readonly written = new Set<string>();
  /** Names of the file's nodes and of the parts that they were read as. */
  private readonly names: Set<string>;
  /** By node, which of its values something reads. */
  private readonly read = new Map<string, string[]>();
  private elements = 0;
  private readonly readData = new Map<StoredTensor, Float32Array>();

  /**
   * @param constants values of Const nodes by name
   * @param nodes that the answers depend on
   * @param answers values that the network answers with
   * @param batch number of images that the file fixes; null where any number will do
   */
  constructor(
    private readonly constants: ReadonlyMap<string, StoredTensor>,
    nodes: readonly SourceNode[],
    answers: readonly string[],
    readonly batch: number | null,
  ) {
    for (const value of [...nodes.flatMap(({ inputs }) => inputs), ...answers]) {
      if (!this.readers.has(value)) this.noteRead(value);
      this.readers.set(value, (this.readers.get(value) ?? 0) + 1);
    }
    this.names = new Set([...nodes.map(({ name }) => name), ...constants.keys()]);
  }

  setInput(name: string, shape: Shape): void {
    this.shapes.set(name, shape);
    this.written.add(name);
  }

  /** Whether a value is computed by a node that was read, or is the input. */
  isComputed(value: string): boolean {
    return this.written.has(value);
  }

  /** The values of a node that something reads; its first one where nothing does. */
  valuesOf(name: string): readonly string[] {
    return this.read.get(name) ?? [name];
  }

  private noteRead(value: string): void {
    const node = value.replace(/:\d+$/, '');
    const known = this.read.get(node);
    if (known) known.push(value);
    else this.read.set(node, [value]);
  }

  /** A name for a part of a node that no node of the file has. */
  partName(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.names.has(name); count++) name = `${wanted}_${count}`;
    this.names.add(name);
    return name;
  }

  /** Takes back the nodes behind the first ones: what was read of a node that cannot be computed after all. */
  keepFirst(count: number): void {
    for (const { output } of this.nodes.splice(count)) {
      this.shapes.delete(output);
      this.written.delete(output);
    }
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
    if (this.elements > maxElements)
      fail(
        'out-of-memory',
        `expected at most ${maxElements.toLocaleString('en-US')} weights, found more; convert a smaller network.`,
      );
    // One array for all nodes that read the constant: its weights are the same ones.
    const data = this.readData.get(stored) ?? stored.read();
    this.readData.set(stored, data);
    return tensorOf(stored, data);
  }

  /** Adds a node; its value bears its name. */
  emit(name: string, inputs: readonly string[], operator: Operator): string {
    const node: GraphNode = { name, inputs, output: name, operator };
    const shapes = inputs.map((input) => this.shapes.get(input));
    if (operator.kind !== 'unsupported' && shapes.every((shape) => shape !== undefined))
      this.shapes.set(name, shapeOrCannot(node, shapes));
    this.nodes.push(node);
    this.blocked.note(node);
    this.written.add(name);
    return name;
  }

  /** Gives the layer that alone writes a value a bias, if it can take one; whether it did. */
  tryBias(value: string, bias: Float32Array, isOwn = false): boolean {
    // Mostly the last one.
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
