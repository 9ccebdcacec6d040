import { weightStream, type WeightStream } from './weights';

/** A Keras tensor: H×W×C, or C. */
export interface Value {
  readonly layer: string;
  readonly shape: readonly number[];
}

/** A finished model: the value that it answers with. */
export interface KerasModel {
  readonly graph: KerasGraph;
  readonly output: Value;
}

/** A weight of a layer as Keras stores it. */
interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

type Json = Readonly<Record<string, unknown>>;

interface Layer {
  readonly name: string;
  readonly className: string;
  readonly module: string;
  readonly config: Json;
  /** What it is called with: values, numbers, slices. */
  readonly inputs: readonly unknown[];
  readonly weights: readonly Weight[];
}

export interface ConvolutionOptions {
  readonly name?: string;
  readonly strides?: number;
  readonly padding?: 'same' | 'valid';
  readonly groups?: number;
  readonly bias?: boolean;
  readonly activation?: string;
  /** 2 where a rectifier follows (the default), 1 where nothing does. */
  readonly gain?: number;
}

export interface NormOptions {
  readonly name?: string;
  readonly epsilon?: number;
  /** Whether it has a scale. */
  readonly scale?: boolean;
}

/** Height and width of a window given as one number or as two. */
type Kernel = number | readonly [number, number];

const pairOf = (kernel: Kernel) => (typeof kernel === 'number' ? ([kernel, kernel] as const) : kernel);

/**
 * A Functional model as Keras 3 writes it: `model_config` and weights by layer. It shares no code with the studio's
 * readers and writers.
 */
export class KerasGraph {
  private readonly layers: Layer[] = [];
  private readonly weights: WeightStream;
  private readonly counts = new Map<string, number>();
  readonly input: Value;

  constructor(
    private readonly name: string,
    size: number,
    seed: number,
  ) {
    this.weights = weightStream(seed);
    const config = {
      batch_shape: [null, size, size, 3],
      dtype: 'float32',
      sparse: false,
      name: 'input_layer',
    };
    const input = { name: 'input_layer', className: 'InputLayer', module: 'keras.layers', config };
    this.layers.push({ ...input, inputs: [], weights: [] });
    this.input = { layer: 'input_layer', shape: [size, size, 3] };
  }

  /** Any layer. @param shape what it answers with for one image */
  layer(
    className: string,
    config: Json & { readonly name?: string | undefined },
    inputs: readonly Value[],
    shape: readonly number[],
    weights: readonly Weight[] = [],
  ): Value {
    const name = config.name ?? this.freshName(className);
    const full = { trainable: true, dtype: 'float32', ...config, name };
    // Layers that combine values take them as one list.
    const args = inputs.length > 1 ? [inputs] : inputs;
    this.layers.push({ name, className, module: 'keras.layers', config: full, inputs: args, weights });
    return { layer: name, shape };
  }

  /** A function of keras.ops in place of a layer, as `x + 3.0` and `x[..., :8]` are written. */
  operation(className: string, inputs: readonly unknown[], shape: readonly number[]): Value {
    const name = this.freshName(className);
    this.layers.push({
      name,
      className,
      module: 'keras.src.ops.numpy',
      config: { name },
      inputs,
      weights: [],
    });
    return { layer: name, shape };
  }

  private freshName(className: string): string {
    const stem = className
      .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
      .replace(/([a-z])([A-Z])/g, '$1_$2')
      .toLowerCase();
    const count = this.counts.get(stem) ?? 0;
    this.counts.set(stem, count + 1);
    return count === 0 ? stem : `${stem}_${count}`;
  }

  /** Conv2D. */
  convolution(input: Value, filters: number, kernel: Kernel, options: ConvolutionOptions = {}): Value {
    const { groups = 1, gain = 2, bias = false, name, activation = 'linear' } = options;
    const [height, width] = pairOf(kernel);
    const channels = input.shape[2]! / groups;
    const fanIn = height * width * channels;
    const values = this.weights.kernel(filters * fanIn, fanIn, gain);
    const shape = [height, width, channels, filters];
    const weights: Weight[] = [{ name: 'kernel', shape, values }];
    if (bias) weights.push(this.offsets('bias', filters));
    const sliding = this.sliding(kernel, options);
    const config = { name, filters, groups, ...sliding, use_bias: bias, activation };
    return this.layer('Conv2D', config, [input], this.slid(input, kernel, options, filters), weights);
  }

  /** DepthwiseConv2D without bias. */
  depthwise(input: Value, kernel: number, options: ConvolutionOptions = {}): Value {
    const channels = input.shape[2]!;
    const values = this.weights.kernel(kernel * kernel * channels, kernel * kernel, options.gain);
    const weights = [{ name: 'kernel', shape: [kernel, kernel, channels, 1], values }];
    const sliding = this.sliding(kernel, options);
    const config = {
      name: options.name,
      depth_multiplier: 1,
      ...sliding,
      use_bias: false,
      activation: 'linear',
    };
    return this.layer(
      'DepthwiseConv2D',
      config,
      [input],
      this.slid(input, kernel, options, channels),
      weights,
    );
  }

  private sliding(kernel: Kernel, { strides = 1, padding = 'valid' }: ConvolutionOptions) {
    const common = { padding, data_format: 'channels_last', dilation_rate: [1, 1] };
    return { kernel_size: [...pairOf(kernel)], strides: [strides, strides], ...common };
  }

  private slid(
    { shape }: Value,
    kernel: Kernel,
    { strides = 1, padding = 'valid' }: ConvolutionOptions,
    channels: number,
  ): number[] {
    const extents = pairOf(kernel).map((window, axis) =>
      Math.ceil((padding === 'same' ? shape[axis]! : shape[axis]! - window + 1) / strides),
    );
    return [...extents, channels];
  }

  private offsets(name: string, count: number): Weight {
    return { name, shape: [count], values: this.weights.between(count, -0.1, 0.1) };
  }

  /** BatchNormalization with the statistics of a trained network. */
  batchNorm(input: Value, { name, epsilon = 1e-3, scale = true }: NormOptions = {}): Value {
    const channels = input.shape.at(-1)!;
    const around1 = (weight: string) => ({
      ...this.offsets(weight, channels),
      values: this.weights.between(channels, 0.8, 1.2),
    });
    const weights = [
      ...(scale ? [around1('gamma')] : []),
      this.offsets('beta', channels),
      this.offsets('moving_mean', channels),
      around1('moving_variance'),
    ];
    const config = { name, axis: 3, momentum: 0.99, epsilon, center: true, scale };
    return this.layer('BatchNormalization', config, [input], input.shape, weights);
  }

  /** Layer Activation. */
  activation(input: Value, activation: string, name?: string): Value {
    return this.layer('Activation', { name, activation }, [input], input.shape);
  }

  /** ZeroPadding2D. */
  zeroPadding(
    input: Value,
    sides: readonly [readonly [number, number], readonly [number, number]],
    name?: string,
  ) {
    const [height, width, channels] = input.shape as [number, number, number];
    const [[top, bottom], [left, right]] = sides;
    const config = { name, padding: sides, data_format: 'channels_last' };
    return this.layer(
      'ZeroPadding2D',
      config,
      [input],
      [height + top + bottom, width + left + right, channels],
    );
  }

  /**
   * ZeroPadding2D in front of a strided convolution, as keras.applications does it: the odd side goes to the end, and an
   * even image gets one row and column fewer at its start.
   */
  paddingForStride(input: Value, kernel: number, name?: string): Value {
    const half = Math.floor(kernel / 2);
    const [height, width] = input.shape as [number, number];
    const sides = (extent: number) => [half - (1 - (extent % 2)), half] as const;
    return this.zeroPadding(input, [sides(height), sides(width)], name);
  }

  /** MaxPooling2D or AveragePooling2D. */
  pool(
    className: 'MaxPooling2D' | 'AveragePooling2D',
    input: Value,
    window: number,
    strides: number,
    { padding = 'valid', name }: Pick<ConvolutionOptions, 'padding' | 'name'> = {},
  ): Value {
    const common = { padding, data_format: 'channels_last' };
    const config = { name, pool_size: [window, window], strides: [strides, strides], ...common };
    return this.layer(
      className,
      config,
      [input],
      this.slid(input, window, { strides, padding }, input.shape[2]!),
    );
  }

  /** GlobalAveragePooling2D. */
  globalAverage(input: Value, keepdims = false, name?: string): Value {
    const channels = input.shape[2]!;
    const config = { name, data_format: 'channels_last', keepdims };
    return this.layer('GlobalAveragePooling2D', config, [input], keepdims ? [1, 1, channels] : [channels]);
  }

  /** Concatenate along the channels. */
  concatenate(inputs: readonly Value[], name?: string): Value {
    const channels = inputs.reduce((sum, { shape }) => sum + shape[2]!, 0);
    const [height, width] = inputs[0]!.shape as [number, number];
    return this.layer('Concatenate', { name, axis: 3 }, inputs, [height, width, channels]);
  }

  /** Dense with bias. */
  dense(input: Value, units: number, activation: string, name?: string): Value {
    const inputs = input.shape[0]!;
    const kernel = {
      name: 'kernel',
      shape: [inputs, units],
      values: this.weights.kernel(inputs * units, inputs, 1),
    };
    const config = { name, units, activation, use_bias: true };
    return this.layer('Dense', config, [input], [units], [kernel, this.offsets('bias', units)]);
  }

  /** The whole model as Keras 3 saves it in HDF5 (`model.save('….h5')`). */
  async file(output: Value): Promise<Uint8Array> {
    const hdf5 = await import('h5wasm');
    await hdf5.ready;
    const path = `${this.name}.h5`;
    const file = new hdf5.File(path, 'w');
    file.create_attribute('keras_version', '3.5.0');
    file.create_attribute('backend', 'tensorflow');
    file.create_attribute('model_config', JSON.stringify(this.config(output)));
    const group = file.create_group('model_weights');
    group.create_attribute(
      'layer_names',
      this.layers.map(({ name }) => name),
    );
    for (const { name, weights } of this.layers) {
      const inside = group.create_group(name);
      if (weights.length === 0) inside.create_attribute('weight_names', [], [0], 'S1');
      else
        inside.create_attribute(
          'weight_names',
          weights.map((weight) => `${name}/${weight.name}`),
        );
      const named = weights.length === 0 ? null : inside.create_group(name);
      for (const weight of weights)
        named?.create_dataset({ name: weight.name, data: weight.values, shape: [...weight.shape] });
    }
    file.close();
    const bytes = hdf5.FS!.readFile(path);
    hdf5.FS!.unlink(path);
    return bytes;
  }

  private config(output: Value): Json {
    const config = {
      name: this.name,
      trainable: true,
      layers: this.layers.map(layerJson),
      input_layers: [['input_layer', 0, 0]],
      output_layers: [[output.layer, 0, 0]],
    };
    return { class_name: 'Functional', module: 'keras.src.models.functional', config };
  }

  /** The same model as plain TF.js loads it, which knows the notation of Keras 2. */
  tfjsModel(output: Value): TfjsModel {
    const weights = this.layers.flatMap((layer) =>
      layer.weights.map((weight) => ({ ...weight, name: `${layer.name}/${weight.name}` })),
    );
    const config = {
      name: this.name,
      layers: this.layers.map(olderLayerJson),
      input_layers: [['input_layer', 0, 0]],
      output_layers: [[output.layer, 0, 0]],
    };
    return {
      modelTopology: { class_name: 'Model', config },
      weightSpecs: weights.map(({ name, shape }) => ({ name, shape: [...shape], dtype: 'float32' })),
      weightData: joined(weights.map(({ values }) => values)),
    };
  }
}

/** What `tf.loadLayersModel` takes from memory. */
export interface TfjsModel {
  readonly modelTopology: Json;
  readonly weightSpecs: { name: string; shape: number[]; dtype: 'float32' }[];
  readonly weightData: ArrayBuffer;
}

function joined(parts: readonly Float32Array[]): ArrayBuffer {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((at, part) => {
    all.set(part, at);
    return at + part.length;
  }, 0);
  return all.buffer;
}

function isValue(input: unknown): input is Value {
  return typeof input === 'object' && input !== null && 'layer' in input;
}

/** An argument of a call as Keras 3 notes it. */
function argumentJson(input: unknown): unknown {
  if (Array.isArray(input)) return input.map(argumentJson);
  if (!isValue(input)) return input;
  const { layer, shape } = input;
  const config = { shape: [null, ...shape], dtype: 'float32', keras_history: [layer, 0, 0] };
  return { class_name: '__keras_tensor__', config };
}

function layerJson({ name, className, module, config, inputs }: Layer): Json {
  const calls = inputs.length === 0 ? [] : [{ args: inputs.map(argumentJson), kwargs: {} }];
  return { module, class_name: className, config, registered_name: null, name, inbound_nodes: calls };
}

function olderLayerJson({ name, className, config, inputs }: Layer): Json {
  const { batch_shape: batchShape, ...rest } = config;
  const older = batchShape === undefined ? rest : { ...rest, batch_input_shape: batchShape };
  const call = inputs.flat().filter(isValue);
  const calls = call.length === 0 ? [] : [call.map(({ layer }) => [layer, 0, 0, {}])];
  return { name, class_name: className, config: older, inbound_nodes: calls };
}
