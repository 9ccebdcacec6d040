import { nodeMacs } from './cost';
import { sizeOf } from './extents';
import { fail } from './failure';
import type { GraphNode, Network, Operator, Shape } from './graph';
import { inferShapes } from './shapes';

/**
 * What an output may be, by its shape and by what it comes out of: class probabilities (behind a softmax, its
 * logarithm or a sigmoid), scores that a dense layer or a convolution gives, another vector such as the features of a pool, an
 * image of values, or something that cannot be worked out.
 */
export type OutputRole = 'probabilities' | 'scores' | 'vector' | 'map' | 'unknown';

/** One output of a network. */
export interface OutputDescription {
  readonly name: string;
  /** Without the batch; null where it cannot be worked out. */
  readonly shape: Shape | null;
  readonly role: OutputRole;
}

/** What an output may be, for a person. */
export const roleTexts: Readonly<Record<OutputRole, string>> = {
  probabilities: 'probabilities',
  scores: 'scores of a layer',
  vector: 'a vector',
  map: 'a map',
  unknown: 'behind a node that cannot be computed',
};

/** The likelier class scores first. */
const likelihood: readonly OutputRole[] = ['probabilities', 'scores', 'vector', 'map', 'unknown'];

/** Name of the value that holds the class scores. @throws FailureError `invalid-network` without outputs */
export function scoreOutput({ outputs, scoresAt = 0 }: Network): string {
  return (
    outputs[scoresAt] ??
    fail(
      'invalid-network',
      'Expected a network that answers with something, found no output; export it again.',
    )
  );
}

/**
 * Number of classes that the network tells apart; one score tells two apart.
 *
 * @returns 0 where the shape of its scores is not known
 */
export function classCount(network: Network): number {
  const shape = inferShapes(network).shapes.get(scoreOutput(network));
  return shape ? classesOfScores(sizeOf(shape)) : 0;
}

/** Classes that so many scores tell apart: one is the second class's against the first's. */
export function classesOfScores(scores: number): number {
  return scores === 1 ? 2 : scores;
}

/** Whether a value of this shape is a score per class. */
export function areScores(shape: Shape): boolean {
  return shape.filter((extent) => extent > 1).length <= 1;
}

/** Every output in the order of the file. */
export function describeOutputs(network: Network): readonly OutputDescription[] {
  const { shapes } = inferShapes(network);
  const writers = new Map(network.nodes.map((node) => [node.output, node]));
  return network.outputs.map((name) => {
    const shape = shapes.get(name) ?? null;
    return { name, shape, role: roleOf(shape, lastOperator(writers, name)) };
  });
}

/**
 * The operator that an output's numbers come from: what only gives them another shape is passed over.
 *
 * @returns undefined for the network's input
 */
export function scoringOperator(network: Network): Operator | undefined {
  return lastOperator(new Map(network.nodes.map((node) => [node.output, node])), scoreOutput(network));
}

function lastOperator(writers: ReadonlyMap<string, GraphNode>, output: string): Operator | undefined {
  let node = writers.get(output);
  while (node && keepsValues.includes(node.operator.kind)) node = writers.get(node.inputs[0] ?? '');
  return node?.operator;
}

/** Operators that only move values about. */
const keepsValues: readonly Operator['kind'][] = ['identity', 'reshape', 'flatten', 'transpose'];

function roleOf(shape: Shape | null, operator: Operator | undefined): OutputRole {
  if (!shape) return 'unknown';
  if (!areScores(shape)) return 'map';
  const isNormalised = operator?.kind === 'softmax' || operator?.kind === 'logSoftmax';
  if (isNormalised || isSigmoid(operator)) return 'probabilities';
  const isLayer = operator?.kind === 'dense' || operator?.kind === 'conv2d';
  return isLayer && sizeOf(shape) > 1 ? 'scores' : 'vector';
}

/** Whether an operator answers with a number from 0 to 1 for every number. */
export function isSigmoid(operator: Operator | undefined): boolean {
  return (
    operator?.kind === 'activation' &&
    (operator.function === 'sigmoid' || operator.function === 'hardSigmoid')
  );
}

/**
 * The network with one of its outputs taken as the class scores. The other outputs stay: a written file has them,
 * too.
 *
 * @param name null takes what looks most like class scores; of equals the one that most of the network leads to,
 * as heads that only helped training leave it early
 * @throws FailureError `invalid-request` where there is no such output
 */
export function withScoreOutput(network: Network, name: string | null): Network {
  const at = name === null ? likeliestOutput(network) : network.outputs.indexOf(name);
  if (at < 0) {
    const known = network.outputs.map((output) => `"${output}"`).join(', ');
    return fail(
      'invalid-request',
      `Expected an output of the network (${known}), found "${name}"; choose one of these.`,
    );
  }
  return at === (network.scoresAt ?? 0) ? network : { ...network, scoresAt: at };
}

/**
 * A network that was read from what another was written to, with the same output taken as the class scores: the one
 * of the same name, or in the same place where the form has names of its own.
 */
export function withScoreOutputOf(network: Network, written: Network): Network {
  const name = scoreOutput(written);
  const isInPlace = network.outputs.length === written.outputs.length;
  const own = network.outputs.includes(name)
    ? name
    : isInPlace
      ? network.outputs[written.scoresAt ?? 0]!
      : null;
  return withScoreOutput(network, own);
}

function likeliestOutput(network: Network): number {
  if (network.outputs.length < 2) return 0;
  const descriptions = describeOutputs(network);
  const macs = macsBefore(network);
  const rankOf = (at: number) => likelihood.indexOf(descriptions[at]!.role);
  const isBetter = (at: number, best: number) => {
    const [rank, bestRank] = [rankOf(at), rankOf(best)];
    return rank < bestRank || (rank === bestRank && macs[at]! > macs[best]!);
  };
  return descriptions.reduce((best, _, at) => (isBetter(at, best) ? at : best), 0);
}

/** MACs of all that each output is computed from. */
function macsBefore(network: Network): readonly number[] {
  const { shapes } = inferShapes(network);
  return network.outputs.map((output) => {
    const needed = new Set([output]);
    return network.nodes.toReversed().reduce((sum, node) => {
      if (!needed.has(node.output)) return sum;
      node.inputs.forEach((value) => needed.add(value));
      return sum + (nodeMacs(node, shapes) ?? 0);
    }, 0);
  });
}
