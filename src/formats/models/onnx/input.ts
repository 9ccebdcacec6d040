import { fail } from '../../../network/failure';
import type { Shape } from '../../../network/graph';
import { sizedShape, type StatedExtent } from '../inputSize';
import type { ReadOptions } from '../reader';
import { usualAxes } from './axes';
import {
  denotations,
  elementTypeText,
  isFloatType,
  type GraphProto,
  type NodeProto,
  type ValueInfoProto,
} from './schema';

/** The input of a graph as the studio reads it. */
export interface GraphInput {
  readonly name: string;
  /** Ours, batch left out. */
  readonly shape: Shape;
  /** Per axis of the file the axis of ours. */
  readonly axes: readonly number[];
  /** A name for a dynamic batch, or the number that the file fixes. */
  readonly batch: string | number;
}

/**
 * The one input that is no weight: images, channels first or last or without an axis of channels, or a list of
 * features. Its type must be known, and its size from the file or the options.
 *
 * @throws FailureError `unreadable-file`, or `needs-input-size`
 */
export function inputOf(graph: GraphProto, options: ReadOptions): GraphInput {
  const weights = new Set(graph.initializers.map(({ name }) => name));
  const inputs = graph.inputs.filter(({ name }) => !weights.has(name));
  const [input] = inputs;
  if (!input || inputs.length > 1) {
    const names = inputs.map(({ name }) => `"${name}"`).join(', ');
    return fail(
      'unreadable-file',
      `expected a network with one input, found ${inputs.length} ${names && `(${names})`}; export a classifier of images.`,
    );
  }
  return { name: input.name ?? '', ...layoutOf(input, graph, options), batch: batchOf(input) };
}

function layoutOf(input: ValueInfoProto, graph: GraphProto, options: ReadOptions) {
  const place = `input "${input.name}"`;
  const type = input.type?.tensor;
  if (!isFloatType(type?.elementType))
    fail(
      'unreadable-file',
      `${place}: expected floating-point values, found ${elementTypeText(type?.elementType)}; export the network before it is quantised.`,
    );
  const dimensions = type?.shape?.dimensions ?? [];
  const text = `[${dimensions.map(({ value, parameter }) => parameter || (value ?? '?')).join(', ')}]`;
  const stated = dimensions.slice(1).map(({ value }): StatedExtent => (value && value > 0 ? value : null));
  const sized = (height: StatedExtent, width: StatedExtent, channels: StatedExtent) =>
    sizedShape(place, [height, width, channels ?? failOpen(place, text)], text, options);
  const [first = null, second = null, third = null] = stated;
  switch (stated.length) {
    case 1:
      return { shape: [first ?? failOpen(place, text)], axes: usualAxes(1) };
    case 2:
      return { shape: sized(first, second, 1).slice(0, 2), axes: usualAxes(2) };
    case 3:
      return (saysChannelsLast(dimensions) ?? isChannelsLast(input.name ?? '', stated, graph))
        ? { shape: sized(first, second, third), axes: [0, 1, 2] }
        : { shape: sized(second, third, first), axes: usualAxes(3) };
    default:
      return fail(
        'unreadable-file',
        `${place}: expected images ([batch, channels, height, width] or without channels) or [batch, features], found ${text}; export a classifier of images.`,
      );
  }
}

/** Whether the channels come last by what the file says its axes are for; null where it says nothing. */
function saysChannelsLast(
  dimensions: readonly { readonly denotation?: string | undefined }[],
): boolean | null {
  const place = dimensions.findIndex(({ denotation }) => denotation === denotations.channels);
  return place < 0 ? null : place === dimensions.length - 1;
}

function failOpen(place: string, text: string): never {
  return fail(
    'unreadable-file',
    `${place}: expected a fixed number of channels or features, found ${text}; export the network with only batch, height and width dynamic.`,
  );
}

/** A name for a dynamic batch, or the number that the file fixes. */
function batchOf(input: ValueInfoProto): string | number {
  const batch = input.type?.tensor?.shape?.dimensions[0];
  return batch?.parameter || (batch?.value !== undefined && batch.value > 0 ? batch.value : 'N');
}

const toFirst = '0,3,1,2';
/** Operators that read an image channels first. */
const channelsFirst =
  /^(Conv|MaxPool|AveragePool|Global\w+Pool|BatchNormalization|LRN|InstanceNormalization)$/;
/** Operators that leave axes where they are. */
const elementwise = /^(Identity|Cast|Add|Sub|Mul|Div|Clip|Pad|Relu)$/;

/** Fewer rows than this are rather channels. */
const minHeight = 8;

/** Whether a network transposes its images to channels first, or has as few channels at the end as images have. */
function isChannelsLast(name: string, stated: readonly StatedExtent[], graph: GraphProto): boolean {
  const [reader] = firstUses(name, graph.nodes);
  if (reader?.operator === 'Transpose') return permutationOf(reader) === toFirst;
  if (reader && channelsFirst.test(reader.operator ?? '')) return false;
  const [height = null, , channels = null] = stated;
  return (channels === 1 || channels === 3) && (height === null || height >= minHeight);
}

function permutationOf({ attributes }: NodeProto): string {
  return attributes.find(({ name }) => name === 'perm')?.integers.join() ?? '';
}

/** The nodes at which a value arrives first, past those that leave its axes where they are. */
function firstUses(name: string, nodes: readonly NodeProto[]): readonly NodeProto[] {
  const values = new Set([name]);
  const readers: NodeProto[] = [];
  for (const node of nodes) {
    if (!node.inputs.some((value) => values.has(value)) || node.operator === 'Shape') continue;
    if (elementwise.test(node.operator ?? '')) node.outputs.forEach((value) => values.add(value));
    else readers.push(node);
  }
  return readers;
}
