import { fail } from '../../../../network/failure';
import type { Network, Shape } from '../../../../network/graph';
import type { StoredTensor } from '../../layers/weights';
import { CannotCompute, cannot } from '../../onnx/context';
import { sizedShape } from '../../inputSize';
import type { ReadOptions } from '../../reader';
import { GraphCall } from './call';
import { GraphContext } from './context';
import type { SourceNode } from './graphDef';
import type { Convert } from './operators';
import { extentsOf } from './shapeArithmetic';

/** What a file says goes in and comes out, by the names of values; empty where it says nothing. */
export interface Signature {
  readonly inputs: ReadonlyMap<string, readonly number[] | null>;
  readonly outputs: readonly string[];
}

/** A TensorFlow graph as a file holds it. */
export interface SourceGraph {
  readonly name: string;
  readonly nodes: readonly SourceNode[];
  /** Constants by the names of their values, whether nodes write them or not. */
  readonly constants: ReadonlyMap<string, StoredTensor>;
  readonly signature: Signature;
  /** Number of images that shapes in the file count on; that of the input's shape unless given. */
  readonly batch?: number;
}

/** A format whose files hold TensorFlow graphs. */
export interface SourceFormat {
  readonly id: string;
  /** By TensorFlow's names. */
  readonly converters: ReadonlyMap<string, Convert>;
  /** Why any other operator cannot be computed and what to do. */
  readonly adviceFor: (op: string) => string;
}

/**
 * The network that a graph computes. Nodes that the studio cannot compute become `unsupported` nodes with the reason.
 *
 * @throws FailureError `unreadable-file` with a sentence that says where and what is wrong
 */
export function networkOfGraph(graph: SourceGraph, format: SourceFormat, options: ReadOptions): Network {
  const { name, nodes, constants, signature } = graph;
  const answers = signature.outputs.length > 0 ? signature.outputs : unread(nodes);
  const needed = sorted(graph, answers);
  const { input, batch } = inputOf(needed, signature, options);
  const context = new GraphContext(constants, needed, answers, graph.batch ?? batch);
  context.setInput(input.name, input.shape);
  for (const node of needed) if (node.name !== input.name) readNode(node, context, format);
  const outputs = answers.map((answer) => context.resolve(answer));
  const source = { format: format.id, batch: 'N' };
  return { name, input, outputs, nodes: context.nodes, metadata: {}, source };
}

/** The one Placeholder that the answers depend on; its size must be known. */
function inputOf(
  nodes: readonly SourceNode[],
  { inputs }: Signature,
  options: ReadOptions,
): { readonly input: Network['input']; readonly batch: number | null } {
  const placeholders = nodes.filter(({ op }) => op === 'Placeholder');
  const [input] = placeholders;
  if (!input || placeholders.length > 1) {
    const names = placeholders.map(({ name }) => `"${name}"`).join(', ');
    return fail(
      'unreadable-file',
      `expected a network with one input, found ${placeholders.length}${names && ` (${names})`}; convert a classifier of images.`,
    );
  }
  const given = input.shape('shape') ?? inputs.get(input.name) ?? null;
  const [batch = -1] = given ?? [];
  const { name } = input;
  return { input: { name, shape: inputShape(name, given, options) }, batch: batch >= 1 ? batch : null };
}

function inputShape(name: string, given: readonly number[] | null, options: ReadOptions): Shape {
  const extents = given?.slice(1) ?? [];
  const text = given ? `[${given.map((extent) => (extent > 0 ? extent : '?')).join(', ')}]` : 'no shape';
  if (extents.length < 1 || extents.length > 3)
    fail(
      'unreadable-file',
      `input "${name}": expected [batch, height, width, channels], or fewer axes behind the batch, found ${text}; convert a classifier of images.`,
    );
  const isFixed = (extent = -1) => Number.isSafeInteger(extent) && extent >= 1;
  const [height = -1, width = -1, channels] = extents;
  if (channels !== undefined && isFixed(channels)) {
    const known = (extent: number) => (isFixed(extent) ? extent : null);
    return sizedShape(`input "${name}"`, [known(height), known(width), channels], text, options);
  }
  if (!extents.every(isFixed))
    fail(
      'unreadable-file',
      `input "${name}": expected a fixed size, found ${text}; convert the network with only the batch dynamic.`,
    );
  return extents;
}

/** Names of values that no node reads. */
function unread(nodes: readonly SourceNode[]): readonly string[] {
  const read = new Set(nodes.flatMap(({ inputs }) => inputs));
  const ends = nodes.filter(({ name, op }) => !read.has(name) && op !== 'Const' && op !== 'NoOp');
  return ends.length > 0
    ? ends.map(({ name }) => name)
    : fail(
        'unreadable-file',
        'expected a network that answers with something, found none; convert it again.',
      );
}

/** Nodes that the answers depend on, each behind those it reads; a file may have them in any order. */
function sorted({ nodes, constants }: SourceGraph, answers: readonly string[]): readonly SourceNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const state = new Map<string, 'open' | 'done'>();
  const order: SourceNode[] = [];
  const stack = answers.toReversed().map((name) => ({ name, wanted: `expected its output "${name}"` }));
  while (stack.length > 0) {
    const { name, wanted } = stack.at(-1)!;
    const node = byName.get(name.replace(/:\d+$/, ''));
    if (!node) return fail('unreadable-file', `${wanted} in the graph, found none; convert it again.`);
    if (state.get(node.name) === 'open') {
      state.set(node.name, 'done');
      order.push(node);
    }
    if (state.get(node.name) === 'done') {
      stack.pop();
      continue;
    }
    state.set(node.name, 'open');
    for (const input of node.inputs.toReversed()) {
      const source = input.replace(/:\d+$/, '');
      if (constants.has(input) && !byName.has(source)) continue;
      if (state.get(source) === 'open')
        fail(
          'unreadable-file',
          `node "${node.name}": expected nodes in an order, found that they form a circle; convert the network again.`,
        );
      const wanted = `node "${node.name}": expected its input "${source}"`;
      if (!state.has(source)) stack.push({ name: source, wanted });
    }
  }
  return order;
}

/** Operators of whose values the studio computes more than the first. */
const severalValues: ReadonlySet<string> = new Set(['Split', 'SplitV']);

function readNode(node: SourceNode, context: GraphContext, format: SourceFormat): void {
  if (node.op === 'Const' || node.op === 'NoOp') return;
  const before = context.nodes.length;
  try {
    const call = new GraphCall(node, context);
    const extents = extentsOf(call);
    if (extents) return void context.extents.set(node.name, extents);
    const convert = format.converters.get(node.op) ?? cannot(format.adviceFor(node.op));
    if (!severalValues.has(node.op) && context.valuesOf(node.name).some((value) => value !== node.name))
      cannot('its second value is read, and the studio computes the first alone.');
    const value = (node.after ?? []).reduce((computed, operator) => {
      const part = operator.kind === 'activation' ? operator.function : 'levels';
      return call.emit(operator, [computed], context.isComputed(node.name) ? part : '');
    }, convert(call));
    if (value !== node.name) context.alias(node.name, value);
  } catch (error) {
    if (!(error instanceof CannotCompute)) throw error;
    context.keepFirst(before);
    emitUnsupported(node, context, error.message, format);
  }
}

/** Keeps a node that cannot be computed, one for each of its values that something reads. */
function emitUnsupported(
  node: SourceNode,
  context: GraphContext,
  reason: string,
  format: SourceFormat,
): void {
  const inputs = node.inputs
    .map((name) => context.resolve(name))
    .filter((value) => context.isComputed(value));
  const root = format.converters.has(node.op) ? context.blocked.rootOf(inputs) : null;
  const behind = root === null ? {} : { behind: root };
  const operator = { kind: 'unsupported', operator: node.title ?? node.op, reason, ...behind } as const;
  for (const value of context.valuesOf(node.name)) context.emit(value, inputs, operator);
}
