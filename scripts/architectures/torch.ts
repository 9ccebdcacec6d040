import { encodeMessage } from '../../src/formats/models/protobuf';
import {
  attributeType,
  elementType,
  modelSchema,
  type AttributeInput,
  type NodeInput,
  type TensorInput,
  type ValueInfoInput,
} from '../../src/formats/models/onnx/schema';
import { weightStream } from './weights';

/** A value of the graph: N×C×H×W, or N×C. */
export interface Value {
  readonly name: string;
  readonly channels: number;
}

export interface ConvolutionOptions {
  readonly stride?: number;
  /** On both sides of height and width; half the kernel, rounded down, unless given. */
  readonly padding?: number;
  readonly groups?: number;
  readonly bias?: boolean;
  /** 2 where a rectifier follows (the default), 1 where nothing does. */
  readonly gain?: number;
}

type Attributes = Readonly<Record<string, number | readonly number[] | string>>;

/** Attributes that hold a floating-point number. */
const floatAttributes: ReadonlySet<string> = new Set(['alpha', 'beta', 'epsilon', 'momentum']);

export interface TorchOptions {
  readonly name: string;
  readonly opset: number;
  /** Height and width of the images, in pixels. */
  readonly size: number;
  /** A number where the exporter was told nothing of batches, else the name it was given. */
  readonly batch: number | string;
  readonly seed: number;
}

/**
 * An ONNX file put together node by node as PyTorch's exporter lays it out, batch norm apart from the convolutions.
 * It shares with the studio the protocol-buffer encoding and nothing else.
 */
export class TorchGraph {
  readonly input: Value = { name: 'input', channels: 3 };
  private readonly nodes: NodeInput[] = [];
  private readonly initializers: TensorInput[] = [];
  private readonly weights;
  private count = 0;

  constructor(private readonly options: TorchOptions) {
    this.weights = weightStream(options.seed);
  }

  /** Any node with one output. */
  add(operator: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.addSplit(operator, inputs, attributes, 1)[0]!;
  }

  /** A node with several outputs. */
  addSplit(operator: string, inputs: readonly string[], attributes: Attributes, outputs: number): string[] {
    const name = `/${operator}_${this.count++}`;
    const names = Array.from({ length: outputs }, (_, index) => `${name}_output_${index}`);
    const given = Object.entries(attributes).map(([key, value]) => attributeOf(key, value));
    this.nodes.push({ operator, name, inputs: [...inputs], outputs: names, attributes: given });
    return names;
  }

  /** A weight under a name. */
  weight(name: string, dims: readonly number[], values: Float32Array): string {
    const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.initializers.push({ name, dims: [...dims], dataType: elementType.float, rawData });
    return name;
  }

  /** A list of whole numbers, or one number, as a Constant node, which is how the exporter writes shapes and indices. */
  integers(values: readonly number[] | number): string {
    const list = typeof values === 'number' ? [values] : [...values];
    const dims = typeof values === 'number' ? [] : [list.length];
    return this.constant({ dims, dataType: elementType.int64, int64Data: list });
  }

  /** One number as a Constant node. */
  number(value: number): string {
    return this.constant({ dims: [], dataType: elementType.float, floatData: Float32Array.of(value) });
  }

  private constant(tensor: TensorInput): string {
    const name = `/Constant_${this.count++}`;
    const attributes: AttributeInput[] = [{ name: 'value', type: attributeType.tensor, tensor }];
    this.nodes.push({ operator: 'Constant', name, inputs: [], outputs: [`${name}_output_0`], attributes });
    return `${name}_output_0`;
  }

  /** nn.Conv2d; a kernel of one number is square. */
  convolution(
    { name: input, channels }: Value,
    outputs: number,
    kernel: number | readonly [number, number],
    options: ConvolutionOptions = {},
  ): Value {
    const [height, width] = typeof kernel === 'number' ? ([kernel, kernel] as const) : kernel;
    const { stride = 1, groups = 1, bias = false, gain = 2 } = options;
    const [vertical, horizontal] = [height, width].map((extent) => options.padding ?? Math.floor(extent / 2));
    const inputs = channels / groups;
    const fanIn = inputs * height * width;
    const place = `conv${this.count}`;
    const values = this.weights.kernel(outputs * fanIn, fanIn, gain);
    const parts = [input, this.weight(`${place}.weight`, [outputs, inputs, height, width], values)];
    if (bias) parts.push(this.weight(`${place}.bias`, [outputs], this.weights.between(outputs, -0.1, 0.1)));
    const output = this.add('Conv', parts, {
      dilations: [1, 1],
      group: groups,
      kernel_shape: [height, width],
      pads: [vertical!, horizontal!, vertical!, horizontal!],
      strides: [stride, stride],
    });
    return { name: output, channels: outputs };
  }

  /** nn.BatchNorm2d with the statistics of a trained network. */
  batchNorm({ name: input, channels }: Value, epsilon = 1e-5): Value {
    const place = `bn${this.count}`;
    const part = (name: string, low: number, high: number) =>
      this.weight(`${place}.${name}`, [channels], this.weights.between(channels, low, high));
    const parts = [part('weight', 0.8, 1.2), part('bias', -0.1, 0.1)];
    parts.push(part('running_mean', -0.1, 0.1), part('running_var', 0.8, 1.2));
    return { name: this.add('BatchNormalization', [input, ...parts], { epsilon, momentum: 0.9 }), channels };
  }

  /** An operator that leaves the number of channels as it is. */
  apply(operator: string, { name, channels }: Value, attributes: Attributes = {}): Value {
    return { name: this.add(operator, [name], attributes), channels };
  }

  /** Sum or product of values of the same number of channels. */
  combine(operator: 'Add' | 'Mul', left: Value, right: Value): Value {
    return { name: this.add(operator, [left.name, right.name]), channels: left.channels };
  }

  /** torch.cat along the channels. */
  concat(values: readonly Value[]): Value {
    const names = values.map(({ name }) => name);
    const channels = values.reduce((sum, value) => sum + value.channels, 0);
    return { name: this.add('Concat', names, { axis: 1 }), channels };
  }

  /** nn.MaxPool2d or nn.AvgPool2d. */
  pool(
    operator: 'MaxPool' | 'AveragePool',
    value: Value,
    window: number,
    stride: number,
    padding = 0,
  ): Value {
    const pads = [padding, padding, padding, padding];
    const sliding = { kernel_shape: [window, window], strides: [stride, stride], pads };
    // nn.AvgPool2d counts the padding.
    const counted = operator === 'AveragePool' ? { count_include_pad: 1 } : {};
    const rounding = this.options.opset < 10 ? {} : { ceil_mode: 0 };
    return this.apply(operator, value, { ...rounding, ...counted, ...sliding });
  }

  /** nn.Linear. */
  linear({ name: input, channels }: Value, outputs: number, gain = 1): Value {
    const place = `fc${this.count}`;
    const values = this.weights.kernel(outputs * channels, channels, gain);
    const weight = this.weight(`${place}.weight`, [outputs, channels], values);
    const bias = this.weight(`${place}.bias`, [outputs], this.weights.between(outputs, -0.1, 0.1));
    const attributes = { alpha: 1, beta: 1, transB: 1 };
    return { name: this.add('Gemm', [input, weight, bias], attributes), channels: outputs };
  }

  /** The file, which answers with a vector. */
  file({ name: output, channels }: Value): Uint8Array {
    const { name, opset, size, batch } = this.options;
    const graph = {
      name: 'main_graph',
      nodes: this.nodes,
      initializers: this.initializers,
      inputs: [valueInfo(this.input.name, [batch, this.input.channels, size, size])],
      outputs: [valueInfo(output, [batch, channels])],
    };
    const model = { irVersion: opset < 15 ? 7 : 8, producerName: 'pytorch', producerVersion: '2.0.0', graph };
    const metadata = [{ key: 'architecture', value: name }];
    return encodeMessage(modelSchema, { ...model, operatorSets: [{ version: opset }], metadata });
  }
}

function attributeOf(name: string, value: number | readonly number[] | string): AttributeInput {
  if (typeof value === 'string') return { name, type: attributeType.text, text: value };
  if (typeof value !== 'number') return { name, type: attributeType.integers, integers: [...value] };
  if (floatAttributes.has(name)) return { name, type: attributeType.float, float: value };
  return { name, type: attributeType.integer, integer: value };
}

function valueInfo(name: string, extents: readonly (number | string)[]): ValueInfoInput {
  const dimensions = extents.map((extent) =>
    typeof extent === 'number' ? { value: extent } : { parameter: extent },
  );
  return { name, type: { tensor: { elementType: elementType.float, shape: { dimensions } } } };
}
