import { fail } from '../../network/failure';
import { parseRange, rangeText, type PixelRange, type PixelRangeNote } from '../../network/reading';
import type { NumpyArray } from './npy';

/** Values that were read as pixels: bytes, or, taken as they stand, numbers. */
export interface RangedValues {
  readonly values: Uint8Array | Float32Array;
  readonly note: PixelRangeNote;
}

/** Greatest values of images of 8 bits and more: sensors give 10, 12 or 14 bits, kept in 16. */
const depths = [255, 1023, 4095, 16_383, 65_535] as const;

/** Resampling overshoots sharp edges: by up to a third for the usual kernels, hardly ever by more than this. */
const overshoot = 1.5;
/** A smaller share of values than this says nothing about the others: hot pixels and faults. */
const stray = 1e-3;
/** Images from −1 to 1 reach this at either end, and those that were shifted by a half do not. */
const nearlyOne = 0.75;
/** Fractions that stay below this are no pixels from 0 to 255 but features: spectrograms, standardised images. */
const feature = 16;

/**
 * Pixels of an array. Which values are black and white is told by the distribution of all values and not by the
 * greatest one: resampled images leave their range a little at every sharp edge.
 *
 * @param choice what a person said, see `Reading`
 * @throws FailureError `invalid-images` where there are values that are no numbers, or that fit no range
 */
export function withinRange(array: NumpyArray, choice = 'auto'): RangedValues {
  const tally = tallyOf(array);
  const found = { from: tally.min, to: tally.max };
  const chosen = parseRange(choice);
  const range = chosen ?? guessed(array, tally) ?? failRange(array.name, tally);
  const isChosen = chosen !== null;
  const { values } = array;
  if (range === 'as-is')
    return { values: Float32Array.from(values), note: { range, isChosen, found, clipped: 0 } };
  const bytes = new Uint8Array(values.length);
  const scale = 255 / (range.to - range.from);
  let clipped = 0;
  for (let index = 0; index < bytes.length; index++) {
    const value = values[index]!;
    if (value < range.from || value > range.to) clipped++;
    bytes[index] = Math.round(Math.min(255, Math.max(0, (value - range.from) * scale)));
  }
  return { values: bytes, note: { range, isChosen, found, clipped } };
}

/** Above which values are counted, in ascending order. */
const limits = [nearlyOne, overshoot, feature, ...depths.map((depth) => depth * overshoot)];

interface Tally {
  readonly min: number;
  readonly max: number;
  readonly isWhole: boolean;
  /** Share of the values strictly between 0 and 1. */
  readonly fractions: number;
  /** Share of the values above one of the {@link limits}. */
  readonly above: (limit: number) => number;
  /** Share of the values below any number. */
  readonly below: (limit: number) => number;
}

function tallyOf({ name, values, shape }: NumpyArray): Tally {
  const counts = new Float64Array(limits.length + 1);
  let [min, max, isWhole, fractions] = [Infinity, -Infinity, true, 0];
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (!Number.isFinite(value)) failNumber(name, value, Math.floor((index * shape[0]!) / values.length));
    if (value < min) min = value;
    if (value > max) max = value;
    if (isWhole && !Number.isInteger(value)) isWhole = false;
    if (value > 0 && value < 1) fractions++;
    let place = 0;
    while (place < limits.length && value > limits[place]!) place++;
    counts[place]!++;
  }
  const above = (limit: number) =>
    counts.subarray(limits.indexOf(limit) + 1).reduce((sum, count) => sum + count, 0) / values.length;
  const below = (limit: number) => shareBelow(values, limit);
  return { min, max, isWhole, fractions: fractions / values.length, above, below };
}

function shareBelow(values: ArrayLike<number>, limit: number): number {
  let count = 0;
  for (let index = 0; index < values.length; index++) if (values[index]! < limit) count++;
  return count / values.length;
}

/** null where values fit no range. */
function guessed({ type }: NumpyArray, tally: Tally): PixelRange | null {
  const { isWhole, min, max } = tally;
  // Nothing but 0 and 1 is black and white.
  if (type === 'b1' || (isWhole && min >= 0 && max === 1)) return { from: 0, to: 1 };
  if (type === 'i1' && min < 0) return { from: -128, to: 127 };
  if (!isWhole && isUnitRange(tally)) return ofUnit(tally);
  if (!isWhole && tally.above(feature) <= stray && max <= feature * overshoot) return 'as-is';
  const depth = depths.find((greatest) => tally.above(greatest * overshoot) <= stray);
  if (depth === undefined) return null;
  return isSigned(tally, depth) ? 'as-is' : { from: 0, to: depth };
}

/** Whether no values reach further than 1, but for overshoot and strays. */
function isUnitRange({ max, above, fractions }: Tally): boolean {
  if (max <= overshoot) return true;
  // Dark images from 0 to 255 with few bright spots have few fractions.
  return above(overshoot) <= stray && fractions >= 10 * above(overshoot);
}

function ofUnit(tally: Tally): PixelRange {
  if (!isSigned(tally, 1)) return { from: 0, to: 1 };
  const isWide = tally.below(-nearlyOne) + tally.above(nearlyOne) > 5 * stray;
  return isWide && tally.below(-overshoot) <= stray ? { from: -1, to: 1 } : 'as-is';
}

/** Whether there is more below zero than overshoot leaves there. */
function isSigned({ min, below }: Tally, scale: number): boolean {
  return min < 0 && (below(-0.25 * scale) > 5 * stray || below(-0.1 * scale) > 0.05);
}

function failNumber(name: string, value: number, image: number): never {
  fail(
    'invalid-images',
    `${name}: expected numbers as pixels, found ${value} in image ${image}; replace it before the array is saved.`,
  );
}

function failRange(name: string, { min, max }: Tally): never {
  const known = ['0..1', ...depths.map((to) => rangeText({ from: 0, to })), '-1..1'].join(', ');
  fail(
    'invalid-images',
    `${name}: expected pixels in one of the ranges ${known}, found ${min} to ${max}; say the range, as two numbers or as-is, by --pixel-range or beside the images.`,
  );
}
