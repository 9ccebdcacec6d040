import { FailureError, fail } from '../../../network/failure';
import type { GraphNode, Network } from '../../../network/graph';
import { baseName, stem, type NamedFile } from '../../file';
import { requireFewNodes } from '../../limits';
import { CannotCompute, cannot } from '../onnx/context';
import type { ReadOptions } from '../reader';
import { MalformedMessage, decodeMessage } from '../protobuf';
import { blobOf, type Blob } from './blobs';
import { CaffeContext } from './context';
import { inputOf, suggestedPreprocessing } from './input';
import { CaffeLayer } from './layer';
import { isData, isForTraining, isInTest, layersOf } from './net';
import { flooredPools } from './flooredPools';
import { converters } from './operators';
import { adviceFor } from './operators/unknown';
import { netSchema, type NetMessage } from './schema';
import { messageOf } from './text/message';
import { parseText } from './text/parse';

/**
 * Reads a net from its two files: the prototxt says how layers are connected, the caffemodel holds their
 * weights. A net for training is read as it is tested: data layers become the input, losses and accuracies
 * are left out, and so are the branches that only they read. Layers that the studio cannot compute become
 * `unsupported` nodes with the reason, which is no failure here.
 *
 * @param options size of the images, for nets that do not say it
 * @throws FailureError `unreadable-file` with a sentence that names the file and what is wrong with it
 */
export function readCaffe(prototxt: NamedFile, caffemodel: NamedFile, options: ReadOptions = {}): Network {
  const weights = inFile(caffemodel, () => weightsByLayer(decodeNet(caffemodel)));
  return inFile(prototxt, () => networkOf(parseNet(prototxt), weights, stem(prototxt.name), options));
}

/** The net that a prototxt describes. */
export function parseNet({ bytes }: NamedFile): NetMessage {
  return messageOf(netSchema, parseText(new TextDecoder().decode(bytes)));
}

function decodeNet({ bytes }: NamedFile): NetMessage {
  try {
    return decodeMessage(netSchema, bytes, 'net');
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
    const advice = 'the file seems to be cut off or damaged; download it again.';
    return fail(
      'unreadable-file',
      `expected the weights of a Caffe net, but at ${error.where} ${error.problem}; ${advice}`,
    );
  }
}

/** Runs a step and puts the file's name before its failure. */
function inFile<T>({ name }: NamedFile, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    throw new FailureError(error.code, `${baseName(name)}: ${error.message}`);
  }
}

type WeightsOf = (layer: string) => readonly Blob[] | null;

function weightsByLayer(net: NetMessage): WeightsOf {
  const weights = new Map(layersOf(net).map(({ name, blobs }) => [name ?? '', blobs.map(blobOf)]));
  return (layer) => weights.get(layer) ?? null;
}

function networkOf(net: NetMessage, weightsOf: WeightsOf, name: string, options: ReadOptions): Network {
  const input = inputOf(net, weightsOf, options);
  const context = new CaffeContext(weightsOf);
  context.begin(input.name, input.shape);
  const layers = layersOf(net).filter((layer) => isInTest(layer) && !isData(layer));
  requireFewNodes(layers.length, 'layers');
  const silenced = new Set<string>();
  for (const layer of layers) {
    if (layer.type === 'Silence') layer.bottom.forEach((blob) => silenced.add(context.value(blob)));
    else if (!isForTraining(layer)) readLayer(new CaffeLayer(layer, context));
  }
  const output = lastUnread(context.nodes, silenced);
  const preprocessing = suggestedPreprocessing(net, input.shape.at(-1)!);
  return {
    name: net.name ?? name,
    input: { name: input.name, shape: input.shape },
    outputs: [output],
    nodes: flooredPools(leadingTo(output, context.nodes), context.shapes),
    metadata: {},
    source: { format: 'caffe', batch: input.batch },
    ...(preprocessing ? { preprocessing } : {}),
  };
}

function readLayer(layer: CaffeLayer): void {
  try {
    const convert = converters.get(layer.type) ?? cannot(adviceFor(layer.type));
    convert(layer);
  } catch (error) {
    if (!(error instanceof CannotCompute)) throw error;
    keepUnsupported(layer, error.message);
  }
}

function keepUnsupported({ context, inputs, message, name, type }: CaffeLayer, reason: string): void {
  const root = converters.has(type) ? context.blocked.rootOf(inputs) : null;
  const behind = root === null ? {} : { behind: root };
  const operator = { kind: 'unsupported', operator: type, reason, ...behind } as const;
  for (const blob of message.top) context.emit(name, blob, inputs, operator);
}

/** The answer: what the last layer writes that no other reads. Earlier ones are heads that only training needs. */
function lastUnread(nodes: readonly GraphNode[], silenced: ReadonlySet<string>): string {
  const read = new Set([...silenced, ...nodes.flatMap(({ inputs }) => inputs)]);
  const last = nodes.findLast(({ output }) => !read.has(output));
  return (
    last?.output ??
    fail('unreadable-file', 'expected layers that compute something, found none; open the deploy prototxt.')
  );
}

function leadingTo(output: string, nodes: readonly GraphNode[]): readonly GraphNode[] {
  const needed = new Set([output]);
  const kept = nodes.toReversed().filter((node) => {
    if (!needed.has(node.output)) return false;
    for (const value of node.inputs) needed.add(value);
    return true;
  });
  return kept.toReversed();
}
