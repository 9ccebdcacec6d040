import { FailureError, fail } from '../../../../network/failure';
import type { Network, Shape } from '../../../../network/graph';
import type { NamedFile } from '../../../file';
import { requireFewNodes } from '../../../limits';
import { isObject, listAt, objectAt, type JsonObject } from '../../layers/json';
import type { StoredTensor } from '../../layers/weights';
import { CannotCompute, cannot } from '../../onnx/context';
import { sizedShape } from '../../inputSize';
import type { ReadOptions } from '../../reader';
import { modelName, readManifest } from '../manifest';
import { GraphCall } from './call';
import { GraphContext } from './context';
import { GraphDefNode, shapeOf, valueName } from './graphDef';
import { graphConverters } from './operators';
import { extentsOf } from './shapeArithmetic';
import { adviceFor } from './unknown';

/**
 * Reads a TF.js GraphModel: model.json with a TensorFlow graph, and the shards that it names. Nodes that the
 * studio cannot compute become `unsupported` nodes with the reason, which is no failure here.
 *
 * @throws FailureError `unreadable-file` with a sentence that names the file, where and what is wrong
 */
export function readGraphModel(
  model: NamedFile,
  json: JsonObject,
  files: readonly NamedFile[],
  options: ReadOptions,
): Network {
  try {
    const topology = objectAt(json['modelTopology'], 'modelTopology');
    const list = listAt(topology['node'], 'modelTopology.node');
    requireFewNodes(list.length, 'nodes');
    const nodes = list.map((node, index) => new GraphDefNode(node, `modelTopology.node[${index}]`));
    const weights =
      json['weightsManifest'] ??
      fail('unreadable-file', 'expected a weightsManifest, found none; convert it again.');
    const stored = readManifest(weights, model, files);
    return networkOf(nodes, stored, signatureOf(json), modelName(model), options);
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    throw error.message.startsWith(model.name)
      ? error
      : new FailureError(error.code, `${model.name}: ${error.message}`);
  }
}

/** What the file says goes in and comes out, by the names of values; empty where it says nothing. */
interface Signature {
  readonly inputs: ReadonlyMap<string, readonly number[] | null>;
  readonly outputs: readonly string[];
}

function signatureOf({ signature, userDefinedMetadata }: JsonObject): Signature {
  const older = isObject(userDefinedMetadata) ? userDefinedMetadata['signature'] : undefined;
  const given = isObject(signature) ? signature : isObject(older) ? older : {};
  const tensors = (key: string) =>
    Object.values(isObject(given[key]) ? given[key] : {}).flatMap((tensor) =>
      isObject(tensor) && typeof tensor['name'] === 'string' ? [{ ...tensor, name: tensor['name'] }] : [],
    ) as readonly (JsonObject & { readonly name: string })[];
  return {
    inputs: new Map(
      tensors('inputs').map((tensor) => [valueName(tensor.name), shapeOf(tensor['tensorShape'])]),
    ),
    outputs: tensors('outputs').map(({ name }) => valueName(name)),
  };
}

function networkOf(
  nodes: readonly GraphDefNode[],
  weights: ReadonlyMap<string, StoredTensor>,
  signature: Signature,
  name: string,
  options: ReadOptions,
): Network {
  const constants = new Map(
    nodes.flatMap((node) => {
      const stored = node.op === 'Const' ? weights.get(node.name) : undefined;
      if (node.op === 'Const' && !stored)
        fail(
          'unreadable-file',
          `node "${node.name}" (Const): expected its value in the weights, found none; convert it again.`,
        );
      return stored ? [[node.name, stored] as const] : [];
    }),
  );
  const answers = signature.outputs.length > 0 ? signature.outputs : unread(nodes);
  const needed = sorted(nodes, answers);
  const { input, batch } = inputOf(needed, signature, options);
  const context = new GraphContext(constants, needed, answers, batch);
  context.setInput(input.name, input.shape);
  for (const node of needed) if (node.name !== input.name) readNode(node, context);
  const outputs = answers.map((answer) => context.resolve(answer));
  return { name, input, outputs, nodes: context.nodes, metadata: {}, source: { format: 'tfjs', batch: 'N' } };
}

/** The one Placeholder that the answers depend on; its size must be known. */
function inputOf(
  nodes: readonly GraphDefNode[],
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
function unread(nodes: readonly GraphDefNode[]): readonly string[] {
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
function sorted(nodes: readonly GraphDefNode[], answers: readonly string[]): readonly GraphDefNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const state = new Map<string, 'open' | 'done'>();
  const order: GraphDefNode[] = [];
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

function readNode(node: GraphDefNode, context: GraphContext): void {
  if (node.op === 'Const' || node.op === 'NoOp') return;
  const before = context.nodes.length;
  try {
    const call = new GraphCall(node, context);
    const extents = extentsOf(call);
    if (extents) return void context.extents.set(node.name, extents);
    const convert = graphConverters.get(node.op) ?? cannot(adviceFor(node.op));
    if (!severalValues.has(node.op) && context.valuesOf(node.name).some((value) => value !== node.name))
      cannot('its second value is read, and the studio computes the first alone.');
    const value = convert(call);
    if (value !== node.name) context.alias(node.name, value);
  } catch (error) {
    if (!(error instanceof CannotCompute)) throw error;
    context.keepFirst(before);
    emitUnsupported(node, context, error.message);
  }
}

/** Keeps a node that cannot be computed, one for each of its values that something reads. */
function emitUnsupported(node: GraphDefNode, context: GraphContext, reason: string): void {
  const inputs = node.inputs
    .map((name) => context.resolve(name))
    .filter((value) => context.isComputed(value));
  const root = graphConverters.has(node.op) ? context.blocked.rootOf(inputs) : null;
  const behind = root === null ? {} : { behind: root };
  const operator = { kind: 'unsupported', operator: node.op, reason, ...behind } as const;
  for (const value of context.valuesOf(node.name)) context.emit(value, inputs, operator);
}

/** Whether a model.json describes a graph and not layers. */
export function isGraphModel({ format, modelTopology }: JsonObject): boolean {
  return isObject(modelTopology) && Array.isArray(modelTopology['node']) && format !== 'layers-model';
}
