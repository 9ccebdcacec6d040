import type { Preprocessing } from './images';
import type { Gather, MatrixProduct, Reduce, Resize, Slice, Transpose } from './rearranging';
import type { Extent, Padding, Shape, Tensor } from './tensor';

export type { Gather, MatrixProduct, Reduce, Resize, Slice, Transpose } from './rearranging';
export type { Extent, Padding, Shape, Stored, StoredIntegers, Tensor } from './tensor';

/**
 * The typed graph that every importer produces and every exporter starts from.
 *
 * Shapes never include the batch dimension. Values of three axes are images, laid out NHWC: [height, width,
 * channels]. Values of any other number of axes keep the order of axes of the file they come from: a vector has
 * the shape [features].
 */

/** Convolution. A depthwise convolution is one whose groups equal its input channels. */
export interface Conv2d {
  readonly kind: 'conv2d';
  /** [D_h, D_w, I / groups, O] */
  readonly kernel: Tensor;
  /** O values, or null */
  readonly bias: Float32Array | null;
  readonly stride: Extent;
  readonly dilation: Extent;
  readonly padding: Padding;
  readonly groups: number;
}

/** Fully connected layer over the last axis. */
export interface Dense {
  readonly kind: 'dense';
  /** [inputs, outputs] */
  readonly weights: Tensor;
  readonly bias: Float32Array | null;
}

/** y = (x − mean) / sqrt(variance + epsilon) · scale + offset, per channel (last axis). */
export interface BatchNorm {
  readonly kind: 'batchNorm';
  readonly scale: Float32Array;
  readonly offset: Float32Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly epsilon: number;
}

/**
 * A function of each value by itself. `gelu` is x · Φ(x) by the error function, `geluTanh` its approximation
 * (Hendrycks and Gimpel, 2016); `clip` bounds values by alpha and beta, which may be infinite.
 */
export type ActivationFunction =
  | 'relu'
  | 'relu6'
  | 'leakyRelu'
  | 'elu'
  | 'sigmoid'
  | 'hardSigmoid'
  | 'tanh'
  | 'softplus'
  | 'swish'
  | 'hardSwish'
  | 'selu'
  | 'gelu'
  | 'geluTanh'
  | 'mish'
  | 'softsign'
  | 'clip'
  | 'erf'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'square'
  | 'abs'
  | 'negate'
  | 'reciprocal';

export interface Activation {
  readonly kind: 'activation';
  readonly function: ActivationFunction;
  /**
   * Slope of leakyRelu, alpha of elu, hardSigmoid and selu (beta · (x < 0 ? alpha · (eˣ − 1) : x)), lower bound of
   * clip; 0 where the function has none.
   */
  readonly alpha: number;
  /** Beta of hardSigmoid (max(0, min(1, alpha·x + beta))) and selu, upper bound of clip; 0 where there is none. */
  readonly beta: number;
}

/** y = x < 0 ? slope · x : x with slopes of their own, broadcast like {@link Add}: [channels] has one per channel. */
export interface ParametricRelu {
  readonly kind: 'parametricRelu';
  readonly slopes: Tensor;
}

/** Max or average pooling over a sliding window. */
export interface Pool {
  readonly kind: 'pool';
  readonly reduce: 'max' | 'average';
  readonly window: Extent;
  readonly stride: Extent;
  readonly padding: Padding;
  /** Whether the last, partial window counts (Caffe, ONNX ceil_mode). */
  readonly roundUp: boolean;
  /** Whether averages count the zeros of the padding. */
  readonly includePadding: boolean;
}

/** Reduces height and width to 1 × 1, or away where `keepDimensions` is false. */
export interface GlobalPool {
  readonly kind: 'globalPool';
  readonly reduce: 'max' | 'average';
  readonly keepDimensions: boolean;
}

/** Sum of two or more values, broadcast where one has extent 1 or fewer axes (aligned at the channel axis). */
export interface Add {
  readonly kind: 'add';
}

/** Product of two or more values, broadcast like {@link Add}. */
export interface Multiply {
  readonly kind: 'multiply';
}

/**
 * Another combination of values element by element, broadcast like {@link Add}. Maximum and minimum take two or
 * more values, the others two: subtract, divide and raise the first by the second.
 */
export interface Elementwise {
  readonly kind: 'elementwise';
  readonly function: 'subtract' | 'divide' | 'power' | 'maximum' | 'minimum';
}

/** Joins values along one axis of the NHWC shape without batch (2 = channels of an image, 0 of a vector). */
export interface Concat {
  readonly kind: 'concat';
  readonly axis: number;
}

/** Padding of an image with a constant. */
export interface Pad {
  readonly kind: 'pad';
  readonly padding: Padding;
  /** Channels added before and behind the image's own; none unless given. */
  readonly channels?: { readonly before: number; readonly after: number };
  readonly value: number;
}

/**
 * In which order the elements of an image value are counted when it becomes a value of another shape or the reverse.
 * Frameworks that keep NCHW count channels first; keeping the order here instead of permuting the rows of
 * the next dense layer stays right whatever follows the flatten.
 */
export type ElementOrder = 'hwc' | 'chw';

export interface Flatten {
  readonly kind: 'flatten';
  readonly order: ElementOrder;
}

export interface Reshape {
  readonly kind: 'reshape';
  /** The new shape without batch, NHWC where it has three axes. */
  readonly shape: Shape;
  readonly order: ElementOrder;
}

/** Softmax over the last axis. */
export interface Softmax {
  readonly kind: 'softmax';
}

/** Logarithm of the softmax over the last axis. */
export interface LogSoftmax {
  readonly kind: 'logSoftmax';
}

/** Local response normalisation over channels: x / (bias + alpha / size · Σ x²)^beta, window of `size` channels. */
export interface LocalResponseNormalisation {
  readonly kind: 'localResponseNormalisation';
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly bias: number;
}

/** Passes its input on: Identity, and Dropout at inference. */
export interface Identity {
  readonly kind: 'identity';
  readonly origin: 'identity' | 'dropout';
}

/**
 * Rounds values to the 256 levels that a byte tells apart, as they are where a file computes in whole numbers:
 * y = (level − zeroPoint) · scale with level = x / scale + zeroPoint, rounded (ties to even) and kept within the type.
 */
export interface Quantise {
  readonly kind: 'quantise';
  readonly type: 'uint8' | 'int8';
  /** Positive, a float32 number. */
  readonly scale: number;
  /** The level of zero; one of the type's. */
  readonly zeroPoint: number;
}

/**
 * Rounds values to 256 levels between their least and their greatest, zero among them, which are looked for anew in
 * every image, or in every row of the last axis: what runtimes do to what goes into a layer with weights in int8 whose
 * file says nothing of its input ("dynamic range").
 */
export interface DynamicQuantise {
  readonly kind: 'dynamicQuantise';
  readonly per: 'image' | 'row';
}

/** A constant that takes part in the computation and is not a layer's weight (NHWC, without batch). */
export interface Constant {
  readonly kind: 'constant';
  readonly value: Tensor;
}

/** An operator that the studio cannot compute; it is listed with the reason, never skipped. */
export interface Unsupported {
  readonly kind: 'unsupported';
  /** The operator's name in the source format, e.g. "LSTM". */
  readonly operator: string;
  readonly reason: string;
  /** Name of the node before it that cannot be computed, where that alone keeps this one from being read. */
  readonly behind?: string;
}

export type Operator =
  | Conv2d
  | Dense
  | BatchNorm
  | Activation
  | ParametricRelu
  | Pool
  | GlobalPool
  | Add
  | Multiply
  | Elementwise
  | MatrixProduct
  | Concat
  | Pad
  | Flatten
  | Reshape
  | Transpose
  | Slice
  | Gather
  | Resize
  | Reduce
  | Softmax
  | LogSoftmax
  | LocalResponseNormalisation
  | Identity
  | Quantise
  | DynamicQuantise
  | Constant
  | Unsupported;

/** One operator at its place: it reads values by name and writes one value. */
export interface GraphNode<Kind extends Operator = Operator> {
  /** Unique in the graph; kept from the source file. */
  readonly name: string;
  /** Names of the values it reads, in the operator's order. */
  readonly inputs: readonly string[];
  /** Name of the value it writes; unique in the graph. */
  readonly output: string;
  readonly operator: Kind;
}

/** A whole network. Immutable: every change makes a new graph that shares the weights it keeps. */
export interface Network {
  readonly name: string;
  readonly input: { readonly name: string; readonly shape: Shape };
  /** Names of the values that the network answers with, in the order of its file. */
  readonly outputs: readonly string[];
  /** Which of them holds the class scores; absent for the first. */
  readonly scoresAt?: number;
  /** In an order in which every node follows the nodes it reads from. */
  readonly nodes: readonly GraphNode[];
  /** Free text properties that travel with the file (ONNX metadata_props and the like). */
  readonly metadata: Readonly<Record<string, string>>;
  readonly source: NetworkSource;
  /** What the network's own files say its pixels go through first, where they say it. */
  readonly preprocessing?: Preprocessing;
}

/** Where a network came from, as far as writing it back needs to know. */
export interface NetworkSource {
  /** Id of the reader that read it. */
  readonly format: string;
  /** Name of the batch dimension, or a number where the file fixes it. */
  readonly batch: string | number;
  /** ONNX's operator set, where it came from there. */
  readonly opset?: number;
  /**
   * Per axis of the input in the file, batch left out, the axis of `Network.input`, where it is not the format's
   * usual order: [0, 1, 2] for images whose channels come last in ONNX.
   */
  readonly inputAxes?: readonly number[];
}
