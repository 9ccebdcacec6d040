/** Values of an array that black and white stand for; values beyond are taken for these. */
export interface ValueRange {
  readonly from: number;
  readonly to: number;
}

/** What the values of an array mean: pixels between two ends, or numbers that the network takes as they stand. */
export type PixelRange = ValueRange | 'as-is';

/** How the values of an array were read. */
export interface PixelRangeNote {
  readonly range: PixelRange;
  /** Whether a person said so; else their distribution did. */
  readonly isChosen: boolean;
  /** The least and the greatest value. */
  readonly found: ValueRange;
  /** Values beyond the range, which were taken for its ends. */
  readonly clipped: number;
}

/** Which part of a set of several parts was read. */
export interface SubsetNote {
  /** `test`, `val` or `train`. */
  readonly name: string;
  /** The other parts that the files hold. */
  readonly others: readonly string[];
  /** Whether a person said so. */
  readonly isChosen: boolean;
}

/** What a person may decide about how files of images are read; what is absent or `auto` the files decide. */
export interface Reading {
  /** What {@link isRangeChoice} takes. */
  readonly pixelRange?: string;
  /** `test`, `val` or `train`, where the files hold several parts. */
  readonly subset?: string;
}

/** Parts of a set that may be chosen. */
export const subsetChoices = ['auto', 'test', 'val', 'train'] as const;

/** Ranges that are offered; others may be typed. */
export const rangeChoices: readonly string[] = ['auto', '0..1', '0..255', '-1..1', 'as-is'];

/** Whether a text says a range of pixels: `auto`, `as-is`, or two numbers like `0..4095`, the smaller first. */
export function isRangeChoice(text: string): boolean {
  return text === 'auto' || parseRange(text) !== null;
}

/** The range that a text says; null for `auto` and for what is no range. */
export function parseRange(text: string): PixelRange | null {
  if (text === 'as-is') return text;
  const [, first, second] = /^(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)$/.exec(text) ?? [];
  const [from, to] = [Number(first), Number(second)];
  return from < to ? { from, to } : null;
}

/** `0..1`, `as-is`: what {@link parseRange} reads. */
export function rangeText(range: PixelRange): string {
  return range === 'as-is' ? range : `${range.from}..${range.to}`;
}
