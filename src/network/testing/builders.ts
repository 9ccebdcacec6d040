import { createRandom } from '../../linalg/random';
import type {
  ActivationFunction,
  Activation,
  BatchNorm,
  Conv2d,
  Dense,
  Extent,
  GraphNode,
  Network,
  Operator,
  Padding,
  Pool,
  Shape,
  Tensor,
} from '../graph';

/** Makes the same numbers for the same seed, so that a failing test can be repeated. */
export interface Numbers {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** A whole number from `least` to `most`, both included. */
  whole(min: number, max: number): number;
  /** One of the given choices. */
  pick<T>(choices: readonly T[]): T;
  /** Normal values, scaled. */
  values(count: number, scale?: number): Float32Array;
}

/** A seeded source of numbers. */
export function seededNumbers(seed: number): Numbers {
  const { uniform, normal, integer } = createRandom(seed);
  const whole = (min: number, max: number) => min + integer(max - min + 1);
  return {
    uniform,
    normal,
    whole,
    pick: (choices) => choices[whole(0, choices.length - 1)],
    values: (count, scale = 1) => Float32Array.from({ length: count }, () => scale * normal()),
  };
}

/** A tensor of normal values. */
export function randomTensor(numbers: Numbers, shape: Shape, scale = 1): Tensor {
  return { shape, data: numbers.values(size(shape), scale) };
}

function size(shape: Shape): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** The same number in both directions. */
export function square(extent: number): Extent {
  return { height: extent, width: extent };
}

/** The same padding on all four sides. */
export function evenPadding(padding: number): Padding {
  return { top: padding, bottom: padding, left: padding, right: padding };
}

export interface ConvolutionOptions {
  readonly kernel: Extent;
  readonly inputs: number;
  readonly outputs: number;
  readonly stride?: Extent;
  readonly dilation?: Extent;
  readonly padding?: Padding;
  readonly groups?: number;
  readonly bias?: boolean;
}

/** A convolution with random weights, scaled so that values keep about the size of its inputs. */
export function randomConvolution(numbers: Numbers, options: ConvolutionOptions): Conv2d {
  const { kernel, inputs, outputs, groups = 1 } = options;
  const fanIn = (inputs / groups) * kernel.height * kernel.width;
  return {
    kind: 'conv2d',
    kernel: randomTensor(
      numbers,
      [kernel.height, kernel.width, inputs / groups, outputs],
      1 / Math.sqrt(fanIn),
    ),
    bias: options.bias === false ? null : numbers.values(outputs),
    stride: options.stride ?? square(1),
    dilation: options.dilation ?? square(1),
    padding: options.padding ?? evenPadding(0),
    groups,
  };
}

/** A convolution of any legal form (stride, dilation, uneven padding, groups, flat kernels) and an image it fits. */
export function arbitraryConvolution(numbers: Numbers): { operator: Conv2d; input: Shape } {
  const groups = numbers.pick([1, 1, 2, 3]);
  const extent = (max: number) => ({ height: numbers.whole(1, max), width: numbers.whole(1, max) });
  const kernel = extent(4);
  const dilation = extent(2);
  const inputs = groups * numbers.whole(1, 4);
  const side = () => numbers.whole(0, 3);
  const operator = randomConvolution(numbers, {
    kernel,
    dilation,
    inputs,
    outputs: groups * numbers.whole(1, 4),
    stride: extent(3),
    padding: { top: side(), bottom: side(), left: side(), right: side() },
    groups,
    bias: numbers.pick([true, false]),
  });
  const min = (taps: number, gap: number) => (taps - 1) * gap + 1;
  const height = min(kernel.height, dilation.height) + numbers.whole(0, 4);
  return { operator, input: [height, min(kernel.width, dilation.width) + numbers.whole(0, 4), inputs] };
}

/** A pool of any legal form and an image it fits. */
export function arbitraryPool(numbers: Numbers): { operator: Pool; input: Shape } {
  const window = { height: numbers.whole(1, 4), width: numbers.whole(1, 4) };
  const side = (extent: number) => numbers.whole(0, extent - 1);
  const operator: Pool = {
    kind: 'pool',
    reduce: numbers.pick(['max', 'average']),
    window,
    stride: { height: numbers.whole(1, 4), width: numbers.whole(1, 4) },
    padding: {
      top: side(window.height),
      bottom: side(window.height),
      left: side(window.width),
      right: side(window.width),
    },
    roundUp: numbers.pick([true, false]),
    includePadding: numbers.pick([true, false]),
  };
  return {
    operator,
    input: [window.height + numbers.whole(0, 5), window.width + numbers.whole(0, 5), numbers.whole(1, 3)],
  };
}

/** A dense layer with random weights. */
export function randomDense(numbers: Numbers, inputs: number, outputs: number, bias = true): Dense {
  const weights = randomTensor(numbers, [inputs, outputs], 1 / Math.sqrt(inputs));
  return { kind: 'dense', weights, bias: bias ? numbers.values(outputs) : null };
}

/** Batch norm with random statistics. */
export function randomBatchNorm(numbers: Numbers, channels: number): BatchNorm {
  return {
    kind: 'batchNorm',
    scale: numbers.values(channels, 0.2).map((value) => value + 1),
    offset: numbers.values(channels, 0.2),
    mean: numbers.values(channels, 0.2),
    variance: numbers.values(channels, 0.5).map((value) => value * value + 0.1),
    epsilon: 1e-5,
  };
}

/** An activation without parameters, or with the given ones. */
export function activation(name: ActivationFunction, alpha = 0, beta = 0): Activation {
  return { kind: 'activation', function: name, alpha, beta };
}

/** A node whose output value is named after it. */
export function nodeOf(name: string, inputs: readonly string[], operator: Operator): GraphNode {
  return { name, inputs, output: `${name}:0`, operator };
}

/** A network around nodes; its input value is `image` and its output the last node's value. */
export function networkOf(
  inputShape: Shape,
  nodes: readonly GraphNode[],
  outputs?: readonly string[],
): Network {
  return {
    name: 'test network',
    input: { name: 'image', shape: inputShape },
    outputs: outputs ?? nodes.slice(-1).map((node) => node.output),
    nodes,
    metadata: {},
    source: { format: 'onnx', opset: 13, batch: 'N' },
  };
}

/** A network in which each operator reads the one before it; nodes are named `kind0`, `kind1`, … by position. */
export function chainOf(inputShape: Shape, operators: readonly Operator[]): Network {
  let previous = 'image';
  const nodes = operators.map((operator, index) => {
    const node = nodeOf(`${operator.kind}${index}`, [previous], operator);
    previous = node.output;
    return node;
  });
  return networkOf(inputShape, nodes);
}

/**
 * A small network with every trait that the rewrite must survive: a strided convolution, a residual sum with
 * a projection, a grouped and a depthwise convolution, batch norm, pooling, flatten and dense layers.
 * Reads 12×12×3, answers 5 class probabilities.
 */
export function smallResidualNetwork(seed = 1): Network {
  const numbers = seededNumbers(seed);
  const convolution = (options: ConvolutionOptions) => randomConvolution(numbers, options);
  const same = { kernel: square(3), padding: evenPadding(1) };
  return networkOf(
    [12, 12, 3],
    [
      nodeOf('stem', ['image'], convolution({ ...same, inputs: 3, outputs: 8 })),
      nodeOf('stemNorm', ['stem:0'], randomBatchNorm(numbers, 8)),
      nodeOf('stemRelu', ['stemNorm:0'], activation('relu')),
      nodeOf(
        'down',
        ['stemRelu:0'],
        convolution({ ...same, inputs: 8, outputs: 12, stride: square(2), bias: false }),
      ),
      nodeOf(
        'project',
        ['stemRelu:0'],
        convolution({ kernel: square(1), inputs: 8, outputs: 12, stride: square(2) }),
      ),
      nodeOf('sum', ['down:0', 'project:0'], { kind: 'add' }),
      nodeOf('sumRelu', ['sum:0'], activation('relu')),
      nodeOf('grouped', ['sumRelu:0'], convolution({ ...same, inputs: 12, outputs: 16, groups: 2 })),
      nodeOf('depthwise', ['grouped:0'], convolution({ ...same, inputs: 16, outputs: 16, groups: 16 })),
      nodeOf('pool', ['depthwise:0'], {
        kind: 'pool',
        reduce: 'max',
        window: square(2),
        stride: square(2),
        padding: evenPadding(0),
        roundUp: false,
        includePadding: false,
      }),
      nodeOf('flat', ['pool:0'], { kind: 'flatten', order: 'chw' }),
      nodeOf('hidden', ['flat:0'], randomDense(numbers, 144, 20)),
      nodeOf('hiddenRelu', ['hidden:0'], activation('relu')),
      nodeOf('classes', ['hiddenRelu:0'], randomDense(numbers, 20, 5)),
      nodeOf('probabilities', ['classes:0'], { kind: 'softmax' }),
    ],
  );
}
