import { fail } from '../../../../network/failure';
import { dynamicLevelsOf, hasSignedWeights } from '../../../../network/dynamicLevels';
import type { DynamicQuantise, GraphNode, Network, Shape, Tensor } from '../../../../network/graph';
import { isLayer } from '../../../../network/layerNodes';
import { inferShapes } from '../../../../network/shapes';
import { BuiltinOperator, BuiltinOptions, TensorType, QuantizationParametersT } from '../generated/tflite';
import { permute } from '../../onnx/tensors';
import { biasLevels, storedWeights } from './stored';
import { ModelBuilder, type OperatorOptions, type TensorIndex } from './builder';
import { knownShape } from '../../valueShapes';

/** A step on the way: the tensor that holds a value, and the value's shape without batch. */
export interface Step {
  readonly tensor: TensorIndex;
  readonly shape: Shape;
  /** What the levels stand for that it is held in; numbers have none. */
  readonly levels?: QuantizationParametersT;
}

/** Where operators read and write levels: those that they read first, and those of what they answer. */
interface InLevels {
  readonly input: QuantizationParametersT;
  readonly output: QuantizationParametersT;
}

/** Versions of operators that compute with levels. */
const levelVersions: ReadonlyMap<BuiltinOperator, number> = new Map([
  [BuiltinOperator.CONV_2D, 3],
  [BuiltinOperator.DEPTHWISE_CONV_2D, 3],
  [BuiltinOperator.FULLY_CONNECTED, 12],
  [BuiltinOperator.ADD, 2],
  [BuiltinOperator.MUL, 2],
  [BuiltinOperator.MEAN, 2],
  [BuiltinOperator.MAX_POOL_2D, 2],
  [BuiltinOperator.PAD, 2],
  [BuiltinOperator.TRANSPOSE, 2],
]);

/** Versions of operators that read numbers, round them as they run, and hold weights in int8, per channel. */
const dynamicVersions: ReadonlyMap<BuiltinOperator, number> = new Map([
  [BuiltinOperator.CONV_2D, 5],
  [BuiltinOperator.DEPTHWISE_CONV_2D, 6],
  [BuiltinOperator.FULLY_CONNECTED, 12],
]);

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
  /** Values that are held in levels. */
  private readonly leveled = new Map<string, Step>();
  private scope: InLevels | null = null;
  /** Values that runtimes round by themselves: what stands before the rounding, and how it is done. */
  private readonly roundedLater = new Map<string, Step & { readonly operator: DynamicQuantise }>();

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
    return knownShape(this.shapes, value);
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

  /** Says that a value is held in levels. */
  answerLevels(value: string, step: Step): void {
    this.leveled.set(value, step);
  }

  /** What holds a value in levels; undefined where numbers alone do. */
  leveledStep(value: string): Step | undefined {
    return this.leveled.get(value);
  }

  /** Says that a value is what runtimes make of another one as they run. */
  leaveRoundingTo(value: string, { tensor, shape }: Step, operator: DynamicQuantise): void {
    this.roundedLater.set(value, { tensor, shape, operator });
  }

  /** Whether a node reads what runtimes round as they run, which they do before layers with weights in int8 alone. */
  isRoundedLater(node: GraphNode): boolean {
    const rounded = this.roundedLater.get(node.inputs[0] ?? '');
    if (!rounded) return false;
    const isSo =
      isLayer(node) && hasSignedWeights(node) && dynamicLevelsOf(node.operator)?.per === rounded.operator.per;
    return isSo || cannotRound(node.name);
  }

  /** Writes operators that read levels, and answer in these. */
  inLevels(scope: InLevels, write: () => Step): Step {
    this.scope = scope;
    try {
      return write();
    } finally {
      this.scope = null;
    }
  }

  /** What holds a value that is computed: levels where they are asked for, else numbers. */
  step(value: string, reader: string): Step {
    const leveled = this.leveled.get(value);
    if (leveled && this.scope) return leveled;
    if (this.roundedLater.has(value)) return cannotRound(reader);
    return (
      this.steps.get(value) ??
      (leveled && this.numbersOf(value, leveled)) ??
      fail(
        'unsupported-operator',
        `${reader}: expected values that are computed, found the constant "${value}"; write ONNX.`,
      )
    );
  }

  private numbersOf(value: string, { tensor, shape }: Step): Step {
    const numbers = { tensor: this.computed(`${value}/numbers`, shape), shape };
    this.operator(BuiltinOperator.DEQUANTIZE, 2, [tensor], numbers.tensor);
    this.steps.set(value, numbers);
    return numbers;
  }

  /** What a node reads first. */
  first(node: GraphNode): Step {
    const rounded = this.roundedLater.get(node.inputs[0]!);
    if (rounded && this.isRoundedLater(node)) return rounded;
    return this.step(node.inputs[0]!, node.name);
  }

  /** Adds an operator with one result, which bears the node's name unless it is only a part of it. */
  add(node: GraphNode, code: BuiltinOperator, inputs: readonly TensorIndex[], draft: Draft): Step {
    const { shape, part } = draft;
    const version = this.versionOf(node, code, draft);
    const name = part === undefined ? node.name : `${node.name}/${part}`;
    if (this.scope) {
      const levels = part === undefined ? this.scope.output : this.scope.input;
      const tensor = this.levels(name, shape, levels);
      this.operator(code, levelVersions.get(code) ?? version, inputs, tensor, draft);
      return { tensor, shape, levels };
    }
    const tensor = this.computed(name, shape);
    this.operator(code, version, inputs, tensor, draft);
    return { tensor, shape };
  }

  private versionOf(node: GraphNode, code: BuiltinOperator, { part, version = 1 }: Draft): number {
    const isDynamic = part === undefined && this.isRoundedLater(node);
    return Math.max(version, (isDynamic && dynamicVersions.get(code)) || 1);
  }

  /** A value that is held in levels of int8. */
  levels(name: string, shape: Shape, levels: QuantizationParametersT): TensorIndex {
    return this.builder.computed(this.fresh(name), [this.batch, ...shape], TensorType.INT8, levels);
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
   * is written as float32. What is stored in fewer bits is turned to float32 by an operator of its own: answers are those of the weights, and not of values that were rounded, too.
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
    if (this.scope || this.isRoundedLater(node))
      return this.builder.constant(this.fresh(name), type, shape, values, levels);
    const constant = this.builder.constant(this.fresh(`${name}/stored`), type, shape, values, levels);
    const numbers = this.builder.computed(this.fresh(name), shape);
    this.operator(BuiltinOperator.DEQUANTIZE, version, [constant], numbers);
    return numbers;
  }

  /** A bias: where levels are read, in whole numbers of what a product of them stands for. */
  bias(node: GraphNode, bias: Float32Array, { stored }: Tensor): TensorIndex {
    if (!this.scope || !stored || !('scales' in stored))
      return this.floats(node, 'bias', [bias.length], bias);
    const { values, scales } = biasLevels(bias, stored.scales, this.scope.input);
    const levels = new QuantizationParametersT(
      [],
      [],
      scales,
      scales.map(() => 0n),
      0,
      null,
      0,
    );
    return this.builder.constant(
      this.fresh(`${node.name}/bias`),
      TensorType.INT32,
      [bias.length],
      values,
      levels,
    );
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

function cannotRound(reader: string): never {
  return fail(
    'unsupported-operator',
    `Layer "${reader}" cannot be written for TensorFlow Lite: expected weights in int8 behind what is rounded as the file runs, found others; store them in int8, or activations in float32.`,
  );
}

/** Stops with a sentence that names the layer which the format cannot hold. */
export function cannotWrite(node: GraphNode, reason: string): never {
  return fail(
    'unsupported-operator',
    `Layer "${node.name}" cannot be written for TensorFlow Lite: ${reason}; choose ONNX.`,
  );
}
