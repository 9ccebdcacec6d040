import type { GraphNode, Network, Quantise, Shape, Stored, Tensor } from '../../../../network/graph';
import { biasLevels, levelledValues } from '../../../../network/levels';
import { attributeType, elementType, type AttributeInput, type NodeInput, type TensorInput } from '../schema';
import { permute } from '../tensors';
import { knownShape } from '../../valueShapes';

/** Value of an attribute; numbers in `float` are real, in `integer` whole. */
export type AttributeValue =
  | { readonly integer: number }
  | { readonly float: number }
  | { readonly integers: readonly number[] }
  | { readonly text: string }
  | { readonly tensor: TensorInput };

export type Attributes = Readonly<Record<string, AttributeValue>>;

/** Gathers the nodes and weights of the graph that is being written. */
export class WriteContext {
  readonly nodes: NodeInput[] = [];
  readonly initializers: TensorInput[] = [];
  private readonly taken: Set<string>;
  private readonly constants: ReadonlySet<string>;
  /** Names of weights by their array and extents. */
  private readonly written = new Map<Float32Array, Map<string, string>>();
  private readonly reordered = new Map<Float32Array, Map<string, Float32Array>>();
  /** Names of floats by the array that they are stored in, and order of axes. */
  private readonly unpacked = new Map<ArrayBufferView, Map<string, string>>();
  /** Values that hold levels alone. */
  private readonly levels: ReadonlyMap<string, Quantise>;
  /** What the network's input is called once its axes are in the usual order. */
  private readonly renamed = new Map<string, string>();

  /**
   * @param shapes shape of every value, ours
   * @param network whose value and node names must not be repeated by names made up here
   */
  constructor(
    readonly opset: number,
    private readonly shapes: ReadonlyMap<string, Shape>,
    network: Network,
  ) {
    this.taken = new Set([
      network.input.name,
      ...network.nodes.flatMap(({ name, output }) => [name, output]),
    ]);
    const constants = network.nodes.filter(({ operator }) => operator.kind === 'constant');
    this.constants = new Set(constants.map(({ output }) => output));
    this.levels = levelledValues(network);
  }

  /** Writes a Transpose in front of the nodes that read the network's input: they read what it writes instead. */
  transposeInput(input: string, perm: AttributeValue): void {
    const output = this.fresh(`${input}/channelsFirst`);
    this.add('Transpose', { name: output, inputs: [input], output, attributes: { perm } });
    this.renamed.set(input, output);
  }

  /** Shape of a value of the network. */
  shape(value: string): Shape {
    return knownShape(this.shapes, value);
  }

  /** Whether a value is a constant, which in ONNX has no batch axis. */
  isConstant(value: string): boolean {
    return this.constants.has(value);
  }

  /** A name like this one that neither a node nor a value has. */
  fresh(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.taken.has(name); count++) name = `${wanted}_${count}`;
    this.taken.add(name);
    return name;
  }

  /** Writes one ONNX operator in a node's place: its name, inputs and output unless told otherwise. */
  node(
    node: GraphNode,
    operator: string,
    { inputs = node.inputs, attributes = {} }: { inputs?: readonly string[]; attributes?: Attributes } = {},
  ): void {
    this.add(operator, { name: node.name, inputs, output: node.output, attributes });
  }

  /** Writes an operator that our graph has no node for and returns the name of its value. */
  helper(
    node: GraphNode,
    suffix: string,
    operator: string,
    inputs: readonly string[],
    attributes: Attributes = {},
  ): string {
    const name = this.fresh(`${node.name}/${suffix}`);
    const output = this.fresh(`${node.output}/${suffix}`);
    this.add(operator, { name, inputs, output, attributes });
    return output;
  }

  private add(
    operator: string,
    {
      name,
      inputs,
      output,
      attributes,
    }: { name: string; inputs: readonly string[]; output: string; attributes: Attributes },
  ): void {
    const written = Object.entries(attributes).map(([key, value]) => attributeInput(key, value));
    const read = inputs.map((value) => this.renamed.get(value) ?? value);
    this.nodes.push({ name, operator, inputs: read, outputs: [output], attributes: written });
  }

  /** Adds weights and returns the name of their value; an array that was added before is not written again. */
  floats(node: GraphNode, what: string, dims: readonly number[], data: Float32Array): string {
    const key = dims.join();
    const known = this.written.get(data) ?? new Map<string, string>();
    const name = known.get(key) ?? this.fresh(`${node.name}/${what}`);
    if (!known.has(key)) this.initializers.push(floatTensor(dims, data, name));
    this.written.set(data, known.set(key, name));
    return name;
  }

  /** Adds levels and returns the name of their value. */
  bytes(node: GraphNode, what: string, dims: readonly number[], values: Int8Array | Uint8Array): string {
    const name = this.fresh(`${node.name}/${what}`);
    const dataType = values instanceof Int8Array ? elementType.int8 : elementType.uint8;
    this.initializers.push({ name, dims: [...dims], dataType, rawData: bytesOf(values) });
    return name;
  }

  /**
   * Adds a layer's weights as they are stored, and what makes floats of them; returns the name of the floats.
   *
   * @param order of the file's axes among ours, where they are others
   */
  weights(
    node: GraphNode,
    tensor: Tensor,
    order: readonly number[] = tensor.shape.map((_, axis) => axis),
  ): string {
    const dims = order.map((axis) => tensor.shape[axis]!);
    const { stored } = tensor;
    if (!stored || !isWritten(stored)) {
      const isInOrder = order.every((axis, index) => axis === index);
      return this.floats(node, 'weight', dims, isInOrder ? tensor.data : this.permuted(tensor, order));
    }
    const key = order.join();
    const known = this.unpacked.get(stored.values) ?? new Map<string, string>();
    const name = known.get(key) ?? this.unpack(node, tensor, stored, order, dims);
    this.unpacked.set(stored.values, known.set(key, name));
    return name;
  }

  private unpack(
    node: GraphNode,
    { shape }: Tensor,
    stored: Stored,
    order: readonly number[],
    dims: readonly number[],
  ): string {
    const name = this.fresh(`${node.name}/weight`);
    const values = permute(stored.values, shape, order);
    this.initializers.push({
      name,
      dims: [...dims],
      dataType: elementType[stored.type],
      rawData: bytesOf(values),
    });
    if (stored.type === 'float16')
      return this.helper(node, 'cast', 'Cast', [name], { to: { integer: elementType.float } });
    const { scales, zeroPoint } = stored;
    const isPerChannel = scales.length > 1;
    const parameters = [this.floats(node, 'scale', isPerChannel ? [scales.length] : [], scales)];
    if (zeroPoint !== 0) parameters.push(this.bytes(node, 'zero', [], Uint8Array.of(zeroPoint)));
    const attributes: Attributes = isPerChannel ? { axis: { integer: order.indexOf(shape.length - 1) } } : {};
    return this.helper(node, 'dequantized', 'DequantizeLinear', [name, ...parameters], attributes);
  }

  /** Adds a layer's bias: in whole numbers where it stands on the levels that runtimes add up in. */
  bias(node: GraphNode, bias: Float32Array, kernel: Tensor): string {
    const { stored } = kernel;
    const input = this.levels.get(node.inputs[0] ?? '');
    const levels = input && stored?.type === 'int8' ? biasLevels(bias, input.scale, stored.scales) : null;
    if (!levels) return this.floats(node, 'bias', [bias.length], bias);
    const name = this.fresh(`${node.name}/bias`);
    const rawData = bytesOf(levels.values);
    this.initializers.push({ name, dims: [bias.length], dataType: elementType.int32, rawData });
    const scale = this.floats(node, 'biasScale', [levels.scales.length], levels.scales);
    return this.helper(node, 'bias', 'DequantizeLinear', [name, scale], { axis: { integer: 0 } });
  }

  /** A tensor's elements with its axes reordered: the same array for the same ones. */
  permuted({ data, shape }: Tensor, order: readonly number[]): Float32Array {
    const key = `${shape.join()} ${order.join()}`;
    const known = this.reordered.get(data) ?? new Map<string, Float32Array>();
    const values = known.get(key) ?? permute(data, shape, order);
    this.reordered.set(data, known.set(key, values));
    return values;
  }

  /** Adds whole numbers (a shape, axes, pads) and returns the name of their value. */
  integers(node: GraphNode, what: string, values: readonly number[]): string {
    const name = this.fresh(`${node.name}/${what}`);
    const rawData = bytesOf(BigInt64Array.from(values, BigInt));
    this.initializers.push({ name, dims: [values.length], dataType: elementType.int64, rawData });
    return name;
  }

  /** Axes, which are an attribute in older operator sets and an input in newer ones. */
  axes(
    node: GraphNode,
    inputSince: number,
    axes: readonly number[],
  ): { inputs: string[]; attributes: Attributes } {
    if (this.opset < inputSince) return { inputs: [], attributes: { axes: { integers: axes } } };
    return { inputs: [this.integers(node, 'axes', axes)], attributes: {} };
  }
}

/** Whether a form has an element type here before operator set 21. */
export function isWritten({ type }: Stored): boolean {
  return type !== 'uint16';
}

/** A tensor of float32, little-endian. */
export function floatTensor(dims: readonly number[], data: Float32Array, name?: string): TensorInput {
  const tensor = { dims: [...dims], dataType: elementType.float, rawData: bytesOf(data) };
  return name === undefined ? tensor : { ...tensor, name };
}

function bytesOf(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function attributeInput(name: string, value: AttributeValue): AttributeInput {
  if ('integer' in value) return { name, type: attributeType.integer, integer: value.integer };
  if ('float' in value) return { name, type: attributeType.float, float: value.float };
  if ('integers' in value) return { name, type: attributeType.integers, integers: [...value.integers] };
  if ('text' in value) return { name, type: attributeType.text, text: value.text };
  return { name, type: attributeType.tensor, tensor: value.tensor };
}
