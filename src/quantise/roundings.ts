import { movesValues } from '../network/levels';
import { roundToEven } from '../network/half';
import { least } from '../linalg/extremes';
import type { GraphNode, Network, Quantise } from '../network/graph';
import { onlyReaders } from './foldNorms';
import type { Range } from './ranges';
import { isBounding } from './values';

/** Scales below this are no float32 that every processor knows. */
const leastScale = 2 ** -126;

/** Steps of the unit in the least of the scales that are made multiples of it: they grow by a hundredth at most. */
const leastSteps = 128;

/** The scale that spreads a byte's levels over a range. */
function scaleOf({ low, high }: Range): number {
  const spread = Math.fround((high - low) / 255);
  return spread >= leastScale ? spread : 1;
}

/** The rounding to a byte's levels over a range with zero in it, which stays exact. */
export function roundingOf(range: Range, scale = scaleOf(range)): Quantise {
  const zeroPoint = Math.min(255, roundToEven((0 - range.low) / scale));
  return { kind: 'quantise', type: 'uint8', scale, zeroPoint };
}

/**
 * The roundings of values with these ranges.
 *
 * Runtimes add levels in arithmetic of their own: floating point here, whole numbers with multipliers of 20 bits there.
 * So that all of them find the same levels, the scales of what sums read and make are odd multiples of one power of
 * two. A sum is a whole number of units then, which over an odd one never lies in the middle between two levels, nor
 * as near to it as such arithmetic errs.
 */
export function roundingsOf(
  network: Network,
  ranges: ReadonlyMap<string, Range>,
): ReadonlyMap<string, Quantise> {
  const summed = valuesOfSums(network, ranges);
  const scales = Array.from(summed, (value) => scaleOf(ranges.get(value)!));
  const unit = 2 ** Math.floor(Math.log2(least(scales) / leastSteps));
  const aligned = (range: Range) => oddAbove(scaleOf(range) / unit) * unit;
  return new Map(
    Array.from(ranges, ([value, range]) => [
      value,
      summed.has(value) ? roundingOf(range, aligned(range)) : roundingOf(range),
    ]),
  );
}

/** The least odd number that is no smaller. */
function oddAbove(number: number): number {
  return 2 * Math.ceil((number - 1) / 2) + 1;
}

/** The rounded values that sums of two read, or that are made of such sums. */
function valuesOfSums(network: Network, ranges: ReadonlyMap<string, Range>): ReadonlySet<string> {
  const makers = new Map(network.nodes.map((node) => [node.output, node]));
  const only = onlyReaders(network);
  const summed = new Set<string>();
  const note = (value: string) => ranges.has(value) && summed.add(value);
  for (const { operator, inputs, output } of network.nodes) {
    if (operator.kind !== 'add' || inputs.length !== 2) continue;
    for (const input of inputs) note(sourceOf(input, makers, ranges));
    const next = only(output);
    note(next && isBounding(next) ? next.output : output);
  }
  return summed;
}

/** The value whose levels another one holds: where nothing but moving lies between the two. */
function sourceOf(
  value: string,
  makers: ReadonlyMap<string, GraphNode>,
  ranges: ReadonlyMap<string, Range>,
): string {
  let source = value;
  for (let maker = makers.get(source); maker && !ranges.has(source); maker = makers.get(source)) {
    const [input] = maker.inputs;
    if (!movesValues(maker) || input === undefined) break;
    source = input;
  }
  return source;
}
