import type { BatchNorm, Conv2d, Dense, GraphNode, Network } from '../../../../network/graph';
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
  if (operator.kind === 'conv2d')
    return {
      ...first,
      output: norm.output,
      operator: folded(operator, operator.kernel, 'kernel', norm.operator),
    };
  if (operator.kind === 'dense')
    return {
      ...first,
      output: norm.output,
      operator: folded(operator, operator.weights, 'weights', norm.operator),
    };
  return null;
}

/** Scales the weights of each output channel, which is the last axis, and moves its bias. */
function folded<Layer extends Conv2d | Dense>(
  layer: Layer,
  { shape, data }: Conv2d['kernel'],
  what: 'kernel' | 'weights',
  norm: BatchNorm,
): Layer {
  const { factor, offset } = affineOf(norm);
  const channels = factor.length;
  const scaled = data.map((value, index) => value * factor[index % channels]!);
  const bias = Float32Array.from(
    offset,
    (value, channel) => value + (layer.bias?.[channel] ?? 0) * factor[channel]!,
  );
  return { ...layer, [what]: { shape, data: scaled }, bias };
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
