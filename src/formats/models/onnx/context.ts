import { requireFewNodes } from '../../limits';
import { BlockedValues } from '../blocked';
import { fail, FailureError } from '../../../network/failure';
import type { GraphNode, Operator, Quantise, Shape, Tensor } from '../../../network/graph';
import { outputShape } from '../../../network/shapes';
import type { ExternalData } from './external';
import type { NodeProto } from './schema';
import { countOf, filled, permute, type Constant, type Dimension, type FloatConstant } from './tensors';
import { fileExtents, usualAxes, type View } from './axes';
import { formOf } from './forms';

/** Why one node cannot be computed with; the reader turns it into an `unsupported` node. */
export class CannotCompute extends Error {
  override readonly name = 'CannotCompute';
}

/** Gives up on the node being read, with a sentence's worth of reason. */
export function cannot(reason: string): never {
  throw new CannotCompute(reason);
}

/** Most weights (in elements) that one file may ask for: a small file can name the same tensor again and again. */
const maxElements = 2 ** 28;

/** What is known about a graph while its nodes are read one after the other. */
export class ReadContext {
  /** Values whose elements are known, by name. */
  readonly constants = new Map<string, Constant>();
  /** Name of the Constant node that made a value, so that it can be kept. */
  readonly constantNames = new Map<string, string>();
  /** Shapes of the values read so far, ours: NHWC without batch. */
  readonly shapes = new Map<string, Shape>();
  /** Values of the file that are no value of ours, or one that lies in another order, by name. */
  readonly views = new Map<string, View>();
  /** By value that the file holds in whole numbers: what they stand for. Ours holds the numbers. */
  readonly levels = new Map<string, Quantise>();
  /** By value that a node which cannot be computed stands before: that node's name. */
  readonly blocked = new BlockedValues();
  /** Nodes that became part of another one. */
  readonly absorbed = new Set<NodeProto>();
  readonly nodes: GraphNode[] = [];
  private readonly readers = new Map<string, NodeProto[]>();
  private readonly names = new Set<string>();
  private readonly values = new Set<string>();
  private readonly rearranged = new Map<string, string>();
  private readonly repeats = new Map<string, number>();
  private elements = 0;
  private readonly materialised = new Map<FloatConstant['values'], Map<string, Tensor>>();

  constructor(
    readonly opset: number,
    readonly batch: string | number,
    readonly outputs: ReadonlySet<string>,
    nodes: readonly NodeProto[],
    readonly external: ExternalData,
  ) {
    for (const node of nodes) {
      for (const value of [...node.inputs, ...node.outputs]) this.values.add(value);
      for (const value of new Set(node.inputs)) {
        const known = this.readers.get(value);
        if (known) known.push(node);
        else this.readers.set(value, [node]);
      }
    }
  }

  /** Whether anything reads a value. */
  isUsed(value: string | undefined): boolean {
    return value !== undefined && value !== '' && (this.readers.has(value) || this.outputs.has(value));
  }

  /** All nodes that read a value that is no answer of the network; null where it is one. */
  readersOf(value: string): readonly NodeProto[] | null {
    return this.outputs.has(value) ? null : (this.readers.get(value) ?? []);
  }

  /** The one node that reads a value, or null where there are more, none, or the network answers with it. */
  onlyReader(value: string): NodeProto | null {
    const readers = this.readersOf(value);
    return readers?.length === 1 ? readers[0]! : null;
  }

  /** How a value of the file lies in ours; null where its shape is not known. */
  viewOf(value: string): View | null {
    const view = this.views.get(value);
    if (view) return this.shapes.has(view.value) ? view : null;
    const shape = this.shapes.get(value);
    return shape ? { value, axes: usualAxes(shape.length) } : null;
  }

  /** Shape of a value as the file has it, batch first; null where it is unknown. */
  onnxShape(value: string): readonly Dimension[] | null {
    const batch = typeof this.batch === 'number' ? this.batch : 'batch';
    const view = this.viewOf(value);
    return view ? [batch, ...fileExtents(view, this.shapes)] : null;
  }

  /** A name that no node has yet. */
  uniqueName(wanted: string): string {
    let count = this.repeats.get(wanted) ?? 1;
    let name = wanted;
    while (this.names.has(name)) name = `${wanted}_${++count}`;
    this.repeats.set(wanted, count);
    this.names.add(name);
    return name;
  }

  /** A name that no value of the file or of ours has yet. */
  freshValue(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.values.has(name); count++) name = `${wanted}_${count}`;
    this.values.add(name);
    return name;
  }

  /** Appends an operator that the file has no node for and returns the name of what it writes. */
  helper(base: string, operator: Operator, inputs: readonly string[], output?: string): string {
    const value = output ?? this.freshValue(`${base}/${operator.kind}`);
    this.emit({ name: this.uniqueName(value), inputs, output: value, operator });
    return value;
  }

  /** The same, where it only moves elements: once for each value that it is applied to. */
  rearrange(base: string, operator: Operator, output?: string): string {
    const key = JSON.stringify([base, operator]);
    const known = this.rearranged.get(key);
    if (known !== undefined && output === undefined) return known;
    const value = this.helper(base, operator, [base], output);
    this.rearranged.set(key, value);
    return value;
  }

  /** Appends a node and works out the shape of its value where that is possible. */
  emit(node: GraphNode): void {
    this.nodes.push(node);
    requireFewNodes(this.nodes.length, 'nodes');
    this.blocked.note(node);
    const inputs = node.inputs.map((value) => this.shapes.get(value));
    if (node.operator.kind === 'unsupported' || !inputs.every((shape) => shape !== undefined)) return;
    try {
      this.shapes.set(node.output, outputShape(node, inputs));
    } catch (error) {
      // The misfit is reported by the validation of the whole network; here the shape stays unknown.
      if (!(error instanceof FailureError)) throw error;
    }
  }

  /**
   * The elements of a constant with its axes reordered (see `permute`): the same array whenever the same constant is
   * asked for in the same order, so that weights which several nodes read stay one.
   */
  materialise(constant: FloatConstant, order?: readonly number[]): Tensor {
    const key = `${constant.dims.join()} ${order?.join() ?? ''}`;
    const known = this.materialised.get(constant.values) ?? new Map<string, Tensor>();
    const tensor = known.get(key) ?? this.elementsOf(constant, order);
    this.materialised.set(constant.values, known.set(key, tensor));
    return tensor;
  }

  private elementsOf(constant: FloatConstant, order?: readonly number[]): Tensor {
    const { dims, fill } = constant;
    this.elements += countOf(dims);
    if (this.elements > maxElements) {
      const found = this.elements.toLocaleString('en-US');
      fail(
        'out-of-memory',
        `expected at most ${maxElements.toLocaleString('en-US')} weights, found ${found} or more; export a smaller network.`,
      );
    }
    const shape = order ? order.map((axis) => dims[axis]!) : dims;
    if (fill !== null) return { shape, data: filled(dims, fill).values() };
    const data = order ? permute(constant.values(), dims, order) : constant.values();
    const stored = formOf(constant, order);
    return stored ? { shape, data, stored } : { shape, data };
  }
}
