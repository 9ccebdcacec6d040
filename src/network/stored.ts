import { floatToHalf, halfToFloat, roundToEven } from './half';
import { greatest, least } from '../linalg/extremes';
import type { Stored, StoredHalves, StoredIntegers, Tensor } from './tensor';

/** A tensor with a form of fewer bits. */
export type StoredTensor<Form extends Stored = Stored> = Tensor & { readonly stored: Form };

/** Greatest of the symmetric levels of int8: −127 to 127, so that they lie evenly around zero. */
const maxLevel = 127;

/** A tensor of the numbers that whole numbers stand for, and those. */
export function storedIntegers(
  shape: readonly number[],
  stored: StoredIntegers,
): StoredTensor<StoredIntegers> {
  const { values, scales, zeroPoint } = stored;
  const count = scales.length;
  const data = Float32Array.from(values, (value, index) => (value - zeroPoint) * scales[index % count]);
  return { shape, data, stored };
}

/**
 * A tensor rounded to half precision.
 *
 * @returns null where a number is too large for it
 */
export function asHalves({ shape, data }: Tensor): StoredTensor<StoredHalves> | null {
  const values = Uint16Array.from(data, floatToHalf);
  const rounded = Float32Array.from(values, halfToFloat);
  if (!rounded.every((value) => Number.isFinite(value))) return null;
  return { shape, data: rounded, stored: { type: 'float16', values } };
}

/**
 * Per position of a tensor's last axis, the scale at which its greatest number is the last symmetric level. Channels
 * that are next to nothing beside the others get a scale that is not: what biases are rounded to is a multiple of it,
 * and would not fit into 32 bits.
 */
export function symmetricScales({ shape, data }: Tensor): Float32Array {
  const channels = shape.at(-1) ?? 1;
  const peaks = new Float32Array(channels);
  data.forEach((value, index) => {
    peaks[index % channels] = Math.max(peaks[index % channels], Math.abs(value));
  });
  const floor = usableScale((leastShare * greatest(peaks)) / maxLevel);
  return peaks.map((peak) => Math.max(floor, peak / maxLevel));
}

/** Of the greatest channel's scale. */
const leastShare = 2 ** -12;
/** Of smaller ones not every processor knows all digits. */
const leastScale = 2 ** -126;

function usableScale(scale: number): number {
  return scale >= leastScale ? Math.fround(scale) : 1;
}

/** The level of a number: the nearest one, −127 to 127. */
export function levelOf(value: number, scale: number): number {
  return Math.max(-maxLevel, Math.min(maxLevel, roundToEven(value / scale)));
}

/** A tensor in int8, symmetric and with a scale for each position of its last axis, each number rounded by itself. */
export function asSigned(tensor: Tensor, scales = symmetricScales(tensor)): StoredTensor<StoredIntegers> {
  const values = Int8Array.from(tensor.data, (value, index) => levelOf(value, scales[index % scales.length]));
  return storedIntegers(tensor.shape, { type: 'int8', values, scales, zeroPoint: 0 });
}

/** A tensor in unsigned whole numbers with one scale for all, from its least number to its greatest; zero is exact. */
export function asUnsigned(tensor: Tensor, type: 'uint8' | 'uint16'): StoredTensor<StoredIntegers> {
  const last = type === 'uint8' ? 255 : 65535;
  const [low, high] = [Math.min(0, least(tensor.data)), Math.max(0, greatest(tensor.data))];
  const scale = usableScale((high - low) / last);
  const zeroPoint = Math.min(last, roundToEven((0 - low) / scale));
  const levels = Array.from(tensor.data, (value) =>
    Math.max(0, Math.min(last, roundToEven(value / scale) + zeroPoint)),
  );
  const values = type === 'uint8' ? Uint8Array.from(levels) : Uint16Array.from(levels);
  return storedIntegers(tensor.shape, { type, values, scales: Float32Array.of(scale), zeroPoint });
}

/** The levels of a byte. */
export function levelRange(type: 'uint8' | 'int8'): { readonly lowest: number; readonly highest: number } {
  return type === 'uint8' ? { lowest: 0, highest: 255 } : { lowest: -128, highest: 127 };
}

/** Bytes that a tensor's numbers take in a file that knows its form, scales included. */
export function storedBytes({ data, stored }: Tensor): number {
  if (!stored) return data.byteLength;
  return stored.values.byteLength + ('scales' in stored ? stored.scales.byteLength : 0);
}
