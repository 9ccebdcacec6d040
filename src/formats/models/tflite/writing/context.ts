import { fail } from '../../../../network/failure';
import type { GraphNode, Network, Shape, Tensor } from '../../../../network/graph';
import { inferShapes } from '../../../../network/shapes';
import {
  BuiltinOperator,
  BuiltinOptions,
  TensorType,
  type QuantizationParametersT,
} from '../generated/tflite';
import { permute } from '../../onnx/tensors';
import { storedWeights } from './stored';
import { ModelBuilder, type OperatorOptions, type TensorIndex } from './builder';

/** A step on the way: the tensor that holds a value, and the value's shape without batch. */
export interface Step {
  readonly tensor: TensorIndex;
  readonly shape: Shape;
}

interface Draft extends Partial<OperatorOptions> {
  /** Shape of the result without batch. */
  readonly shape: Shape;
  /** Goes behind the node's name where it is not the node's last operator. */
  readonly part?: string;
  readonly version?: number;
}

/** Gathers the operators of the network that is being written. */
export class WriteContext {
  readonly builder = new ModelBuilder();
  private readonly steps = new Map<string, Step>();
  private readonly constants = new Map<string, Tensor>();
  private readonly shapes: ReadonlyMap<string, Shape>;
  private readonly names = new Set<string>();

  constructor(private readonly network: Network) {
    this.shapes = inferShapes(network).shapes;
    for (const { output, operator } of network.nodes)
      if (operator.kind === 'constant') this.constants.set(output, operator.value);
  }

  /** Number of images at a time: LiteRT takes files of fixed shapes, and whoever wants others resizes the input. */
  private get batch(): number {
    const { batch } = this.network.source;
    return typeof batch === 'number' ? batch : 1;
  }

  shape(value: string): Shape {
    return (
      this.shapes.get(value) ??
      fail(
        'invalid-network',
        `Expected a value of known shape, found "${value}" without; open the network again.`,
      )
    );
  }

  constant(value: string): Tensor | undefined {
    return this.constants.get(value);
  }

  /** Adds the network's input. */
  input(): TensorIndex {
    const { name, shape } = this.network.input;
    const tensor = this.computed(name || 'input', shape);
    this.steps.set(name, { tensor, shape });
    return tensor;
  }

  answer(value: string, step: Step): void {
    this.steps.set(value, step);
  }

  /** What holds a value that is computed. */
  step(value: string, reader: string): Step {
    return (
      this.steps.get(value) ??
      fail(
        'unsupported-operator',
        `${reader}: expected values that are computed, found the constant "${value}"; write ONNX.`,
      )
    );
  }

  /** What a node reads first. */
  first(node: GraphNode): Step {
    return this.step(node.inputs[0]!, node.name);
  }

  /** Adds an operator with one result, which bears the node's name unless it is only a part of it. */
  add(node: GraphNode, code: BuiltinOperator, inputs: readonly TensorIndex[], draft: Draft): Step {
    const { shape, part, version = 1 } = draft;
    const tensor = this.computed(part === undefined ? node.name : `${node.name}/${part}`, shape);
    this.operator(code, version, inputs, tensor, draft);
    return { tensor, shape };
  }

  /** A value of a node that is held in levels. */
  levels(node: GraphNode, shape: Shape, type: TensorType, levels: QuantizationParametersT): TensorIndex {
    return this.builder.computed(this.fresh(node.name), [this.batch, ...shape], type, levels);
  }

  /** Adds an operator that writes one tensor. */
  operator(
    code: BuiltinOperator,
    version: number,
    inputs: readonly TensorIndex[],
    output: TensorIndex,
    { type = BuiltinOptions.NONE, options = null }: Partial<OperatorOptions> = {},
  ): void {
    this.builder.operator(code, version, inputs, [output], { type, options });
  }

  /** A constant of numbers. */
  floats(node: GraphNode, what: string, shape: Shape, data: Float32Array): TensorIndex {
    return this.builder.constant(this.fresh(`${node.name}/${what}`), TensorType.FLOAT32, shape, data);
  }

  /**
   * Weights with their axes in another order, in the form that they are stored in; one that the format does not know
   * is written as float32. What is stored in fewer bits is turned to float32 by an operator of its own, once before
   * the first run: answers are those of the weights, and not of values that were rounded, too.
   *
   * @param order per axis in the file, the axis of ours
   * @param axis of the output channels in the file
   */
  weights(
    node: GraphNode,
    what: string,
    tensor: Tensor,
    order: readonly number[],
    axis: number,
  ): TensorIndex {
    const shape = order.map((own) => tensor.shape[own]!);
    const stored = storedWeights(tensor, order, axis);
    if (!stored) return this.floats(node, what, shape, permute(tensor.data, tensor.shape, order));
    const { type, values, levels, version } = stored;
    const name = `${node.name}/${what}`;
    const constant = this.builder.constant(this.fresh(`${name}/stored`), type, shape, values, levels);
    const numbers = this.builder.computed(this.fresh(name), shape);
    this.operator(BuiltinOperator.DEQUANTIZE, version, [constant], numbers);
    return numbers;
  }

  /** A constant of whole numbers. */
  integers(
    node: GraphNode,
    what: string,
    values: readonly number[],
    shape: readonly number[] = [values.length],
  ): TensorIndex {
    return this.builder.constant(
      this.fresh(`${node.name}/${what}`),
      TensorType.INT32,
      shape,
      Int32Array.from(values),
    );
  }

  private computed(name: string, shape: Shape): TensorIndex {
    return this.builder.computed(this.fresh(name), [this.batch, ...shape]);
  }

  /** A name that no tensor has. A colon would name a further value of a node. */
  private fresh(wanted: string): string {
    const allowed = wanted.replace(/[:;]/g, '_');
    let name = allowed;
    for (let count = 2; this.names.has(name); count++) name = `${allowed}_${count}`;
    this.names.add(name);
    return name;
  }
}

/** Stops with a sentence that names the layer which the format cannot hold. */
export function cannotWrite(node: GraphNode, reason: string): never {
  return fail(
    'unsupported-operator',
    `Layer "${node.name}" cannot be written for TensorFlow Lite: ${reason}; choose ONNX.`,
  );
}
