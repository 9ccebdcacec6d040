import type { Elementwise, GraphNode, Network, Operator, Quantise, Shape } from '../graph';
import { referenceActivation } from './referenceActivations';
import { referenceAveragePool, referenceConvolution, referenceMaxPool } from './referenceWindows';
import {
  referenceGather,
  referenceMatrixProduct,
  referenceReduce,
  referenceResize,
  referenceSlice,
  referenceTranspose,
} from './referenceRearranging';
import {
  referenceConcat,
  referenceElementwise,
  referencePad,
  referenceReorder,
  valueOf,
  type Value,
} from './referenceLayout';

export { valueOf, type Value } from './referenceLayout';

/**
 * Runs a network on one image with plain nested loops in double precision.
 *
 * It exists for tests only: every fast kernel, the shape inference and the rewrite are compared with it, so it
 * shares no code with them (it counts window positions by sliding, for example) and favours the definition
 * over speed.
 *
 * @param input the image, NHWC without batch, `network.input.shape`
 * @returns every value of the network by name
 */
export function runReference(network: Network, input: ArrayLike<number>): ReadonlyMap<string, Value> {
  const values = new Map([[network.input.name, valueOf(network.input.shape, input)]]);
  for (const node of network.nodes) values.set(node.output, runReferenceNode(node, values));
  return values;
}

/** The first output of {@link runReference}: the class scores. */
export function referenceScores(network: Network, input: ArrayLike<number>): Value {
  return read(runReference(network, input), network.outputs[0]);
}

function runReferenceNode(node: GraphNode, values: ReadonlyMap<string, Value>): Value {
  return runReferenceOperator(
    node.operator,
    node.inputs.map((name) => read(values, name)),
  );
}

function read(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name);
  if (!value) throw new Error(`nothing wrote ${name}`);
  return value;
}

/** Runs one operator on values of one image. */
export function runReferenceOperator(operator: Operator, inputs: readonly Value[]): Value {
  const [x] = inputs;
  switch (operator.kind) {
    case 'conv2d':
      return referenceConvolution(operator, x);
    case 'dense':
      return dense(x, operator.weights.data, operator.weights.shape, operator.bias);
    case 'batchNorm':
      return mapChannels(x, (value, c) => {
        const deviation = Math.sqrt(operator.variance[c] + operator.epsilon);
        return ((value - operator.mean[c]) / deviation) * operator.scale[c] + operator.offset[c];
      });
    case 'activation':
      return mapChannels(x, (value) => referenceActivation(operator, value));
    case 'pool':
      return operator.reduce === 'max' ? referenceMaxPool(operator, x) : referenceAveragePool(operator, x);
    case 'globalPool':
      return globalPool(x, operator.reduce, operator.keepDimensions);
    case 'add':
      return inputs.reduce((left, right) => referenceElementwise(left, right, (a, b) => a + b));
    case 'multiply':
      return inputs.reduce((left, right) => referenceElementwise(left, right, (a, b) => a * b));
    case 'elementwise':
      return inputs.reduce((left, right) =>
        referenceElementwise(left, right, combinations[operator.function]),
      );
    case 'parametricRelu':
      return referenceElementwise(x, valueOf(operator.slopes.shape, operator.slopes.data), (a, slope) =>
        a < 0 ? slope * a : a,
      );
    case 'matrixProduct':
      return referenceMatrixProduct(x, inputs[1]);
    case 'transpose':
      return referenceTranspose(x, operator.permutation);
    case 'slice':
      return referenceSlice(x, operator);
    case 'gather':
      return referenceGather(x, operator.axis, operator.indices);
    case 'resize':
      return referenceResize(x, operator);
    case 'reduce':
      return referenceReduce(x, operator);
    case 'concat':
      return referenceConcat(inputs, operator.axis);
    case 'pad':
      return referencePad(x, operator);
    case 'flatten':
      return referenceReorder(x, [x.data.length], operator.order);
    case 'reshape':
      return referenceReorder(x, operator.shape, operator.order);
    case 'softmax':
      return softmax(x);
    case 'logSoftmax':
      return mapChannels(softmax(x), (value) => Math.log(value));
    case 'localResponseNormalisation':
      return normaliseLocally(x, operator);
    case 'identity':
      return x;
    case 'quantise':
      return mapChannels(x, (value) => referenceLevel(operator, value));
    case 'dynamicQuantise':
      return operator.per === 'row'
        ? mapRows(x, x.shape[x.shape.length - 1], levelsAsSeen)
        : { shape: x.shape, data: levelsAsSeen(x.data) };
    case 'constant':
      return valueOf(operator.value.shape, operator.value.data);
    case 'unsupported':
      throw new Error(`${operator.operator} cannot be computed`);
    default:
      return operator satisfies never;
  }
}

/** The number that the nearest level stands for, looked for among all of them; of two as near, the even one. */
function referenceLevel({ type, scale, zeroPoint }: Quantise, value: number): number {
  const first = type === 'uint8' ? 0 : -128;
  const levels = Array.from({ length: 256 }, (_, index) => first + index);
  const distance = (level: number) => Math.abs((level - zeroPoint) * scale - value);
  const isEven = (level: number) => (level - zeroPoint) % 2 === 0;
  const nearest = levels.reduce((best, level) => {
    const gap = distance(level) - distance(best);
    return gap < 0 || (gap === 0 && isEven(level)) ? level : best;
  });
  return (nearest - zeroPoint) * scale;
}

/** Values on the 256 levels between their least and their greatest, one of which is zero. */
function levelsAsSeen(values: Float64Array): Float64Array {
  const low = values.reduce((least, value) => Math.min(least, value), 0);
  const high = values.reduce((most, value) => Math.max(most, value), 0);
  if (low === high) return values;
  const scale = (high - low) / 255;
  const zeroPoint = Math.round(-128 - low / scale);
  return values.map((value) => {
    const level = Math.max(-128, Math.min(127, Math.round(value / scale) + zeroPoint));
    return (level - zeroPoint) * scale;
  });
}

const combinations: Readonly<Record<Elementwise['function'], (a: number, b: number) => number>> = {
  subtract: (a, b) => a - b,
  divide: (a, b) => a / b,
  power: (a, b) => a ** b,
  maximum: (a, b) => Math.max(a, b),
  minimum: (a, b) => Math.min(a, b),
};

/** Applies a function to every value; `channel` is the index on the last axis. */
function mapChannels(x: Value, change: (value: number, channel: number) => number): Value {
  const channels = x.shape.at(-1) ?? 1;
  return { shape: x.shape, data: x.data.map((value, index) => change(value, index % channels)) };
}

/** Applies a function to every row of the last axis. */
function mapRows(x: Value, outputs: number, change: (row: Float64Array) => ArrayLike<number>): Value {
  const inputs = x.shape[x.shape.length - 1];
  const rows = x.data.length / inputs;
  const data = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    data.set(change(x.data.subarray(row * inputs, (row + 1) * inputs)), row * outputs);
  }
  return { shape: [...x.shape.slice(0, -1), outputs], data };
}

function dense(
  x: Value,
  weights: ArrayLike<number>,
  [inputs, outputs]: Shape,
  bias: ArrayLike<number> | null,
): Value {
  return mapRows(x, outputs, (row) => {
    const sums = new Float64Array(outputs);
    for (let o = 0; o < outputs; o++) {
      sums[o] = bias ? bias[o] : 0;
      for (let i = 0; i < inputs; i++) sums[o] += row[i] * weights[i * outputs + o];
    }
    return sums;
  });
}

function globalPool(x: Value, reduce: 'max' | 'average', keepDimensions: boolean): Value {
  const [height, width, channels] = x.shape;
  const data = new Float64Array(channels);
  for (let c = 0; c < channels; c++) {
    const plane = x.data.filter((_, index) => index % channels === c);
    const sum = plane.reduce((a, b) => a + b, 0);
    data[c] = reduce === 'max' ? plane.reduce((a, b) => Math.max(a, b), -Infinity) : sum / (height * width);
  }
  return { shape: keepDimensions ? [1, 1, channels] : [channels], data };
}

function softmax(x: Value): Value {
  return mapRows(x, x.shape[x.shape.length - 1], (row) => {
    const greatest = row.reduce((a, b) => Math.max(a, b), -Infinity);
    const exponentials = row.map((value) => Math.exp(value - greatest));
    const sum = exponentials.reduce((a, b) => a + b, 0);
    return exponentials.map((value) => value / sum);
  });
}

interface LocalNormalisation {
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly bias: number;
}

/** The window of channel c goes from c − ⌊(size − 1) / 2⌋ to c + ⌈(size − 1) / 2⌉, cut at the ends (ONNX LRN). */
function normaliseLocally(x: Value, { size, alpha, beta, bias }: LocalNormalisation): Value {
  const channels = x.shape[x.shape.length - 1];
  return mapRows(x, channels, (row) =>
    row.map((value, c) => {
      let squares = 0;
      const first = c - Math.floor((size - 1) / 2);
      const last = c + Math.ceil((size - 1) / 2);
      for (let k = Math.max(0, first); k <= Math.min(channels - 1, last); k++) squares += row[k] ** 2;
      return value / (bias + (alpha / size) * squares) ** beta;
    }),
  );
}
