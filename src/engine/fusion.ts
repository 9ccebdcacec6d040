import type {
  Activation,
  BatchNorm,
  Conv2d,
  DynamicQuantise,
  GraphNode,
  Network,
  Operator,
  Quantise,
  Shape,
} from '../network/graph';
import { hasSignedWeights, roundsAsItRuns } from '../network/dynamicLevels';
import { isLayer } from '../network/layerNodes';
import { levelledValues } from '../network/levels';
import { inferShapes } from '../network/shapes';

/**
 * Nodes that are computed as one step: a linear layer or batch norm, the convolution whose lines it reads one by
 * one (the first of a layer's two factors), the rounding to levels of what it reads, the batch norm that is folded into it, the value that is added to a
 * convolution's (the other way around a residual block) and the activation that the kernel applies, or any single
 * node. Only the last node's value comes to exist.
 */
export interface NodeGroup {
  /** All nodes in order. */
  readonly nodes: readonly GraphNode[];
  /** The convolution before the head, of which nothing but the head wants to know. */
  readonly first: Conv2d | null;
  /** What norm, addend and activation belong to. */
  readonly head: GraphNode;
  readonly norm: BatchNorm | null;
  /** Name of the value that is added before the activation; the last of the inputs. */
  readonly addend: string | null;
  readonly activation: Activation | null;
  readonly inputs: readonly string[];
  /** Shape of the first input for one image, where it is known. */
  readonly shape: Shape | null;
  /** The rounding by which the first input holds nothing but levels, where it does. */
  readonly levels: Quantise | null;
  /** The rounding before the head to levels that are found as it runs, where the head's weights are whole numbers. */
  readonly dynamic: DynamicQuantise | null;
  /** The rounding of what is made of levels (by a layer in whole numbers, a sum, a mean), in one step with it. */
  readonly rounding: Quantise | null;
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
  const { shapes } = inferShapes(network);
  const levelled = levelledValues(network);
  const taken = new Set<GraphNode>();
  const groups: NodeGroup[] = [];
  const written = new Set([network.input.name]);
  for (const node of network.nodes) {
    if (!taken.has(node)) {
      const [input = ''] = node.inputs;
      const own = { shape: shapes.get(input) ?? null, levels: levelled.get(input) ?? null };
      const grown = { ...grow(node, followers, written), ...own, rounding: null };
      const group = withRounding(grown, followers, levelled);
      group.nodes.forEach((member) => taken.add(member));
      groups.push(group);
    }
    written.add(node.output);
  }
  return groups;
}

/**
 * Per value that nobody else needs, the one node that reads it.
 *
 * @param keep values that are needed whoever reads them
 */
export function onlyReaders(network: Network, keep: Iterable<string> = []): Map<string, GraphNode> {
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

/** @param written values that were there before the first node */
function grow(
  start: GraphNode,
  followers: ReadonlyMap<string, GraphNode>,
  written: ReadonlySet<string>,
): Omit<NodeGroup, 'shape' | 'levels' | 'rounding'> {
  const nodes = [start];
  let [head, first]: [GraphNode, Conv2d | null] = [start, null];
  let norm: BatchNorm | null = null;
  let addend: string | null = null;
  let activation: Activation | null = null;
  let { output } = start;
  const layer = roundsAsItRuns(start) ? followers.get(output) : undefined;
  const dynamic =
    roundsAsItRuns(start) && layer && isLayer(layer) && hasSignedWeights(layer) && start.operator;
  if (dynamic) {
    nodes.push(layer!);
    [head, output] = [layer!, layer!.output];
  }
  for (let next = followers.get(output); next && isFusable(head); next = followers.get(output)) {
    const { operator } = next;
    const isBare = !norm && !addend && !activation && !dynamic;
    if (operator.kind === 'batchNorm' && canFold(head) && isBare) norm = operator;
    else if (operator.kind === 'activation' && !activation) activation = operator;
    else if (operator.kind === 'add' && head.operator.kind === 'conv2d' && !addend && !activation) {
      addend = otherInput(next, output, written);
      if (addend === null) break;
    } else if (isBare && !first && head.operator.kind === 'conv2d' && readsLineByLine(operator)) {
      [first, head] = [head.operator, next];
    } else if (operator.kind !== 'identity') break;
    nodes.push(next);
    ({ output } = next);
  }
  const inputs = addend === null ? start.inputs : [...start.inputs, addend];
  return { nodes, first, head, norm, addend, activation, dynamic: dynamic || null, inputs, output };
}

/** The group with the rounding that alone reads it, where runtimes make levels of levels in one step. */
function withRounding(
  group: NodeGroup,
  followers: ReadonlyMap<string, GraphNode>,
  levelled: ReadonlyMap<string, Quantise>,
): NodeGroup {
  const { head, first, norm, addend, activation, dynamic, levels, nodes, output } = group;
  const next = followers.get(output);
  if (next?.operator.kind !== 'quantise' || dynamic) return group;
  const isPlain = !first && !norm && addend === null && (!activation || activation.function === 'relu');
  const isLayer = isPlain && isInWholeNumbers(head, levels);
  if (!isLayer && !(nodes.length === 1 && combinesLevels(head, levelled))) return group;
  return { ...group, nodes: [...nodes, next], output: next.output, rounding: next.operator };
}

/** Whether a node makes one value of levels alone, without weights. */
function combinesLevels({ operator, inputs }: GraphNode, levelled: ReadonlyMap<string, Quantise>): boolean {
  const isMean = operator.kind === 'pool' && operator.reduce === 'average';
  const isOne = isMean || ((operator.kind === 'add' || operator.kind === 'multiply') && inputs.length === 2);
  return isOne && inputs.every((value) => levelled.has(value));
}

/** Whether a file holds both a layer's input and its kernel in whole numbers. */
function isInWholeNumbers({ operator }: Pick<GraphNode, 'operator'>, levels: Quantise | null): boolean {
  if (!levels || (operator.kind !== 'conv2d' && operator.kind !== 'dense')) return false;
  const { stored } = operator.kind === 'conv2d' ? operator.kernel : operator.weights;
  return stored?.type === 'int8';
}

/** Whether an operator is a convolution each of whose lines comes from one line of its input, in order. */
function readsLineByLine(operator: Operator): boolean {
  if (operator.kind !== 'conv2d') return false;
  const { kernel, stride, padding } = operator;
  return kernel.shape[0] === 1 && stride.height === 1 && padding.top === 0 && padding.bottom === 0;
}

/** What a sum of two adds to one of them, where that is at hand in time. */
function otherInput({ inputs }: GraphNode, one: string, written: ReadonlySet<string>): string | null {
  const other = inputs[inputs[0] === one ? 1 : 0];
  return inputs.length === 2 && other !== undefined && written.has(other) ? other : null;
}

function canFold({ operator }: GraphNode): boolean {
  return operator.kind === 'conv2d' || operator.kind === 'dense';
}

function isFusable(head: GraphNode): boolean {
  return canFold(head) || head.operator.kind === 'batchNorm';
}

/** Whether two groups compute the same thing from the same values, as large, with the same weights. */
export function sameGroup(a: NodeGroup, b: NodeGroup): boolean {
  const isSameSize = a.shape?.join() === b.shape?.join() && a.nodes.length === b.nodes.length;
  const isSameInput = isSameSize && a.levels === b.levels;
  return isSameInput && a.nodes.every((node, index) => sameNode(node, b.nodes[index]!));
}

function sameNode(a: GraphNode, b: GraphNode): boolean {
  if (a === b) return true;
  const alike = a.operator === b.operator && a.output === b.output && a.inputs.length === b.inputs.length;
  return alike && a.inputs.every((input, index) => input === b.inputs[index]);
}
