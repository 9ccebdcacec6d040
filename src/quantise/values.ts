import { movesValues } from '../network/levels';
import type { GraphNode, Network } from '../network/graph';
import { onlyReaders } from './foldNorms';

/** Operators that runtimes compute in whole numbers. */
const computed: ReadonlySet<string> = new Set([
  'conv2d',
  'dense',
  'add',
  'multiply',
  'concat',
  'pool',
  'globalPool',
]);

/** Activations that a runtime computes together with the operator before them, by where it stops counting. */
const bounding: ReadonlySet<string> = new Set(['relu', 'relu6', 'clip']);

/** Whether a node only bounds values, which runtimes do together with what makes them. */
export function isBounding({ operator }: GraphNode): boolean {
  return operator.kind === 'activation' && bounding.has(operator.function);
}

/**
 * The values of a network that are to be rounded, in network order: what some operator that runtimes compute in whole
 * numbers reads, unless it is the network's answer, a constant, only moved from a rounded value, or what an
 * activation bounds at once.
 */
export function valuesToRound(network: Network): readonly string[] {
  const readersOf = allReaders(network);
  const only = onlyReaders(network);
  const isRead = (value: string): boolean =>
    (readersOf.get(value) ?? []).some((node) =>
      movesValues(node) ? isRead(node.output) || computed.has(node.operator.kind) : isComputed(node),
    );
  const rounded = new Set<string>();
  const moved = new Set<string>();
  const consider = (value: string) => {
    if (network.outputs.includes(value) || !isRead(value)) return;
    const reader = only(value);
    if (reader && isBounding(reader)) return;
    rounded.add(value);
  };
  consider(network.input.name);
  for (const node of network.nodes) {
    const [input = ''] = node.inputs;
    if (node.operator.kind === 'constant') continue;
    if (node.operator.kind === 'quantise' || (movesValues(node) && (rounded.has(input) || moved.has(input))))
      moved.add(node.output);
    else consider(node.output);
  }
  return [...rounded];
}

function isComputed(node: GraphNode): boolean {
  return computed.has(node.operator.kind) || isBounding(node);
}

function allReaders({ nodes }: Network): ReadonlyMap<string, readonly GraphNode[]> {
  const readers = new Map<string, GraphNode[]>();
  for (const node of nodes)
    for (const input of node.inputs) readers.set(input, [...(readers.get(input) ?? []), node]);
  return readers;
}
