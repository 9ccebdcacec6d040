import type { Activation, BatchNorm, GraphNode, Network } from '../network/graph';

/**
 * Nodes that are computed as one step: a linear layer or batch norm, the batch norm that is folded into it and
 * the activation that the kernel applies, or any single node. Only the last node's value comes to exist.
 */
export interface NodeGroup {
  /** All nodes in order, the head first. */
  readonly nodes: readonly GraphNode[];
  readonly head: GraphNode;
  readonly norm: BatchNorm | null;
  readonly activation: Activation | null;
  readonly inputs: readonly string[];
  /** Name of the value that the last node writes. */
  readonly output: string;
}

export interface FusionOptions {
  /** false leaves every node on its own. */
  readonly fuse?: boolean;
  /** Names of values that must come to exist, so that they can be given or wanted. */
  readonly keep?: Iterable<string>;
}

/** Splits a network into steps, in network order. */
export function groupNodes(network: Network, options: FusionOptions = {}): readonly NodeGroup[] {
  const followers =
    options.fuse === false ? new Map<string, GraphNode>() : onlyReaders(network, options.keep);
  const taken = new Set<GraphNode>();
  const groups: NodeGroup[] = [];
  for (const node of network.nodes) {
    if (taken.has(node)) continue;
    const group = grow(node, followers);
    group.nodes.forEach((member) => taken.add(member));
    groups.push(group);
  }
  return groups;
}

/** Per value that nobody else needs, the one node that reads it. */
function onlyReaders(network: Network, keep: Iterable<string> = []): Map<string, GraphNode> {
  const readers = new Map<string, GraphNode>();
  const shared = new Set<string>([...keep, ...network.outputs]);
  for (const node of network.nodes) {
    for (const input of node.inputs) {
      if (readers.has(input)) shared.add(input);
      readers.set(input, node);
    }
  }
  shared.forEach((value) => readers.delete(value));
  return readers;
}

function grow(head: GraphNode, followers: ReadonlyMap<string, GraphNode>): NodeGroup {
  const nodes = [head];
  let norm: BatchNorm | null = null;
  let activation: Activation | null = null;
  for (let next = followers.get(head.output); next && isFusable(head); next = followers.get(next.output)) {
    const { operator } = next;
    if (operator.kind === 'batchNorm' && canFold(head) && !norm && !activation) norm = operator;
    else if (operator.kind === 'activation' && !activation) activation = operator;
    else if (operator.kind !== 'identity') break;
    nodes.push(next);
  }
  return { nodes, head, norm, activation, inputs: head.inputs, output: nodes[nodes.length - 1]!.output };
}

function canFold({ operator }: GraphNode): boolean {
  return operator.kind === 'conv2d' || operator.kind === 'dense';
}

function isFusable(head: GraphNode): boolean {
  return canFold(head) || head.operator.kind === 'batchNorm';
}

/** Whether two groups compute the same thing from the same values with the same weights. */
export function sameGroup(a: NodeGroup, b: NodeGroup): boolean {
  return a.nodes.length === b.nodes.length && a.nodes.every((node, index) => sameNode(node, b.nodes[index]!));
}

function sameNode(a: GraphNode, b: GraphNode): boolean {
  if (a === b) return true;
  const alike = a.operator === b.operator && a.output === b.output && a.inputs.length === b.inputs.length;
  return alike && a.inputs.every((input, index) => input === b.inputs[index]);
}
