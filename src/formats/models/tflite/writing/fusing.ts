import type { BatchNorm, Conv2d, Dense, GraphNode, Network, Tensor } from '../../../../network/graph';
import { storedIntegers } from '../../../../network/stored';
import { valueReaders } from '../../valueReaders';
import { ActivationFunctionType } from '../generated/tflite';

/** A node as one operator of the file with what follows it. */
export interface FusedNode {
  readonly node: GraphNode;
  readonly activation: ActivationFunctionType;
}

/**
 * Takes batch normalisations into the layers before them and activations into the operators before them, where nothing
 * else reads what lies between, as TensorFlow's converter does. A node keeps its name and writes what the last one
 * wrote.
 */
export function fused({ nodes, outputs }: Network): readonly FusedNode[] {
  const readers = valueReaders(nodes);
  const gone = new Set<GraphNode>();
  const only = ({ output }: GraphNode): GraphNode | null => {
    const [reader, ...others] = readers.get(output) ?? [];
    const isOnly = reader && others.length === 0 && reader.inputs.length === 1;
    return isOnly && !outputs.includes(output) ? reader : null;
  };
  const fusions = new Map(
    nodes.map((first): [GraphNode, FusedNode] => {
      const norm = only(first);
      const folded = norm && folding(first, norm);
      if (folded) gone.add(norm);
      const node = folded ?? first;
      const next = only(node);
      const activation = next ? activationOf(node, next) : ActivationFunctionType.NONE;
      if (activation === ActivationFunctionType.NONE) return [first, { node, activation }];
      gone.add(next!);
      return [first, { node: { ...node, output: next!.output }, activation }];
    }),
  );
  return nodes.filter((node) => !gone.has(node)).map((node) => fusions.get(node)!);
}

function folding(first: GraphNode, norm: GraphNode): GraphNode | null {
  const { operator } = first;
  if (norm.operator.kind !== 'batchNorm') return null;
  const { output } = norm;
  if (operator.kind === 'conv2d') {
    const kernel = scaled(operator.kernel, norm.operator);
    return (
      kernel && { ...first, output, operator: { ...operator, kernel, bias: moved(operator, norm.operator) } }
    );
  }
  if (operator.kind === 'dense') {
    const weights = scaled(operator.weights, norm.operator);
    return (
      weights && {
        ...first,
        output,
        operator: { ...operator, weights, bias: moved(operator, norm.operator) },
      }
    );
  }
  return null;
}

/**
 * Weights times the factor of each output channel, which is the last axis.
 *
 * @returns null where they are stored in fewer bits and would be other ones then
 */
function scaled({ shape, data, stored }: Tensor, norm: BatchNorm): Tensor | null {
  const { factor } = affineOf(norm);
  const channels = factor.length;
  if (!stored) return { shape, data: data.map((value, index) => value * factor[index % channels]!) };
  const isByChannel = stored.type === 'int8' && stored.scales.length === channels && stored.zeroPoint === 0;
  if (!isByChannel || stored.values.includes(-128)) return null;
  const scales = stored.scales.map((scale, channel) => scale * Math.abs(factor[channel]!));
  // Scales are positive; what smaller ones stand for, not every processor knows.
  if (scales.some((scale) => scale < 2 ** -126)) return null;
  const values = Int8Array.from(stored.values, (level, index) =>
    factor[index % channels]! < 0 ? -level : level,
  );
  return storedIntegers(shape, { type: 'int8', values, scales, zeroPoint: 0 });
}

function moved({ bias }: Conv2d | Dense, norm: BatchNorm): Float32Array {
  const { factor, offset } = affineOf(norm);
  return Float32Array.from(offset, (value, channel) => value + (bias?.[channel] ?? 0) * factor[channel]!);
}

/** What a batch normalisation is at inference: x · factor + offset per channel, in double precision. */
export function affineOf({ scale, offset, mean, variance, epsilon }: BatchNorm) {
  const factor = Float64Array.from(
    scale,
    (value, channel) => value / Math.sqrt(variance[channel]! + epsilon),
  );
  return { factor, offset: factor.map((value, channel) => offset[channel]! - mean[channel]! * value) };
}

/** Operators behind which the format has an activation for free. */
const withActivation: ReadonlySet<string> = new Set(['conv2d', 'dense', 'add', 'multiply']);

function activationOf({ operator: { kind } }: GraphNode, { operator }: GraphNode): ActivationFunctionType {
  if (!withActivation.has(kind) || operator.kind !== 'activation') return ActivationFunctionType.NONE;
  if (operator.function === 'relu') return ActivationFunctionType.RELU;
  if (operator.function === 'relu6') return ActivationFunctionType.RELU6;
  const isOne = operator.function === 'clip' && operator.alpha === -1 && operator.beta === 1;
  return isOne ? ActivationFunctionType.RELU_N1_TO_1 : ActivationFunctionType.NONE;
}
