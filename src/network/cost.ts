import type { GraphNode, Network, Operator, Shape } from './graph';
import { sizeOf } from './extents';
import { macsPerPosition, weightsOf } from './operators';
import { inferShapes } from './shapes';
import { ownParameters } from './sharing';

/** What a network costs on one image. */
export interface NetworkCost {
  /** Multiply-accumulates of all convolutions, dense layers and matrix products whose shapes are known. */
  readonly macs: number;
  readonly parameters: number;
}

/**
 * Multiply-accumulates of a node on one image. Convolutions (H_out · W_out · O · I/g · D_h · D_w), dense layers
 * (positions · inputs · outputs) and products of computed matrices (rows · inner · columns) count, everything else
 * is 0; padding counts like pixels.
 *
 * @param shapes shapes by value name, from `inferShapes`
 * @returns null where the layer's output shape is unknown
 */
export function nodeMacs(node: GraphNode, shapes: ReadonlyMap<string, Shape>): number | null {
  const inputs = node.inputs.map((value) => shapes.get(value) ?? []);
  const each = macsPerPosition(node.operator, inputs);
  if (each === 0) return 0;
  const output = shapes.get(node.output);
  return output ? sizeOf(output.slice(0, -1)) * each : null;
}

/**
 * Numbers that training found: weights and biases, scale and offset of batch norm, constants that take part
 * in the computation. Batch norm's running mean and variance are statistics and do not count, as in most
 * papers' tables.
 */
export function nodeParameters(operator: Operator): number {
  return weightsOf(operator).reduce((sum, { expected, isLearned }) => sum + (isLearned ? expected : 0), 0);
}

/**
 * Sums MACs and parameters over a network; layers behind an unsupported node add parameters only, and weights that
 * several nodes use count once.
 */
export function networkCost(network: Network): NetworkCost {
  const { shapes } = inferShapes(network);
  const own = ownParameters(network);
  return network.nodes.reduce(
    (sum, node) => ({
      macs: sum.macs + (nodeMacs(node, shapes) ?? 0),
      parameters: sum.parameters + own.get(node.name)!,
    }),
    { macs: 0, parameters: 0 },
  );
}
