import type { BatchNorm, GraphNode, Network, Operator } from './graph';
import type { ChannelOrder, Preprocessing } from './images';
import { inputChannels } from './inputImage';

/** Values that a network reads: bytes as they are, or spread over 0 to 1 or −1 to 1. */
export type InputRange = 'raw' | 'zero-to-one' | 'minus-one-to-one';

/** What a network does to its input before anything else: y = factor · x + offset, per channel. */
export interface InputScaling {
  readonly factor: readonly number[];
  readonly offset: readonly number[];
  /** Names of the nodes that do it. */
  readonly nodes: readonly string[];
  /** What values it expects; null where its numbers do not tell. */
  readonly range: InputRange | null;
}

/** How pixels become each range, of one number for all channels. */
const rangePreprocessing: Readonly<Record<InputRange, Pick<Preprocessing, 'mean' | 'scale'>>> = {
  raw: { mean: [0], scale: [1] },
  'zero-to-one': { mean: [0], scale: [1 / 255] },
  'minus-one-to-one': { mean: [127.5], scale: [1 / 127.5] },
};

const ranges: readonly { readonly range: InputRange; readonly from: number; readonly to: number }[] = [
  { range: 'raw', from: 0, to: 255 },
  { range: 'zero-to-one', from: 0, to: 1 },
  { range: 'minus-one-to-one', from: -1, to: 1 },
];

/** A file may state any number of channels, and there is a list for each. */
const mostChannels = 1024;

/**
 * Which affine map the input goes through before the first layer: sums, differences, products and quotients with
 * constants, and batch norm, whose running statistics say what the network saw when it was trained.
 *
 * @returns null where there is none, or where the input has more channels than any image
 */
export function inputScaling(network: Network): InputScaling | null {
  const channels = inputChannels(network.input.shape);
  if (channels > mostChannels) return null;
  const constants = constantsOf(network);
  let map: Affine = { factor: filled(channels, 1), offset: filled(channels, 0) };
  const nodes: string[] = [];
  for (let node = onlyReader(network, network.input.name); node; node = onlyReader(network, node.output)) {
    const step = stepOf(node, constants, channels);
    if (!step) break;
    if (step === 'passes') continue;
    nodes.push(node.name);
    map = then(map, step);
    // What batch norm learned to make of its statistics says nothing about the input.
    if (node.operator.kind === 'batchNorm') break;
  }
  const isNone = map.factor.every((factor) => factor === 1) && map.offset.every((offset) => offset === 0);
  return isNone ? null : { ...map, nodes, range: rangeOf(map) };
}

/**
 * The preprocessing that leaves a network's scaling to the network; null where its numbers do not tell what it
 * expects. Three means of which the first is the least are those of blue, green and red.
 */
export function preprocessingFor(scaling: InputScaling, channels: number): Preprocessing | null {
  if (!scaling.range) return null;
  return { channels: orderOf(scaling, channels), ...rangePreprocessing[scaling.range] };
}

/** "x · 0.003922 − 1": the map for a person, its mean over the channels. */
export function scalingText({ factor, offset }: Pick<InputScaling, 'factor' | 'offset'>): string {
  const [scale, shift] = [meanOf(factor), meanOf(offset)];
  const text = (value: number) => String(Number(value.toPrecision(4)));
  const product = scale === 1 ? 'x' : `x · ${text(scale)}`;
  return shift === 0 ? product : `${product} ${shift < 0 ? '−' : '+'} ${text(Math.abs(shift))}`;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** What each range is called. */
export const rangeTexts: Readonly<Record<InputRange, string>> = {
  raw: '0 to 255',
  'zero-to-one': '0 to 1',
  'minus-one-to-one': '−1 to 1',
};

/** Natural images are brighter in red than in blue, and their means differ by an eighth or more. */
const meansDiffer = 1.08;

function orderOf({ factor, offset }: InputScaling, channels: number): ChannelOrder {
  if (channels !== 3) return channels === 1 ? 'grey' : 'rgb';
  const [first = 0, , last = 0] = factor.map((own, channel) => -offset[channel]! / own);
  return first > 0 && last > meansDiffer * first ? 'bgr' : 'rgb';
}

interface Affine {
  readonly factor: readonly number[];
  readonly offset: readonly number[];
}

const filled = (count: number, value: number) => Array<number>(count).fill(value);

function then(first: Affine, second: Affine): Affine {
  return {
    factor: first.factor.map((factor, channel) => factor * second.factor[channel]!),
    offset: first.offset.map((offset, channel) => offset * second.factor[channel]! + second.offset[channel]!),
  };
}

function constantsOf({ nodes }: Network): ReadonlyMap<string, Operator & { readonly kind: 'constant' }> {
  return new Map(
    nodes.flatMap(({ output, operator }) =>
      operator.kind === 'constant' ? [[output, operator] as const] : [],
    ),
  );
}

/** The node that reads a value, where no other does and it is no answer of the network. */
function onlyReader({ nodes, outputs }: Network, value: string): GraphNode | undefined {
  const readers = nodes.filter(({ inputs }) => inputs.includes(value));
  return readers.length === 1 && !outputs.includes(value) ? readers[0] : undefined;
}

type Constants = ReturnType<typeof constantsOf>;

/** What a node does to each channel; null where that is no affine map. */
function stepOf(
  { inputs, operator }: GraphNode,
  constants: Constants,
  channels: number,
): Affine | 'passes' | null {
  const { kind } = operator;
  if (kind === 'identity') return 'passes';
  if (kind === 'batchNorm') return operator.mean.length === channels ? normalising(operator) : null;
  if (kind === 'add' || kind === 'multiply' || kind === 'elementwise')
    return combining(operator, inputs, constants, channels);
  return null;
}

function normalising({ mean, variance, epsilon }: BatchNorm): Affine {
  const factor = Array.from(variance, (value) => 1 / Math.sqrt(value + epsilon));
  return { factor, offset: factor.map((own, channel) => -mean[channel]! * own) };
}

function combining(
  operator: Operator & { readonly kind: 'add' | 'multiply' | 'elementwise' },
  inputs: readonly string[],
  constants: Constants,
  channels: number,
): Affine | null {
  const [one, other, ...more] = inputs;
  const left = constants.get(one ?? '');
  const right = constants.get(other ?? '');
  const constant = left ?? right;
  if (!constant || more.length > 0) return null;
  const values = perChannel(constant.value, channels);
  const kind = operator.kind === 'elementwise' ? operator.function : operator.kind;
  const ones = filled(channels, 1);
  const none = filled(channels, 0);
  switch (kind) {
    case 'add':
      return { factor: ones, offset: values };
    case 'multiply':
      return { factor: values, offset: none };
    case 'subtract':
      return left
        ? { factor: filled(channels, -1), offset: values }
        : { factor: ones, offset: values.map((value) => -value) };
    case 'divide':
      return left ? null : { factor: values.map((value) => 1 / value), offset: none };
    case 'power':
    case 'maximum':
    case 'minimum':
      return null;
  }
}

/** The mean of a constant over all positions, for every channel. */
function perChannel(
  { shape, data }: { shape: readonly number[]; data: Float32Array },
  channels: number,
): number[] {
  const own = shape.at(-1) === channels ? channels : 1;
  const sums = filled(own, 0);
  data.forEach((value, index) => (sums[index % own]! += value));
  return Array.from({ length: channels }, (_, channel) => (sums[channel % own]! * own) / data.length);
}

/** How wide the values may lie that layers are trained on: some units, or the pixels' own. */
const usualWidths: readonly (readonly [number, number])[] = [
  [0.8, 8],
  [200, 300],
];

/** How far from the middle of the values zero may lie, as a share of their width: a little outside of them. */
const usualShift = 0.75;

/** Of the ranges that the map takes to values of a usual width, the one whose middle it takes nearest to zero. */
function rangeOf({ factor, offset }: Affine): InputRange | null {
  const [scale, shift] = [meanOf(factor), meanOf(offset)];
  const taken = ranges.map(({ range, from, to }) => {
    const width = Math.abs(scale) * (to - from);
    return { range, width, off: Math.abs((scale * (from + to)) / 2 + shift) / width };
  });
  for (const [least, most] of usualWidths) {
    const usual = taken.filter(({ width, off }) => width >= least && width <= most && off <= usualShift);
    const [best] = usual.toSorted((a, b) => a.off - b.off);
    if (best) return best.range;
  }
  return null;
}
