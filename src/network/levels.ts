import { roundToEven } from './half';
import type { GraphNode, Network, Quantise } from './graph';

const moving: ReadonlySet<string> = new Set([
  'flatten',
  'reshape',
  'transpose',
  'slice',
  'gather',
  'identity',
]);

/** Whether an operator's values are among those that it reads, or zeros: levels stay levels. */
export function movesValues({ operator }: GraphNode): boolean {
  if (operator.kind === 'pool' || operator.kind === 'globalPool') return operator.reduce === 'max';
  return operator.kind === 'pad' ? operator.value === 0 : moving.has(operator.kind);
}

/**
 * The values of a network that hold nothing but levels, by name, with the rounding that made them so: what it writes,
 * and what only moves from there.
 */
export function levelledValues({ nodes }: Network): ReadonlyMap<string, Quantise> {
  const levels = new Map<string, Quantise>();
  for (const node of nodes) {
    const { operator, inputs, output } = node;
    if (operator.kind === 'quantise') levels.set(output, operator);
    else if (movesValues(node)) {
      const known = levels.get(inputs[0] ?? '');
      if (known) levels.set(output, known);
    }
  }
  return levels;
}

/** A bias in whole numbers, and what one of each is worth. */
export interface BiasLevels {
  readonly values: Int32Array;
  /** One per output channel. */
  readonly scales: Float32Array;
}

/** Levels of a bias are whole numbers of 32 bits. */
const greatestLevel = 2 ** 31 - 1;

/**
 * The bias of a layer that runtimes compute in whole numbers, rounded to what they add up in: multiples of the scales
 * of input and kernel.
 *
 * @param scales of the kernel, one or one per output channel
 * @returns null where a level would not fit into 32 bits
 */
export function roundedBias(bias: Float32Array, inputScale: number, scales: Float32Array): BiasLevels | null {
  const worth = Float32Array.from(bias, (_, channel) => inputScale * scales[channel % scales.length]);
  const levels = Array.from(bias, (value, channel) => roundToEven(value / worth[channel]));
  if (levels.some((level) => !(Math.abs(level) <= greatestLevel))) return null;
  return { values: Int32Array.from(levels), scales: worth };
}

/** The numbers that a bias in whole numbers stands for. */
export function biasOf({ values, scales }: BiasLevels): Float32Array {
  return Float32Array.from(values, (level, channel) => level * scales[channel]);
}

/** The levels of a bias that stands on them already; null for any other. */
export function biasLevels(bias: Float32Array, inputScale: number, scales: Float32Array): BiasLevels | null {
  const levels = roundedBias(bias, inputScale, scales);
  return levels && biasOf(levels).every((value, channel) => value === bias[channel]) ? levels : null;
}
