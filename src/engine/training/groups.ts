import type { Activation, BatchNorm, Conv2d, Dense, GraphNode, Network } from '../../network/graph';
import { inferShapes } from '../../network/shapes';
import { onlyReaders } from '../fusion';
import type { Gate } from './gate';
import type { SingleOperator } from './single';

/** A layer or a batch norm, the norm and the sum behind it, and the ReLU that follows. */
export interface LinearGroup {
  readonly kind: 'linear';
  readonly head: GraphNode<Conv2d | Dense | BatchNorm>;
  readonly norm: BatchNorm | null;
  /** Whether the last input is added before the gate. */
  readonly adds: boolean;
  readonly gate: Gate;
  readonly inputs: readonly string[];
  readonly output: string;
}

/** Any other operator by itself. */
export interface SingleGroup {
  readonly kind: 'single';
  readonly node: GraphNode<SingleOperator>;
  readonly inputs: readonly string[];
  readonly output: string;
}

export type TrainingGroup = LinearGroup | SingleGroup;

/**
 * Splits a network into what is computed, and has its gradient, in one step. Activations whose gradient needs what they
 * were given stand by themselves, and so do the factors of a layer: what lies between them is wanted.
 *
 * @param keep values that must come to exist
 */
export function trainingGroups(network: Network, keep: readonly string[]): readonly TrainingGroup[] {
  const { shapes } = inferShapes(network);
  const graph: Graph = {
    readers: onlyReaders(network, keep),
    written: new Set([network.input.name]),
    taken: new Set(),
    isSameShape: (a, b) => shapes.get(a)?.join() === shapes.get(b)?.join(),
  };
  return network.nodes.flatMap((node): TrainingGroup[] => {
    const groups = graph.taken.has(node) ? [] : [groupFrom(node, graph)];
    graph.written.add(node.output);
    return groups;
  });
}

interface Graph {
  readonly readers: ReadonlyMap<string, GraphNode>;
  /** Values that are there before the present node. */
  readonly written: Set<string>;
  /** Nodes that are in a group already. */
  readonly taken: Set<GraphNode>;
  isSameShape(value: string, other: string): boolean;
}

function groupFrom(node: GraphNode, graph: Graph): TrainingGroup {
  const { readers, taken } = graph;
  if (!isLinear(node)) {
    const { inputs, output } = node;
    return { kind: 'single', node: node as GraphNode<SingleOperator>, inputs, output };
  }
  let { output } = node;
  let norm: BatchNorm | null = null;
  let addend: string | null = null;
  let gate: Gate = 'none';
  for (let next = readers.get(output); next && gate === 'none'; next = readers.get(output)) {
    const { operator } = next;
    const closing = operator.kind === 'activation' ? gateOf(operator) : 'none';
    const isNorm = operator.kind === 'batchNorm' && node.operator.kind !== 'batchNorm';
    if (isNorm && !norm && addend === null) norm = operator;
    else if (closing !== 'none') gate = closing;
    else if (operator.kind === 'add' && node.operator.kind === 'conv2d' && addend === null) {
      addend = otherInput(next, output, graph);
      if (addend === null) break;
    } else break;
    taken.add(next);
    ({ output } = next);
  }
  const inputs = addend === null ? node.inputs : [...node.inputs, addend];
  return { kind: 'linear', head: node, norm, adds: addend !== null, gate, inputs, output };
}

function isLinear(node: GraphNode): node is GraphNode<Conv2d | Dense | BatchNorm> {
  const { kind } = node.operator;
  return kind === 'conv2d' || kind === 'dense' || kind === 'batchNorm';
}

function gateOf({ function: name }: Activation): Gate {
  return name === 'relu' || name === 'relu6' ? name : 'none';
}

/** What a sum of two adds to one of them, where that is as large and at hand in time. */
function otherInput({ inputs }: GraphNode, one: string, { written, isSameShape }: Graph): string | null {
  const other = inputs[inputs[0] === one ? 1 : 0];
  if (inputs.length !== 2 || other === undefined || other === one) return null;
  return written.has(other) && isSameShape(other, one) ? other : null;
}
