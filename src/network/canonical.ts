import { utf8ToBytes } from '@noble/hashes/utils.js';
import { contentDigest } from './contentDigest';

/**
 * JSON that two values share exactly where they say the same: keys are sorted, members that are undefined do not
 * count, and numbers that JSON has no word for are written out.
 *
 * @param leaf what stands in the place of a part, or undefined for the part itself
 */
export function canonicalText(value: unknown, leaf: (part: unknown) => unknown = () => undefined): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    const other = leaf(part);
    if (other !== undefined) return other;
    if (typeof part === 'number' && !Number.isFinite(part)) return String(part);
    const isRecord = typeof part === 'object' && part !== null && !Array.isArray(part);
    return isRecord ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part;
  });
}

/** A name for a text, as {@link contentDigest} gives it. */
export function textKey(text: string): string {
  return contentDigest(utf8ToBytes(text));
}

/** A name for what plain data says: two values share it exactly where their canonical JSON is the same. */
export function canonicalKey(value: unknown): string {
  return textKey(canonicalText(value));
}
